// RFC 9162 Merkle trees over SHA-256 (sections 2.1.1, 2.1.3 and 2.1.4).
//   leaf = SHA-256(0x00 || entry)    node = SHA-256(0x01 || left || right)
#ifndef FRANK_CRYPTO_MERKLE_TREE_H_
#define FRANK_CRYPTO_MERKLE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/bytes.h"
#include "crypto/hash.h"

namespace frank::crypto {

using MerkleHash = Sha256Digest;
using MerkleProof = std::vector<MerkleHash>;

// Hashes an entry, given in pieces, with its 0x00 prefix.
MerkleHash HashLeaf(std::initializer_list<ByteSpan> entry);
// Hashes two nodes with their 0x01 prefix.
MerkleHash HashNode(ByteSpan left, ByteSpan right);

// Returns MTH(entries); that of no entries is SHA-256 of nothing.
MerkleHash MerkleRoot(absl::Span<const ByteSpan> entries);

// A tree with all its nodes (64 bytes an entry), so that any proof is a walk
// without hashing. Immutable, hence thread-safe.
class MerkleTree {
 public:
  explicit MerkleTree(std::vector<MerkleHash> leaves);

  uint64_t size() const { return levels_.front().size(); }
  MerkleHash Root() const;
  // PATH(index, D_n). Needs index < size().
  MerkleProof InclusionProof(uint64_t index) const;
  // PROOF(old_size, D_n); empty for 0 and for size(). Needs old_size <= size().
  MerkleProof ConsistencyProof(uint64_t old_size) const;

 private:
  // levels_[k][j] is the node over the leaves [j·2^k, (j+1)·2^k) that exist; a
  // last node without a sibling stands for itself one level up.
  std::vector<std::vector<MerkleHash>> levels_;
};

// Returns the length of PATH(index, D_size). Needs index < size.
size_t InclusionProofLength(uint64_t index, uint64_t size);

// Reads the nodes of a proof. kInvalidArgument, naming `field`, on one that is
// not 32 bytes.
absl::StatusOr<MerkleProof> ParseMerkleProof(absl::string_view field,
                                             absl::Span<const ByteSpan> nodes);

// Returns the root that the proof leads to. kInvalidArgument unless index <
// size and the proof is exactly as long as RFC 9162 makes it.
absl::StatusOr<MerkleHash> RootFromInclusionProof(
    const MerkleHash& leaf, uint64_t index, uint64_t size,
    absl::Span<const MerkleHash> proof);

// As above, and kUnauthenticated if that root is not `root`. A path does not
// bind the size: it must come from what is signed.
absl::Status VerifyInclusion(ByteSpan entry, uint64_t index, uint64_t size,
                             ByteSpan root, absl::Span<const MerkleHash> proof);

// Verifies that the tree of `old_root` is the beginning of that of `new_root`.
// Equal sizes need equal roots and an empty proof; old size 0 an empty proof
// and the root of nothing. kInvalidArgument if old_size > new_size or on a
// length that the sizes rule out; kUnauthenticated if a root does not follow.
absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size,
                               ByteSpan old_root, ByteSpan new_root,
                               absl::Span<const MerkleHash> proof);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_MERKLE_TREE_H_
