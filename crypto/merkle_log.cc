#include "crypto/merkle_log.h"

#include "core/status.h"

namespace frank::crypto {
namespace {

// Appends the siblings on the way from a node of `level` to the root. At most
// one of them, the last of its level, is not complete.
absl::Status AddSiblings(MerkleNode node, uint64_t size, ReadNode read,
                         MerkleProof* proof) {
  for (uint64_t last = (size - 1) >> node.level; last > 0; last /= 2) {
    MerkleNode sibling{node.level, node.index ^ 1};
    if (sibling.index < size >> node.level) {
      FRANK_ASSIGN_OR_RETURN(MerkleHash hash, read(sibling));
      proof->push_back(hash);
    } else if (sibling.index == last) {
      FRANK_ASSIGN_OR_RETURN(MerkleFrontier edge,
                             MerkleFrontier::Read(size, read));
      proof->push_back(edge.FoldBelow(node.level));
    }
    ++node.level;
    node.index /= 2;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MerkleFrontier> MerkleFrontier::Read(uint64_t size,
                                                    ReadNode read) {
  MerkleFrontier frontier;
  frontier.size_ = size;
  for (uint8_t level = 0; level < kLevels; ++level) {
    if ((size >> level) % 2 == 0) continue;
    FRANK_ASSIGN_OR_RETURN(frontier.nodes_[level],
                           read({level, (size >> level) - 1}));
  }
  return frontier;
}

void MerkleFrontier::Append(const MerkleHash& leaf, TakeNode complete) {
  MerkleNode node{0, size_};
  MerkleHash hash = leaf;
  complete(node, hash);
  while (node.index % 2 == 1) {
    hash = HashNode(nodes_[node.level], hash);
    ++node.level;
    node.index /= 2;
    complete(node, hash);
  }
  nodes_[node.level] = hash;
  ++size_;
}

MerkleHash MerkleFrontier::FoldBelow(uint8_t level) const {
  bool empty = true;
  MerkleHash hash = Sha256({});
  // The smaller a subtree, the further to the right.
  for (uint8_t k = 0; k < level; ++k) {
    if ((size_ >> k) % 2 == 0) continue;
    hash = empty ? nodes_[k] : HashNode(nodes_[k], hash);
    empty = false;
  }
  return hash;
}

absl::StatusOr<MerkleProof> ReadInclusionProof(uint64_t index, uint64_t size,
                                               ReadNode read) {
  FRANK_CHECK(index < size);
  MerkleProof proof;
  FRANK_RETURN_IF_ERROR(AddSiblings({0, index}, size, read, &proof));
  return proof;
}

absl::StatusOr<MerkleProof> ReadConsistencyProof(uint64_t old_size,
                                                 uint64_t new_size,
                                                 ReadNode read) {
  FRANK_CHECK(old_size <= new_size);
  MerkleProof proof;
  if (old_size == 0 || old_size == new_size) return proof;
  // The last node that old_size completes: the largest at its right edge.
  MerkleNode node{0, old_size};
  while (node.index % 2 == 0) {
    node.index /= 2;
    ++node.level;
  }
  --node.index;
  if (node.index != 0) {
    FRANK_ASSIGN_OR_RETURN(MerkleHash hash, read(node));
    proof.push_back(hash);
  }
  FRANK_RETURN_IF_ERROR(AddSiblings(node, new_size, read, &proof));
  return proof;
}

}  // namespace frank::crypto
