// How much waits in the queues: exact, whatever happens to cases, and whoever
// counts.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/queue_figures.h"
#include "storage/case_index.h"
#include "storage/figure_store.h"
#include "storage/queue_schema.h"
#include "storage/record.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class ModerationFiguresTest : public QueueFixture {
 protected:
  void Keep() { world_.process->figures.Keep(); }
  // The samples of a gauge that are not zero, by their labels.
  std::map<std::string, double> Gauge(const std::string& name) {
    std::map<std::string, double> values;
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name != name) continue;
      for (const auto& sample : reading.samples) {
        if (sample.value == 0) continue;
        values[absl::StrJoin(sample.labels, " ")] = sample.value;
      }
    }
    return values;
  }
  std::map<std::string, double> Depths() {
    Keep();
    return Gauge("queue_depth");
  }
  std::map<std::string, double> Ages() {
    Keep();
    return Gauge("oldest_age_seconds");
  }
};

TEST_F(ModerationFiguresTest, CountsCasesByQueueAndStateAsTheyMove) {
  EXPECT_THAT(Depths(), IsEmpty());
  std::string held = ReportAbout("mallory"), put_off = ReportAbout("mordred");
  std::string decided = ReportAbout("morgan"),
              spam = ReportAbout("mallory", "deception.spam");
  EXPECT_THAT(Depths(), ElementsAre(Pair("deception open", 1),
                                    Pair("harassment open", 3)));
  Claim(held);
  EXPECT_THAT(Depths(), ElementsAre(Pair("deception open", 1),
                                    Pair("harassment open", 3)));
  ASSERT_TRUE(Hold(Claim(put_off), world_.clock.Now() + kDay).ok());
  Decide(Claim(decided));
  EXPECT_THAT(Depths(), ElementsAre(Pair("deception open", 1),
                                    Pair("harassment on_hold", 1),
                                    Pair("harassment open", 1)));
  ASSERT_TRUE(Escalate(Claim(spam)).ok());
  ASSERT_TRUE(Wake(put_off).ok());
  EXPECT_THAT(Depths(),
              ElementsAre(Pair("harassment open", 2), Pair("seniors open", 1)));
}

TEST_F(ModerationFiguresTest, ShowsHowMuchWaitsToWhoChoosesAQueue) {
  auto harassment = [this] {
    Keep();
    auto answer = Call(&QueueHandler::ListQueues, kAdministrator,
                       v1::ListQueuesRequest());
    EXPECT_TRUE(answer.ok()) << answer.status();
    for (const auto& queue : answer->queue()) {
      if (queue.name() == "harassment") return queue;
    }
    return v1::ListQueuesResponse::Queue();
  };
  EXPECT_EQ(harassment().title(), "Harassment");
  EXPECT_EQ(harassment().oldest_opened_at(), 0);
  EXPECT_EQ(harassment().first_deadline(), 0);
  std::string held = ReportAbout("mallory");
  const UnixMillis opened_at = world_.clock.Now();
  world_.clock.Advance(20 * kMinute);
  std::string free = ReportAbout("mordred"), put_off = ReportAbout("morgan");
  ASSERT_TRUE(Hold(Claim(put_off), world_.clock.Now() + 90 * kDay).ok());
  v1::CaseSummary claimed = Claim(held);
  auto shown = harassment();
  EXPECT_EQ(shown.open_count(), 2);
  EXPECT_EQ(shown.held_count(), 1);
  EXPECT_EQ(shown.on_hold_count(), 1);
  EXPECT_EQ(shown.oldest_opened_at(), opened_at);
  // Of the free case alone.
  const UnixMillis deadline = Summary(free).deadline();
  EXPECT_EQ(shown.first_deadline(), deadline - deadline % (5 * kMinute));
  EXPECT_EQ(shown.overdue_count(), 0);
  ASSERT_TRUE(world_.Release(kReviewer, claimed, "").ok());
  EXPECT_EQ(harassment().held_count(), 0);
  EXPECT_LT(harassment().first_deadline(), deadline - 15 * kMinute);
  // The earlier one is over, the later one not yet.
  world_.clock.Set(Summary(held).deadline() + 5 * kMinute);
  EXPECT_EQ(harassment().overdue_count(), 1);
  world_.clock.Set(deadline + 5 * kMinute);
  EXPECT_EQ(harassment().overdue_count(), 2);
}

