#include "crypto/merkle_log.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

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

// The nodes of a log, as a store keeps them; counts what is read.
class NodeMap {
 public:
  void Grow(uint64_t size) {
    while (frontier_.size() < size) {
      frontier_.Append(LeafOf(frontier_.size()),
                       [&](const MerkleNode& node, const MerkleHash& hash) {
                         auto at = std::make_pair(node.level, node.index);
                         EXPECT_TRUE(nodes_.emplace(at, hash).second)
                             << "a node was written twice";
                       });
    }
  }
  absl::StatusOr<MerkleHash> Read(const MerkleNode& node) {
    ++reads_;
    auto found = nodes_.find({node.level, node.index});
    if (found == nodes_.end()) return absl::DataLossError("no node");
    return found->second;
  }
  void Remove(const MerkleNode& node) {
    nodes_.erase({node.level, node.index});
  }
  const MerkleFrontier& frontier() const { return frontier_; }
  size_t TakeReads() { return std::exchange(reads_, 0); }

 private:
  std::map<std::pair<uint8_t, uint64_t>, MerkleHash> nodes_;
  MerkleFrontier frontier_;
  size_t reads_ = 0;
};

TEST(MerkleLogTest, GrowsToTheTreesOfTheDefinition) {
  NodeMap log;
  EXPECT_EQ(log.frontier().Root(), Sha256({}));
  for (uint64_t size = 1; size <= 130; ++size) {
    log.Grow(size);
    EXPECT_EQ(log.frontier().Root(), TreeOf(size).Root()) << size;
  }
}

TEST(MerkleLogTest, GoesOnFromAnySizeThatItReads) {
  NodeMap log;
  log.Grow(70);
  auto read = [&](const MerkleNode& node) { return log.Read(node); };
  for (uint64_t size = 0; size < 70; ++size) {
    auto frontier = MerkleFrontier::Read(size, read);
    ASSERT_TRUE(frontier.ok()) << size;
    EXPECT_EQ(frontier->Root(), TreeOf(size).Root()) << size;
    frontier->Append(LeafOf(size), [](const MerkleNode&, const MerkleHash&) {});
    EXPECT_EQ(frontier->Root(), TreeOf(size + 1).Root()) << size;
  }
}

TEST(MerkleLogTest, MakesTheProofsOfTheWholeTreeOfEverySize) {
  NodeMap log;
  log.Grow(48);
  auto read = [&](const MerkleNode& node) { return log.Read(node); };
  for (uint64_t size = 1; size <= 48; ++size) {
    MerkleTree tree = TreeOf(size);
    for (uint64_t index = 0; index < size; ++index) {
      auto proof = ReadInclusionProof(index, size, read);
      ASSERT_TRUE(proof.ok()) << index << " of " << size;
      EXPECT_EQ(*proof, tree.InclusionProof(index)) << index << " of " << size;
    }
    for (uint64_t old = 0; old <= size; ++old) {
      auto proof = ReadConsistencyProof(old, size, read);
      ASSERT_TRUE(proof.ok()) << old << " to " << size;
      EXPECT_EQ(*proof, tree.ConsistencyProof(old)) << old << " to " << size;
    }
  }
}

TEST(MerkleLogTest, ReadsLittleHoweverLargeTheLog) {
  NodeMap log;
  log.Grow(5000);
  auto read = [&](const MerkleNode& node) { return log.Read(node); };
  log.TakeReads();
  for (uint64_t at : {0, 1, 2500, 4095, 4096, 4999}) {
    ASSERT_TRUE(ReadInclusionProof(at, 5000, read).ok());
    EXPECT_LE(log.TakeReads(), 2u * 13) << at;
    ASSERT_TRUE(ReadConsistencyProof(at, 5000, read).ok());
    EXPECT_LE(log.TakeReads(), 2u * 13) << at;
  }
}

TEST(MerkleLogTest, PassesOnThatANodeIsMissing) {
  NodeMap log;
  log.Grow(8);
  log.Remove({1, 1});
  auto read = [&](const MerkleNode& node) { return log.Read(node); };
  EXPECT_TRUE(absl::IsDataLoss(ReadInclusionProof(0, 8, read).status()));
  EXPECT_TRUE(absl::IsDataLoss(ReadConsistencyProof(2, 8, read).status()));
  EXPECT_TRUE(MerkleFrontier::Read(7, read).ok());
  log.Remove({0, 6});
  EXPECT_TRUE(absl::IsDataLoss(MerkleFrontier::Read(7, read).status()));
}

}  // namespace
}  // namespace frank::crypto
