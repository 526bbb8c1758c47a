// The audit tree in tiles, against trees as RFC 9162 defines them: where a tile
// ends and another begins, and how many rows that takes.
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "storage/memory/memory_engine.h"
#include "tests/services/moderation_audit_world.h"
#include "tests/storage/passing_engine.h"

namespace frank::moderation {
namespace {

// Sizes around the ends of tiles of each level.
constexpr uint64_t kSizes[] = {1,   2,   15,  16,   17,   31,   32,  33,
                               255, 256, 257, 4095, 4096, 4097, 4369};

crypto::MerkleHash LeafOf(uint64_t index) {
  std::string entry;
  AppendU64(index, &entry);
  return crypto::HashLeaf({AsBytes(entry)});
}

crypto::MerkleTree TreeOf(uint64_t size) {
  std::vector<crypto::MerkleHash> leaves;
  for (uint64_t i = 0; i < size; ++i) leaves.push_back(LeafOf(i));
  return crypto::MerkleTree(std::move(leaves));
}

// Counts reads of one key.
class CountingEngine final : public storage::PassingEngine {
 public:
  using PassingEngine::PassingEngine;
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    ++reads_;
    return PassingEngine::Get(key);
  }
  int TakeReads() { return std::exchange(reads_, 0); }

 private:
  int reads_ = 0;
};

// Counts what a transaction reads and writes, by key.
class CountingTransaction final : public storage::PassingTransaction {
 public:
  using PassingTransaction::PassingTransaction;
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override {
    EXPECT_TRUE(read.insert(ToString(AsBytes(key))).second) << "read twice";
    return PassingTransaction::Get(key);
  }
  void Put(std::string key, std::string value) override {
    EXPECT_TRUE(put.insert(key).second) << "written twice";
    PassingTransaction::Put(std::move(key), std::move(value));
  }

  std::set<std::string> read, put;
};

class AuditTilesTest : public ::testing::Test {
 protected:
  // Appends leaves in one batch, up to `size`.
  void Grow(uint64_t size) {
    auto transaction = std::make_unique<CountingTransaction>(engine_.Begin());
    AuditTiles tiles(*transaction);
    auto tree = crypto::MerkleFrontier::Read(
        size_, [&](const auto& node) { return tiles.ReadNode(node); });
    ASSERT_TRUE(tree.ok()) << tree.status();
    absl::Status opened = tiles.OpenEnd(size_);
    ASSERT_TRUE(opened.ok()) << opened;
    for (; size_ < size; ++size_) {
      tiles.AddAct(size_, {"case:a", size_ + 1});
      tree->Append(LeafOf(size_), [&](const auto& node, const auto& hash) {
        tiles.AddNode(node, hash);
      });
    }
    tiles.Write(*transaction);
    rows_read_ = transaction->read.size();
    rows_put_ = transaction->put.size();
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }

  FakeClock clock_{kNow};
  std::unique_ptr<storage::MemoryEngine> memory_ =
      storage::MemoryEngine::Make(clock_);
  CountingEngine engine_{*memory_};
  uint64_t size_ = 0;
  size_t rows_read_ = 0, rows_put_ = 0;
};

TEST_F(AuditTilesTest, MakesTheProofsOfTheWholeTree) {
  for (uint64_t size : kSizes) {
    Grow(size);
    const crypto::MerkleTree tree = TreeOf(size);
    AuditTiles tiles(engine_);
    auto read = [&](const auto& node) { return tiles.ReadNode(node); };
    EXPECT_EQ(crypto::MerkleFrontier::Read(size, read)->Root(), tree.Root());
    for (uint64_t index = 0; index < size; index += size < 300 ? 1 : 37) {
      auto proof = crypto::ReadInclusionProof(index, size, read);
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_EQ(*proof, tree.InclusionProof(index)) << index << " of " << size;
      EXPECT_EQ(tiles.ReadAct(index)->number, index + 1);
    }
    EXPECT_TRUE(absl::IsDataLoss(tiles.ReadAct(size).status()));
    for (uint64_t old : kSizes) {
      if (old > size) break;
      auto proof = crypto::ReadConsistencyProof(old, size, read);
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_EQ(*proof, tree.ConsistencyProof(old)) << old << " to " << size;
    }
  }
}

TEST_F(AuditTilesTest, GrowsToOneTreeWhateverTheBatches) {
  for (uint64_t step = 1; size_ < 1200; step = step % 70 + 3) {
    Grow(size_ + step);
    AuditTiles tiles(engine_);
    EXPECT_EQ(crypto::MerkleFrontier::Read(
                  size_, [&](const auto& node) { return tiles.ReadNode(node); })
                  ->Root(),
              TreeOf(size_).Root())
        << size_;
  }
}

TEST_F(AuditTilesTest, ReadsAndWritesEachTileOfABatchOnce) {
  Grow(250);
  EXPECT_EQ(rows_put_, 16u + 1u);
  Grow(280);
  // The last tiles of leaves, of nodes over sixteen and over 256.
  EXPECT_EQ(rows_read_, 3u);
  EXPECT_EQ(rows_put_, 3u + 2u + 1u);
  Grow(281);
  EXPECT_EQ(rows_put_, 1u);
  Grow(281);
  EXPECT_EQ(rows_put_, 0u);
}

TEST_F(AuditTilesTest, ReadsEachTileOfAProofOnce) {
  Grow(4097);
  auto reads = [&](auto prove) {
    engine_.TakeReads();
    AuditTiles tiles(engine_);
    auto read = [&](const auto& node) { return tiles.ReadNode(node); };
    EXPECT_TRUE(prove(read).ok());
    return engine_.TakeReads();
  };
  // Tiles on the way of a leaf of the first 4096, and both of the edge.
  EXPECT_EQ(reads([](auto read) {
              return crypto::ReadInclusionProof(100, 4097, read);
            }),
            3 + 2);
  EXPECT_EQ(reads([](auto read) {
              return crypto::ReadConsistencyProof(1000, 4097, read);
            }),
            3 + 2);
}

// What is signed and answered, verified as a client does.
TEST(AuditTilesOfTheLogTest, ProvesWhateverTheSizeOfTheLog) {
  AuditWorld world;
  std::vector<crypto::Checkpoint> seen;
  uint64_t written = 0;
  for (uint64_t size : {15, 16, 17, 255, 256, 257}) {
    while (written < size) {
      ASSERT_TRUE(world.Act("case:a").ok());
      ++written;
    }
    world.Sequence();
    seen.push_back(world.Opened());
    ASSERT_EQ(seen.back().size, size);
    EXPECT_EQ(RootOf(*world.ExportAll()), seen.back().root);
    for (uint64_t number = 1; number <= size; ++number) {
      EXPECT_NE(Proven(world.InclusionOf("case:a", number)), "") << number;
    }
    for (const crypto::Checkpoint& old : seen) {
      auto answer = world.Consistency(old.size, size);
      ASSERT_TRUE(answer.ok()) << answer.status();
      std::vector<ByteSpan> nodes;
      for (const auto& node : answer->proof()) nodes.push_back(AsBytes(node));
      absl::Status verified =
          crypto::VerifyConsistency(old.size, size, old.root, seen.back().root,
                                    *crypto::ParseMerkleProof("proof", nodes));
      EXPECT_TRUE(verified.ok()) << old.size << " to " << size;
    }
  }
}

}  // namespace
}  // namespace frank::moderation
