// The sequencer among many writers, restarts, other sequencers and odd clocks.
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/act_log.h"
#include "storage/audit_store.h"
#include "tests/services/moderation_audit_world.h"

namespace frank::moderation {
namespace {

// Does something once, in the middle of what asks for the time.
class InterruptingClock final : public Clock {
 public:
  explicit InterruptingClock(const Clock& clock) : clock_(clock) {}
  UnixMillis Now() const override {
    if (interrupt_ && --countdown_ == 0) std::exchange(interrupt_, nullptr)();
    return clock_.Now();
  }
  void InterruptAfter(int calls, std::function<void()> interrupt) {
    countdown_ = calls;
    interrupt_ = std::move(interrupt);
  }

 private:
  const Clock& clock_;
  mutable int countdown_ = 0;
  mutable std::function<void()> interrupt_;
};

class AuditSequencerTest : public ::testing::Test {
 protected:
  void Act(const std::string& subject, int times = 1) {
    for (int i = 0; i < times; ++i) {
      absl::Status written = world_.Act(subject);
      ASSERT_TRUE(written.ok()) << written;
    }
  }
  // Expects the log to hold each of `count` acts of each subject once.
  void ExpectHolds(const std::vector<std::string>& subjects, uint64_t count) {
    auto entries = world_.ExportAll();
    ASSERT_TRUE(entries.ok()) << entries.status();
    std::set<std::string> distinct(entries->begin(), entries->end());
    EXPECT_EQ(distinct.size(), entries->size());
    EXPECT_EQ(entries->size(), subjects.size() * count);
    EXPECT_EQ(RootOf(*entries), world_.Opened().root);
    for (const std::string& subject : subjects) {
      for (uint64_t number = 1; number <= count; ++number) {
        EXPECT_NE(Proven(world_.InclusionOf(subject, number)), "")
            << subject << " " << number;
      }
    }
    EXPECT_EQ(world_.Checkpoint()->lost_count(), 0u);
  }

  AuditWorld world_;
};

TEST_F(AuditSequencerTest, TakesTheActsOfManyWritersOnce) {
  constexpr int kWriters = 6;
  constexpr int kActs = 60;
  const std::vector<std::string> subjects = {"case:a", "case:b", "report:c"};
  std::atomic<int> writing{kWriters};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kActs; ++i) {
        // Aborted too often under contention: written by nobody, so again.
        while (!world_.Act(subjects[(w + i) % subjects.size()]).ok()) continue;
      }
      --writing;
    });
  }
  std::thread sequencer([&] {
    while (writing > 0) world_.sequencer->SequenceSome();
  });
  for (std::thread& writer : writers) writer.join();
  sequencer.join();
  world_.Sequence();
  ExpectHolds(subjects, kWriters * kActs / subjects.size());
}

TEST_F(AuditSequencerTest, GoesOnWhereTheLastOneEnded) {
  Act("case:a", 600);
  // A batch, of two.
  EXPECT_EQ(world_.sequencer->SequenceSome(), 0u);
  EXPECT_EQ(world_.Opened().size, 512u);
  world_.RestartSequencer();
  world_.Sequence();
  ExpectHolds({"case:a"}, 600);
}

TEST_F(AuditSequencerTest, GoesOnWithTheRestOfMoreThanABatch) {
  // One row waits for all of them.
  ASSERT_TRUE(world_.ActTogether("case:a", 1100).ok());
  const UnixMillis written_at = world_.base.clock.Now();
  world_.base.clock.Advance(1 * kSecond);
  for (uint64_t size : {512, 1024}) {
    EXPECT_EQ(world_.sequencer->SequenceSome(), 0u);
    EXPECT_EQ(world_.Opened().size, size);
    EXPECT_EQ(world_.Checkpoint()->pending_since(), written_at);
    EXPECT_TRUE(world_.InclusionOf("case:a", 1100)->has_not_yet_included());
  }
  EXPECT_GT(world_.sequencer->SequenceSome(), 0u);
  EXPECT_EQ(world_.Checkpoint()->pending_since(), 0u);
  ExpectHolds({"case:a"}, 1100);
}

TEST_F(AuditSequencerTest, TakesABatchOfTheOldestOfManySubjects) {
  // The later by name are the older.
  const std::vector<std::string> subjects = {"case:d", "case:c", "case:b",
                                             "case:a"};
  std::vector<UnixMillis> written_at;
  for (const std::string& subject : subjects) {
    world_.base.clock.Advance(1 * kSecond);
    written_at.push_back(world_.base.clock.Now());
    ASSERT_TRUE(world_.ActTogether(subject, 200).ok());
  }
  EXPECT_EQ(world_.sequencer->SequenceSome(), 0u);
  EXPECT_EQ(world_.Opened().size, 512u);
  EXPECT_NE(Proven(world_.InclusionOf("case:c", 200)), "");
  EXPECT_NE(Proven(world_.InclusionOf("case:b", 112)), "");
  EXPECT_TRUE(world_.InclusionOf("case:b", 113)->has_not_yet_included());
  EXPECT_EQ(world_.Checkpoint()->pending_since(), written_at[2]);
  EXPECT_GT(world_.sequencer->SequenceSome(), 0u);
  ExpectHolds(subjects, 200);
}

