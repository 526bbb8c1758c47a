// The tree of the audit log, or its head, edited in the store: the service
// notices, tells, signs nothing more, and proves nothing that does not hold.
#include <cstdint>
#include <string>
#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/merkle_tree.h"
#include "frank/storage/v1/moderation.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"
#include "tests/services/moderation_audit_world.h"

namespace frank::moderation {
namespace {

namespace schema = storage::schema;
using Tile = storage::v1::AuditTileRecord;

constexpr size_t kHashBytes = sizeof(crypto::MerkleHash);

// Edits that leave no tile of a tree of six leaves.
void AddAByte(Tile* tile) { tile->mutable_hashes()->push_back('h'); }
void DropAHash(Tile* tile) {
  tile->mutable_hashes()->resize(tile->hashes().size() - kHashBytes);
}
void DropAnAct(Tile* tile) { tile->mutable_act()->RemoveLast(); }
void DropALeaf(Tile* tile) {
  DropAHash(tile);
  DropAnAct(tile);
}
void AddALeaf(Tile* tile) {
  tile->mutable_hashes()->append(kHashBytes, 'h');
  tile->add_act()->set_subject("case:b");
}
void Overfill(Tile* tile) {
  while (tile->act_size() <= 16) AddALeaf(tile);
}

class AuditTreeEditsTest : public ::testing::Test {
 protected:
  AuditTreeEditsTest() {
    for (const char* subject : {"case:a", "case:b"}) {
      for (int i = 0; i < 3; ++i) EXPECT_TRUE(world_.Act(subject).ok());
    }
  }
  Tile ReadTile(uint8_t level, uint64_t index) {
    return storage::FindTile(*world_.base.engine, level, index).value().value();
  }
  void WriteTile(uint8_t level, uint64_t index, const Tile& tile) {
    auto transaction = world_.base.engine->Begin();
    storage::PutTile(*transaction, level, index, tile);
    EXPECT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  void GrowTo(uint64_t size) {
    world_.Sequence();
    for (uint64_t at = world_.Opened().size; at < size; ++at) {
      EXPECT_TRUE(world_.Act("case:b").ok());
    }
    world_.Sequence();
    EXPECT_EQ(world_.Opened().size, size);
  }

  // After an edit of the log: it is told of, and signs nothing any more.
  void ExpectStandsStill() {
    crypto::Checkpoint before = world_.Opened();
    EXPECT_TRUE(world_.Act("case:a").ok());
    world_.Sequence();
    EXPECT_EQ(world_.Opened().size, before.size);
    EXPECT_NE(world_.Checkpoint()->pending_since(), 0u);
  }

  AuditWorld world_;
};

TEST_F(AuditTreeEditsTest, ExportsNoLeafThatPointsElsewhere) {
  world_.Sequence();
  Tile tile = ReadTile(0, 0);
  tile.mutable_act()->SwapElements(0, 1);
  WriteTile(0, 0, tile);
  EXPECT_EQ(FindReason(world_.ExportAll().status()), "LOG_DAMAGED");
  // Nor when the tile was written anew since.
  GrowTo(8);
  EXPECT_EQ(FindReason(world_.ExportAll().status()), "LOG_DAMAGED");
}

TEST_F(AuditTreeEditsTest, SignsNothingOverATreeThatWasChanged) {
  world_.Sequence();
  // Whichever leaf it is.
  const Tile tile = ReadTile(0, 0);
  for (int leaf = 0; leaf < 6; ++leaf) {
    Tile changed = tile;
    (*changed.mutable_hashes())[leaf * kHashBytes] ^= 1;
    WriteTile(0, 0, changed);
    ExpectStandsStill();
    // On the way of every leaf but its own, which is made of the entry.
    for (int other = 0; other < 6; ++other) {
      const Tile::Act& act = tile.act(other);
      auto answer = world_.InclusionOf(act.subject(), act.number());
      EXPECT_EQ(absl::IsDataLoss(answer.status()), other != leaf);
    }
    EXPECT_TRUE(absl::IsDataLoss(world_.Consistency(4, 6).status()));
  }
}

TEST_F(AuditTreeEditsTest, SignsNothingOverAnyTileOfTheEdgeThatWasChanged) {
  // 289 leaves, 18 nodes over sixteen and one over 256.
  GrowTo(289);
  for (auto [level, index] : {std::pair(0, 18), {1, 1}, {2, 0}}) {
    const Tile tile = ReadTile(level, index);
    for (size_t at = 0; at < tile.hashes().size(); at += kHashBytes) {
      Tile changed = tile;
      (*changed.mutable_hashes())[at] ^= 1;
      WriteTile(level, index, changed);
      ExpectStandsStill();
    }
    WriteTile(level, index, tile);
  }
  world_.Sequence();
  EXPECT_EQ(world_.Opened().size, 289u + 4);
}

TEST_F(AuditTreeEditsTest, ProvesNothingByATileThatWasChanged) {
  GrowTo(40);
  // Not at the edge: nothing is added to it, and it proves nothing.
  Tile tile = ReadTile(0, 1);
  (*tile.mutable_hashes())[3 * kHashBytes] ^= 1;
  WriteTile(0, 1, tile);
  // Leaves 16 to 31; what was changed is not on the way of its own, 19.
  for (uint64_t number = 14; number <= 29; ++number) {
    if (number == 17) continue;
    EXPECT_EQ(FindReason(world_.InclusionOf("case:b", number).status()),
              "LOG_DAMAGED")
        << number;
  }
  EXPECT_NE(Proven(world_.InclusionOf("case:b", 13)), "");
  EXPECT_NE(Proven(world_.InclusionOf("case:b", 30)), "");
  // Of two sizes that are no checkpoint's, which agree with one another.
  EXPECT_EQ(FindReason(world_.Consistency(20, 24).status()), "LOG_DAMAGED");
  EXPECT_TRUE(world_.Consistency(4, 16).ok());
}

TEST_F(AuditTreeEditsTest, ExportsNoEntryThatWasChangedWithItsLeaf) {
  GrowTo(40);
  const Tile::Act act = ReadTile(0, 0).act(5);
  std::string entry =
      storage::FindAct(*world_.base.engine, {act.subject(), act.number()})
          .value()
          .value();
  entry.back() ^= 1;
  storage::v1::ActRecord record;
  record.set_entry(entry);
  world_.SetRaw(schema::ActKey(act.subject(), act.number()),
                storage::EncodeRecord(record));
  Tile tile = ReadTile(0, 0);
  tile.mutable_hashes()->replace(5 * kHashBytes, kHashBytes,
                                 ToString(crypto::HashLeaf({AsBytes(entry)})));
  WriteTile(0, 0, tile);
  EXPECT_EQ(FindReason(world_.ExportAll().status()), "LOG_DAMAGED");
}

TEST_F(AuditTreeEditsTest, SignsNothingOverATreeThatLacksATile) {
  world_.Sequence();
  world_.DeleteRaw(schema::AuditTileKey(0, 0));
  ExpectStandsStill();
  EXPECT_EQ(FindReason(world_.InclusionOf("case:a", 1).status()),
            "LOG_DAMAGED");
  EXPECT_EQ(FindReason(world_.ExportAll().status()), "LOG_DAMAGED");
}

TEST_F(AuditTreeEditsTest, TakesNoTileThatIsNone) {
  world_.Sequence();
  const Tile tile = ReadTile(0, 0);
  for (auto edit : {AddAByte, DropAHash, DropAnAct, Overfill}) {
    Tile edited = tile;
    edit(&edited);
    WriteTile(0, 0, edited);
    ExpectStandsStill();
    for (const auto& status : {world_.InclusionOf("case:a", 1).status(),
                               world_.InclusionOf("case:b", 3).status(),
                               world_.ExportAll().status()}) {
      EXPECT_EQ(FindReason(status), "LOG_DAMAGED") << status;
    }
  }
  WriteTile(0, 0, tile);
  // Nor one of nothing, where none has to be.
  WriteTile(1, 0, Tile());
  ExpectStandsStill();
  world_.SetRaw(schema::AuditTileKey(1, 0), "\x01garbage");
  ExpectStandsStill();
}

TEST_F(AuditTreeEditsTest, SignsNothingOverATreeWithALeafMoreOrFewer) {
  world_.Sequence();
  const Tile tile = ReadTile(0, 0);
  for (auto edit : {AddALeaf, DropALeaf}) {
    Tile edited = tile;
    edit(&edited);
    WriteTile(0, 0, edited);
    ExpectStandsStill();
  }
  EXPECT_EQ(FindReason(world_.ExportAll().status()), "LOG_DAMAGED");
}

TEST_F(AuditTreeEditsTest, SignsNothingAfterAnOlderHeadWasPutBack) {
  // In the middle of a tile, and where one is full.
  for (uint64_t size : {7, 16, 256}) {
    GrowTo(size);
    std::string older = world_.Raw(schema::AuditHeadKey());
    GrowTo(size + 1);
    std::string newer = world_.Raw(schema::AuditHeadKey());
    world_.SetRaw(schema::AuditHeadKey(), older);
    ExpectStandsStill();
    // Nor when only time has passed.
    world_.base.clock.Advance(limits::kCheckpointRefresh);
    world_.Sequence();
    EXPECT_EQ(world_.Raw(schema::AuditHeadKey()), older);
    world_.SetRaw(schema::AuditHeadKey(), newer);
  }
}

TEST_F(AuditTreeEditsTest, SignsNothingOverANodeTooMany) {
  GrowTo(16);
  std::string older = world_.Raw(schema::AuditHeadKey());
  GrowTo(32);
  world_.SetRaw(schema::AuditHeadKey(), older);
  // The leaves end with it; that node 1 is over those that went is left.
  world_.DeleteRaw(schema::AuditTileKey(0, 1));
  ExpectStandsStill();
}

TEST_F(AuditTreeEditsTest, SignsNothingAfterTheHeadWasRemoved) {
  world_.Sequence();
  world_.DeleteRaw(schema::AuditHeadKey());
  world_.RestartSequencer();
  ASSERT_TRUE(world_.Act("case:b").ok());
  world_.Sequence();
  EXPECT_TRUE(absl::IsNotFound(world_.Checkpoint().status()));
}

TEST_F(AuditTreeEditsTest, ShowsNoCheckpointThatNobodySigned) {
  world_.Sequence();
  auto head = storage::FindAuditHead(*world_.base.engine).value().value();
  head.set_checkpoint(*AuditSigner(9).Sign(world_.Opened()));
  auto transaction = world_.base.engine->Begin();
  storage::PutAuditHead(*transaction, head);
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  EXPECT_TRUE(absl::IsDataLoss(world_.Consistency(0, 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(world_.InclusionOf("case:a", 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(world_.Checkpoint().status()));
}

}  // namespace
}  // namespace frank::moderation
