#include "crypto/merkle_tree.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/errors.h"
#include "crypto/secret.h"

namespace frank::crypto {
namespace {

constexpr uint8_t kLeafPrefix[] = {0x00};
constexpr uint8_t kNodePrefix[] = {0x01};

absl::Status WrongProofLength() {
  return FieldError("proof", "must be as long as RFC 9162 makes it");
}

// How often `value` can be halved without remainder.
size_t TrailingZeros(uint64_t value) {
  size_t zeros = 0;
  while (value % 2 == 0) {
    value /= 2;
    ++zeros;
  }
  return zeros;
}

// The length of PROOF(old_size, D_new_size), 0 < old_size < new_size: the path
// of the last node that old_size completes, and that node unless it is the old
// root itself.
size_t ConsistencyProofLength(uint64_t old_size, uint64_t new_size) {
  size_t level = TrailingZeros(old_size);
  uint64_t node = (old_size - 1) >> level;
  uint64_t last = (new_size - 1) >> level;
  size_t path = InclusionProofLength(node, last + 1);
  return node == 0 ? path : path + 1;
}

}  // namespace

MerkleHash HashLeaf(std::initializer_list<ByteSpan> entry) {
  Sha256Hasher hasher;
  hasher.Update(kLeafPrefix);
  for (ByteSpan piece : entry) hasher.Update(piece);
  return hasher.Finish();
}

MerkleHash HashNode(ByteSpan left, ByteSpan right) {
  return Sha256({kNodePrefix, left, right});
}

MerkleHash MerkleRoot(absl::Span<const ByteSpan> entries) {
  std::vector<MerkleHash> leaves;
  leaves.reserve(entries.size());
  for (ByteSpan entry : entries) leaves.push_back(HashLeaf({entry}));
  return MerkleTree(std::move(leaves)).Root();
}

MerkleTree::MerkleTree(std::vector<MerkleHash> leaves) {
  levels_.push_back(std::move(leaves));
  while (levels_.back().size() > 1) {
    const std::vector<MerkleHash>& below = levels_.back();
    std::vector<MerkleHash> level;
    level.reserve((below.size() + 1) / 2);
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(HashNode(below[i], below[i + 1]));
    }
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels_.push_back(std::move(level));
  }
}

MerkleHash MerkleTree::Root() const {
  if (size() == 0) return Sha256({});
  return levels_.back().front();
}

MerkleProof MerkleTree::InclusionProof(uint64_t index) const {
  FRANK_CHECK(index < size());
  MerkleProof proof;
  proof.reserve(levels_.size() - 1);
  for (size_t k = 0; k + 1 < levels_.size(); ++k, index /= 2) {
    uint64_t sibling = index ^ 1;
    if (sibling < levels_[k].size()) proof.push_back(levels_[k][sibling]);
  }
  return proof;
}

MerkleProof MerkleTree::ConsistencyProof(uint64_t old_size) const {
  FRANK_CHECK(old_size <= size());
  MerkleProof proof;
  if (old_size == 0 || old_size == size()) return proof;
  size_t level = TrailingZeros(old_size);
  uint64_t node = (old_size - 1) >> level;
  if (node != 0) proof.push_back(levels_[level][node]);
  for (size_t k = level; k + 1 < levels_.size(); ++k, node /= 2) {
    uint64_t sibling = node ^ 1;
    if (sibling < levels_[k].size()) proof.push_back(levels_[k][sibling]);
  }
  return proof;
}

size_t InclusionProofLength(uint64_t index, uint64_t size) {
  FRANK_CHECK(index < size);
  size_t length = 0;
  for (uint64_t last = size - 1; last > 0; last /= 2, index /= 2) {
    if ((index ^ 1) <= last) ++length;
  }
  return length;
}

absl::StatusOr<MerkleProof> ParseMerkleProof(absl::string_view field,
                                             absl::Span<const ByteSpan> nodes) {
  MerkleProof proof;
  proof.reserve(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].size() != sizeof(MerkleHash)) {
      return FieldError(absl::StrCat(field, "[", i, "]"), "must be 32 bytes");
    }
    proof.push_back(ToArray<32>(nodes[i]));
  }
  return proof;
}

absl::StatusOr<MerkleHash> RootFromInclusionProof(
    const MerkleHash& leaf, uint64_t index, uint64_t size,
    absl::Span<const MerkleHash> proof) {
  if (index >= size) return FieldError("index", "must be below the size");
  if (proof.size() != InclusionProofLength(index, size)) {
    return WrongProofLength();
  }
  MerkleHash hash = leaf;
  size_t used = 0;
  for (uint64_t last = size - 1; last > 0; last /= 2, index /= 2) {
    if ((index ^ 1) > last) continue;
    const MerkleHash& sibling = proof[used++];
    hash = index % 2 == 1 ? HashNode(sibling, hash) : HashNode(hash, sibling);
  }
  return hash;
}

absl::Status VerifyInclusion(ByteSpan entry, uint64_t index, uint64_t size,
                             ByteSpan root,
                             absl::Span<const MerkleHash> proof) {
  FRANK_ASSIGN_OR_RETURN(
      MerkleHash computed,
      RootFromInclusionProof(HashLeaf({entry}), index, size, proof));
  if (!ConstantTimeEquals(computed, root)) return Unauthenticated();
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size,
                               ByteSpan old_root, ByteSpan new_root,
                               absl::Span<const MerkleHash> proof) {
  if (old_size > new_size) {
    return FieldError("old_size", "must not be above the new size");
  }
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return WrongProofLength();
    ByteSpan expected = old_size == new_size ? new_root : old_root;
    if (old_size == 0 && !ConstantTimeEquals(old_root, Sha256({}))) {
      return Unauthenticated();
    }
    return ConstantTimeEquals(old_root, expected) ? absl::OkStatus()
                                                  : Unauthenticated();
  }
  if (proof.size() != ConsistencyProofLength(old_size, new_size)) {
    return WrongProofLength();
  }
  size_t level = TrailingZeros(old_size);
  uint64_t node = (old_size - 1) >> level;
  uint64_t last = (new_size - 1) >> level;
  size_t used = 0;
  // The old root is folded from the nodes on the left alone, the new one from
  // all of them.
  MerkleHash old_hash = node == 0 ? ToArray<32>(old_root) : proof[used++];
  MerkleHash new_hash = old_hash;
  for (; last > 0; last /= 2, node /= 2) {
    if ((node ^ 1) > last) continue;
    const MerkleHash& sibling = proof[used++];
    if (node % 2 == 1) {
      old_hash = HashNode(sibling, old_hash);
      new_hash = HashNode(sibling, new_hash);
    } else {
      new_hash = HashNode(new_hash, sibling);
    }
  }
  bool follows = ConstantTimeEquals(old_hash, old_root) &&
                 ConstantTimeEquals(new_hash, new_root);
  return follows ? absl::OkStatus() : Unauthenticated();
}

}  // namespace frank::crypto