TEST_F(AuditSequencerTest, RestsAfterABatchThatIsJustFull) {
  ASSERT_TRUE(world_.ActTogether("case:a", 512).ok());
  EXPECT_GT(world_.sequencer->SequenceSome(), 0u);
  EXPECT_EQ(world_.Checkpoint()->pending_since(), 0u);
  ExpectHolds({"case:a"}, 512);
}

TEST_F(AuditSequencerTest, LeavesTheWorkToWhoeverHasTheLease) {
  Act("case:a");
  world_.Sequence();
  AuditSequencer other({*world_.base.engine, world_.keys, world_.base.clock,
                        world_.base.random});
  Act("case:a");
  EXPECT_GT(other.SequenceSome(), 0u);
  EXPECT_EQ(world_.Opened().size, 1u);
  // Given back, it need not run out.
  world_.sequencer->End();
  other.SequenceSome();
  EXPECT_EQ(world_.Opened().size, 2u);
}

TEST_F(AuditSequencerTest, GoesOnInTimeAfterAProcessThatWasKilled) {
  Act("case:a");
  world_.Sequence();
  Act("case:a");
  // Another comes at once, and looks as often as it says.
  AuditSequencer other({*world_.base.engine, world_.keys, world_.base.clock,
                        world_.base.random});
  const UnixMillis killed_at = world_.base.clock.Now();
  for (;;) {
    UnixMillis pause = other.SequenceSome();
    if (world_.Opened().size == 2u) break;
    world_.base.clock.Advance(pause);
    ASSERT_LT(world_.base.clock.Now(), killed_at + limits::kAuditLag);
  }
  EXPECT_EQ(world_.Opened().size, 2u);
}

TEST_F(AuditSequencerTest, CannotAppendOnceItsLeaseWasTaken) {
  world_.Sequence();
  world_.sequencer->End();
  InterruptingClock clock(world_.base.clock);
  AuditSequencer old(
      {*world_.base.engine, world_.keys, clock, world_.base.random});
  Act("case:a");
  // Between taking the lease and appending it sleeps for longer than that.
  WorkerLease taken(*world_.base.engine, world_.base.clock, world_.base.random,
                    "audit");
  clock.InterruptAfter(2, [&] {
    world_.base.clock.Advance(1 * kHour);
    EXPECT_TRUE(taken.Acquire().value());
  });
  EXPECT_GT(old.SequenceSome(), 0u);
  EXPECT_EQ(world_.Opened().size, 0u);
  taken.Release();
  world_.Sequence();
  ExpectHolds({"case:a"}, 1);
}

TEST_F(AuditSequencerTest, LosesNoActWhenTheClockGoesBack) {
  Act("case:a");
  world_.Sequence();
  world_.base.clock.Set(kNow - 1 * kDay);
  Act("case:a", 3);
  world_.base.clock.Set(kNow + 1 * kDay);
  world_.Sequence();
  ExpectHolds({"case:a"}, 4);
}

TEST_F(AuditSequencerTest, TakesWhatCameLongAfterItsTime) {
  Act("case:a");
  world_.Sequence();
  const UnixMillis now = world_.base.clock.Now();
  world_.base.clock.Set(now - 1 * kMinute);
  Act("case:b");
  world_.base.clock.Set(now);
  world_.Sequence();
  ExpectHolds({"case:a", "case:b"}, 1);
}

TEST_F(AuditSequencerTest, TakesNumbersInOrderThoughTheirTimesAreNot) {
  world_.base.clock.Advance(1 * kHour);
  Act("case:a");
  world_.base.clock.Set(kNow);
  Act("case:a", 520);
  world_.Sequence();
  ExpectHolds({"case:a"}, 521);
}

TEST_F(AuditSequencerTest, SignsAFreshCheckpointThoughNothingHappens) {
  Act("case:a");
  world_.Sequence();
  crypto::Checkpoint first = world_.Opened();
  EXPECT_EQ(first.time, world_.base.clock.Now());
  world_.base.clock.Advance(limits::kCheckpointRefresh - 1);
  world_.Sequence();
  EXPECT_EQ(world_.Opened().time, first.time);
  world_.base.clock.Advance(1);
  world_.Sequence();
  EXPECT_EQ(world_.Opened().time, world_.base.clock.Now());
  EXPECT_EQ(world_.Opened().root, first.root);
  EXPECT_EQ(world_.Checkpoint()->signed_at(), world_.base.clock.Now());
}

TEST_F(AuditSequencerTest, GoesOnWithAnotherKeyOnlyIfItKnowsTheFormerOne) {
  Act("case:a");
  world_.Sequence();
  crypto::CheckpointVerifier former = world_.keys.signer().verifier();
  world_.keys = AuditKeys(AuditSigner(8), {});
  Act("case:a");
  world_.Sequence();
  EXPECT_TRUE(absl::IsDataLoss(world_.Checkpoint().status()));
  world_.keys = AuditKeys(AuditSigner(8), {former});
  world_.Sequence();
  EXPECT_EQ(world_.Opened().size, 2u);
}

}  // namespace
}  // namespace frank::moderation
