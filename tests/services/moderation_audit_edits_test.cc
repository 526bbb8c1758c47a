// Acts that somebody edits in the store: the service notices, tells, and proves
// nothing that does not hold.
#include <string>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/audit_store.h"
#include "storage/moderation_schema.h"
#include "tests/services/moderation_audit_world.h"

namespace frank::moderation {
namespace {

namespace schema = storage::schema;

class AuditEditsTest : public ::testing::Test {
 protected:
  AuditEditsTest() {
    // Names of one length, so that an entry can pass for another's.
    for (const char* subject : {"case:a", "case:b"}) {
      for (int i = 0; i < 3; ++i) EXPECT_TRUE(world_.Act(subject).ok());
    }
  }
  static std::string ActKey(uint64_t number) {
    return schema::ActKey("case:a", number);
  }
  void Change(const std::string& key, const std::string& from,
              const std::string& to) {
    std::string value = world_.Raw(key);
    ASSERT_NE(value.find(from), std::string::npos);
    value.replace(value.find(from), from.size(), to);
    world_.SetRaw(key, value);
  }
  void Swap(const std::string& a, const std::string& b) {
    std::string held = world_.Raw(a);
    world_.SetRaw(a, world_.Raw(b));
    world_.SetRaw(b, held);
  }

  // After an edit before the acts were put into the log: those of case:a from
  // `first` to `last` are missed, the others there, what is signed still true.
  void ExpectLost(uint64_t first, uint64_t last) {
    world_.Sequence();
    auto head = world_.Checkpoint();
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(head->lost_count(), uint64_t(head->lost_size()));
    for (uint64_t number = 1; number <= 3; ++number) {
      EXPECT_NE(Proven(world_.InclusionOf("case:b", number)), "");
      auto answer = world_.InclusionOf("case:a", number);
      if (number < first || number > last) {
        EXPECT_NE(Proven(answer), "");
      } else {
        EXPECT_FALSE(answer.ok() && answer->has_proof()) << number;
      }
    }
    ASSERT_GT(head->lost_size(), 0);
    EXPECT_EQ(head->lost(0).subject(), "case:a");
    EXPECT_EQ(head->lost(0).first_number(), first);
    EXPECT_EQ(head->lost(head->lost_size() - 1).last_number(), last);
    EXPECT_EQ(head->lost(0).found_at(), world_.base.clock.Now());
    EXPECT_EQ(world_.Opened().size, 6 - (last - first + 1));
    EXPECT_EQ(RootOf(*world_.ExportAll()), world_.Opened().root);
  }

