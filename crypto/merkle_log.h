// RFC 9162 trees that grow and are kept node by node, rather than in memory as
// MerkleTree is. Only nodes over a power of two of leaves are kept: once
// complete they never change, so that a log only ever adds.
#ifndef FRANK_CRYPTO_MERKLE_LOG_H_
#define FRANK_CRYPTO_MERKLE_LOG_H_

#include <array>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "crypto/merkle_tree.h"

namespace frank::crypto {

// The node over the leaves [index·2^level, (index+1)·2^level), all of which
// exist. Level 0 is the leaves.
struct MerkleNode {
  uint8_t level = 0;
  uint64_t index = 0;
};

// Reads a complete node; its errors are passed on.
using ReadNode =
    absl::FunctionRef<absl::StatusOr<MerkleHash>(const MerkleNode&)>;
using TakeNode = absl::FunctionRef<void(const MerkleNode&, const MerkleHash&)>;

// The right edge of a tree, which is all that it takes to go on: the root of
// the last complete subtree of each size. Not thread-safe to change.
class MerkleFrontier {
 public:
  // That of no leaves.
  MerkleFrontier() = default;
  // That of the first `size` leaves; reads one node for each bit set in size.
  static absl::StatusOr<MerkleFrontier> Read(uint64_t size, ReadNode read);

  // Appends a leaf; `complete` is given each node that it completes, from the
  // leaf upwards.
  void Append(const MerkleHash& leaf, TakeNode complete);

  uint64_t size() const { return size_; }
  // MTH(D_size).
  MerkleHash Root() const { return FoldBelow(kLevels); }
  // The node, not complete, at the end of `level`. Needs one to be there.
  MerkleHash FoldBelow(uint8_t level) const;

 private:
  static constexpr uint8_t kLevels = 64;
  uint64_t size_ = 0;
  // Holds a node where size_ has that bit.
  std::array<MerkleHash, kLevels> nodes_{};
};

// PATH(index, D_size), in O(log size) reads. Needs index < size.
absl::StatusOr<MerkleProof> ReadInclusionProof(uint64_t index, uint64_t size,
                                               ReadNode read);

// PROOF(old_size, D_new_size), in O(log new_size) reads; empty for 0 and for
// equal sizes. Needs old_size <= new_size.
absl::StatusOr<MerkleProof> ReadConsistencyProof(uint64_t old_size,
                                                 uint64_t new_size,
                                                 ReadNode read);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_MERKLE_LOG_H_