// What was swept is behind, and so are the rows of leases that were deleted.
TEST_F(ModerationFiguresTest, LooksForLeasesFromWhereTheSweepIs) {
  Claim(ReportAbout("mallory"));
  auto held = [this] {
    Keep();
    return (*ReadQueueFigures(*world_.engine))["harassment"].held;
  };
  EXPECT_EQ(held(), 1);
  world_.clock.Advance(1 * kHour);
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [this](storage::Transaction& transaction) {
                    storage::PutSweptUntil(transaction, world_.clock.Now());
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(held(), 0);
}

// The numbers of a queue that is no more configured are not lost.
TEST_F(ModerationFiguresTest, CountsOtherQueuesTogether) {
  std::string id = ReportAbout("mallory");
  Rewrite(id,
          [](storage::v1::CaseRecord* record) { record->set_queue("gone"); });
  EXPECT_THAT(Depths(), ElementsAre(Pair("other open", 1)));
}

// A store that was there before the figures, and one whose worker was away for
// longer than changes are kept.
TEST_F(ModerationFiguresTest, CountsAnewWhatItCannotFollow) {
  std::string old = ReportAbout("mallory"), older = ReportAbout("mordred");
  EXPECT_THAT(Depths(), ElementsAre(Pair("harassment open", 2)));
  Decide(Claim(old));
  world_.clock.Advance(1 * kHour);
  for (int i = 0; i < 3; ++i) {
    ReportAbout(absl::StrCat("m", i));
    Tend();
    world_.clock.Advance(limits::kChangeRetention + 11 * kMinute);
  }
  Tend();
  auto first = storage::GetFirstChanges(*world_.engine);
  EXPECT_THAT(*first, ::testing::Contains(::testing::Gt(1)))
      << "changes were forgotten";
  EXPECT_THAT(Depths(), ElementsAre(Pair("harassment open", 4)));
  EXPECT_EQ(Ages().size(), 1);
}

TEST_F(ModerationFiguresTest, TellsTheAgeOfTheOldestUndecidedCase) {
  std::string oldest = ReportAbout("mallory");
  world_.clock.Advance(1 * kHour);
  std::string next = ReportAbout("mordred");
  world_.clock.Advance(1 * kHour);
  EXPECT_THAT(Ages(), ElementsAre(Pair("harassment", 7200.001)));
  v1::CaseSummary held = Claim(oldest);
  EXPECT_THAT(Ages(), ElementsAre(Pair("harassment", 7200.001)))
      << "claimed is not decided";
  Decide(held);
  EXPECT_THAT(Ages(), ElementsAre(Pair("harassment", 3600)));
  // What is older comes back into the queue.
  Rewrite(oldest, [](storage::v1::CaseRecord* record) {
    record->set_state(storage::kCaseOpen);
  });
  EXPECT_THAT(Ages(), ElementsAre(Pair("harassment", 7200.001)));
  ASSERT_TRUE(Escalate(Claim(oldest)).ok());
  EXPECT_THAT(Ages(),
              ElementsAre(Pair("harassment", 3600), Pair("seniors", 7200.001)));
  Decide(Claim(next), kReviewer, 'e');
  EXPECT_THAT(Ages(), ElementsAre(Pair("seniors", 7200.001)));
}

TEST_F(ModerationFiguresTest, GoesOnWhereAnotherInstanceEnded) {
  ReportAbout("mallory");
  EXPECT_THAT(Depths(), ElementsAre(Pair("harassment open", 1)));
  QueueFigures other(
      {*world_.engine, world_.process->routing, world_.clock, world_.random});
  std::string second = ReportAbout("mordred");
  EXPECT_EQ(other.Keep(), limits::kWorkerLeaseLook);
  EXPECT_THAT(Gauge("queue_depth"), ElementsAre(Pair("harassment open", 1)))
      << "the lease is the first one's";
  world_.process->figures.End();
  other.Keep();
  EXPECT_THAT(Gauge("queue_depth"), ElementsAre(Pair("harassment open", 2)))
      << "whoever counts, everybody tells";
  Decide(Claim(second));
  other.Keep();
  other.End();
  EXPECT_THAT(Depths(), ElementsAre(Pair("harassment open", 1)));
}

}  // namespace
}  // namespace frank::moderation