  AuditWorld world_;
};

TEST_F(AuditEditsTest, MissesAnActThatWasDropped) {
  world_.DeleteRaw(ActKey(2));
  ExpectLost(2, 2);
  // Told once; numbers go on.
  ASSERT_TRUE(world_.Act("case:a").ok());
  world_.Sequence();
  EXPECT_EQ(world_.Checkpoint()->lost_count(), 1u);
  EXPECT_NE(Proven(world_.InclusionOf("case:a", 4)), "");
}

TEST_F(AuditEditsTest, MissesTheFirstAndTheLast) {
  world_.DeleteRaw(ActKey(1));
  world_.DeleteRaw(ActKey(2));
  world_.DeleteRaw(ActKey(3));
  ExpectLost(1, 3);
}

TEST_F(AuditEditsTest, MissesTheLastOfMoreThanABatch) {
  world_.Sequence();
  ASSERT_TRUE(world_.ActTogether("case:a", 520).ok());
  for (uint64_t number = 516; number <= 523; ++number) {
    world_.DeleteRaw(ActKey(number));
  }
  // Those that are there fill one.
  world_.Sequence();
  auto head = world_.Checkpoint();
  EXPECT_EQ(world_.Opened().size, 6u + 512u);
  ASSERT_EQ(head->lost_size(), 1);
  EXPECT_EQ(head->lost(0).first_number(), 516u);
  EXPECT_EQ(head->lost(0).last_number(), 523u);
  EXPECT_EQ(head->pending_since(), 0u);
}

TEST_F(AuditEditsTest, MissesAnActWhoseWaitingWasDroppedWithIt) {
  auto pending = storage::ScanPending(*world_.base.engine, 100).value();
  for (const storage::PendingActs& waiting : pending) {
    if (waiting.last.subject != "case:a" || waiting.last.number != 3) continue;
    world_.DeleteRaw(schema::AuditPendingKey(waiting));
  }
  world_.DeleteRaw(ActKey(3));
  world_.Sequence();
  // Nothing says yet that there was a third; the fourth does.
  EXPECT_EQ(world_.Checkpoint()->lost_count(), 0u);
  ASSERT_TRUE(world_.Act("case:a").ok());
  world_.Sequence();
  auto head = world_.Checkpoint();
  ASSERT_EQ(head->lost_size(), 1);
  EXPECT_EQ(head->lost(0).first_number(), 3u);
  EXPECT_EQ(head->lost(0).last_number(), 3u);
}

TEST_F(AuditEditsTest, MissesTheLastActOfWhichOnlyTheWaitingWasDropped) {
  auto pending = storage::ScanPending(*world_.base.engine, 100).value();
  for (const storage::PendingActs& waiting : pending) {
    if (waiting.last.subject != "case:a" || waiting.last.number != 3) continue;
    world_.DeleteRaw(schema::AuditPendingKey(waiting));
  }
  // It might be on its way still.
  EXPECT_TRUE(world_.InclusionOf("case:a", 3)->has_not_yet_included());
  world_.base.clock.Advance(limits::kAuditLag + 1);
  // While older ones wait the log is behind, not damaged.
  EXPECT_TRUE(world_.InclusionOf("case:a", 3)->has_not_yet_included());
  world_.Sequence();
  absl::Status missed = world_.InclusionOf("case:a", 3).status();
  EXPECT_EQ(FindReason(missed), "LOG_DAMAGED") << missed;
}

TEST_F(AuditEditsTest, MissesAnActThatWasChanged) {
  // Still an entry, with its subject and number: who did it is another.
  Change(ActKey(2), "service:moderation", "service:moderatiom");
  ExpectLost(2, 2);
}

TEST_F(AuditEditsTest, MissesAnActThatIsNoEntryAnyMore) {
  world_.SetRaw(ActKey(2), "\x01garbage");
  ExpectLost(2, 2);
}

TEST_F(AuditEditsTest, MissesActsThatWereRenumbered) {
  // The second is dropped, and the third takes its place.
  world_.SetRaw(ActKey(2), world_.Raw(ActKey(3)));
  world_.DeleteRaw(ActKey(3));
  ExpectLost(2, 3);
}

TEST_F(AuditEditsTest, MissesActsThatChangedPlaces) {
  Swap(ActKey(1), ActKey(2));
  ExpectLost(1, 2);
}

TEST_F(AuditEditsTest, MissesAnActThatIsAnothers) {
  world_.SetRaw(ActKey(2), world_.Raw(schema::ActKey("case:b", 2)));
  ExpectLost(2, 2);
}

TEST_F(AuditEditsTest, ProvesNoEntryThatIsGoneFromTheLog) {
  world_.Sequence();
  world_.DeleteRaw(ActKey(2));
  EXPECT_TRUE(absl::IsDataLoss(world_.InclusionOf("case:a", 2).status()));
  EXPECT_TRUE(absl::IsDataLoss(world_.ExportAll().status()));
  EXPECT_NE(Proven(world_.InclusionOf("case:a", 3)), "");
}

TEST_F(AuditEditsTest, ProvesNoEntryThatWasChangedInTheLog) {
  world_.Sequence();
  Change(ActKey(2), "service:moderation", "service:moderatiom");
  EXPECT_TRUE(absl::IsDataLoss(world_.InclusionOf("case:a", 2).status()));
  EXPECT_TRUE(absl::IsDataLoss(world_.ExportAll().status()));
}

}  // namespace
}  // namespace frank::moderation
