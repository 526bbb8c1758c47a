#include "crypto/merkle_tree.h"

#include <gtest/gtest.h>

#include "tests/crypto/support.h"

namespace frank::crypto {
namespace {

MerkleHash LeafOf(uint64_t i) {
  std::string entry;
  AppendU64(i, &entry);
  return HashLeaf({AsBytes(entry)});
}

MerkleTree TreeOf(uint64_t size) {
  std::vector<MerkleHash> leaves;
  for (uint64_t i = 0; i < size; ++i) leaves.push_back(LeafOf(i));
  return MerkleTree(std::move(leaves));
}

// MTH as RFC 9162 section 2.1.1 writes it, by recursion.
MerkleHash RootByDefinition(uint64_t first, uint64_t last) {
  if (first == last) return Sha256({});
  if (last - first == 1) return LeafOf(first);
  uint64_t k = 1;
  while (k * 2 < last - first) k *= 2;
  return Sha256({Bytes{1}, RootByDefinition(first, first + k),
                 RootByDefinition(first + k, last)});
}

Bytes EntryOf(uint64_t i) {
  std::string entry;
  AppendU64(i, &entry);
  return ToBytes(entry);
}

TEST(MerkleTreeTest, HasTheRootOfTheDefinition) {
  for (uint64_t size = 0; size <= 130; ++size) {
    EXPECT_EQ(TreeOf(size).Root(), RootByDefinition(0, size)) << size;
  }
}

TEST(MerkleTreeTest, ProvesEveryLeafOfEverySize) {
  for (uint64_t size = 1; size <= 40; ++size) {
    MerkleTree tree = TreeOf(size);
    for (uint64_t index = 0; index < size; ++index) {
      MerkleProof proof = tree.InclusionProof(index);
      EXPECT_EQ(proof.size(), InclusionProofLength(index, size));
      EXPECT_TRUE(
          VerifyInclusion(EntryOf(index), index, size, tree.Root(), proof)
              .ok());
      EXPECT_FALSE(
          VerifyInclusion(EntryOf(index + 1), index, size, tree.Root(), proof)
              .ok());
    }
  }
}

TEST(MerkleTreeTest, ProvesThatEverySizeGrewFromEverySmaller) {
  for (uint64_t size = 0; size <= 40; ++size) {
    MerkleTree tree = TreeOf(size);
    for (uint64_t old = 0; old <= size; ++old) {
      MerkleProof proof = tree.ConsistencyProof(old);
      MerkleHash old_root = TreeOf(old).Root();
      EXPECT_TRUE(
          VerifyConsistency(old, size, old_root, tree.Root(), proof).ok())
          << old << " to " << size;
      if (old == 0) continue;
      old_root[0] ^= 1;
      EXPECT_FALSE(
          VerifyConsistency(old, size, old_root, tree.Root(), proof).ok());
    }
  }
}

TEST(MerkleTreeTest, RefusesProofsThatWereChanged) {
  MerkleTree tree = TreeOf(13);
  MerkleProof proof = tree.InclusionProof(4);
  auto accepts = [&](const MerkleProof& candidate, uint64_t index = 4,
                     uint64_t size = 13) {
    return VerifyInclusion(EntryOf(4), index, size, tree.Root(), candidate)
        .ok();
  };
  ASSERT_TRUE(accepts(proof));
  for (size_t node = 0; node < proof.size(); ++node) {
    for (size_t bit = 0; bit < 256; ++bit) {
      MerkleProof flipped = proof;
      flipped[node][bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      EXPECT_FALSE(accepts(flipped));
    }
  }
  MerkleProof longer = proof;
  longer.push_back(tree.Root());
  EXPECT_FALSE(accepts(longer));
  EXPECT_FALSE(accepts(MerkleProof(proof.begin(), proof.end() - 1)));
  for (uint64_t index : {0, 3, 5, 12, 13}) {
    EXPECT_FALSE(accepts(proof, index)) << index;
  }
  EXPECT_FALSE(accepts(proof, 4, 0));
}

TEST(MerkleTreeTest, JudgesEdgesOfSixtyFourBits) {
  constexpr uint64_t kMost = ~uint64_t{0};
  EXPECT_EQ(InclusionProofLength(0, kMost), 64u);
  EXPECT_FALSE(VerifyInclusion({}, kMost, kMost, Bytes(32), {}).ok());
  EXPECT_FALSE(
      VerifyConsistency(kMost, kMost - 1, Bytes(32), Bytes(32), {}).ok());
  EXPECT_TRUE(VerifyConsistency(kMost, kMost, Bytes(32), Bytes(32), {}).ok());
}

}  // namespace
}  // namespace frank::crypto
