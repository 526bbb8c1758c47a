// What frank-moderation counts of its work, each thing once.
#include "services/moderation/moderation_metrics.h"

#include <map>
#include <numeric>
#include <string>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class ModerationMetricsTest : public QueueFixture {
 protected:
  // The samples of a family that are not zero, by their labels; of a
  // histogram, how many were observed.
  std::map<std::string, double> Counted(const std::string& name) {
    std::map<std::string, double> counted;
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name != name) continue;
      for (const auto& sample : reading.samples) {
        double value = sample.value;
        if (!sample.counts.empty()) {
          value =
              std::accumulate(sample.counts.begin(), sample.counts.end(), 0.0);
        }
        if (value != 0) {
          counted[absl::StrJoin(sample.labels, ",")] = value;
        }
      }
    }
    return counted;
  }
};

TEST_F(ModerationMetricsTest, CountsAVerdictWhenItIsGivenAndWhenItChanges) {
  SentMessage proven = world_.platform.SendText(kMallory, "abuse");
  SentMessage forged = world_.platform.SendText(kMallory, "abuse");
  forged.reported.mutable_frank()->set_room_uri("mimi://hub.example/r/other");
  SentMessage later =
      world_.platform.SendText(kMallory, "abuse", StampingPlatform::kLater);
  world_.Report(
      world_.Content(kMallory, "harassment.hate", {proven, forged, later}),
      kBob);
  world_.Fold();
  EXPECT_THAT(Counted("report_verification_total"),
              ElementsAre(Pair("forged_frank", 1), Pair("proven", 1),
                          Pair("unknown_key", 1)));
  world_.Restart(/*with_later_window=*/true);
  world_.Fold();
  EXPECT_THAT(Counted("report_verification_total"),
              ElementsAre(Pair("proven", 1)));
  EXPECT_THAT(Counted("report_proof_age_seconds"), ElementsAre(Pair("", 1)));
}

TEST_F(ModerationMetricsTest, CountsAReportThatDoesNotOpen) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  request.mutable_sealed_report()->back() ^= 1;
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  EXPECT_THAT(Counted("report_verification_total"),
              ElementsAre(Pair("unopenable", 1)));
}

TEST_F(ModerationMetricsTest, TellsHowOldAProofWasWhenItWasReported) {
  world_.clock.Set(kNow + 2 * kHour);
  ReportMessage("mallory", "harassment.hate", "bob",
                world_.platform.SendText(kMallory, "abuse", kNow));
  for (const auto& reading : world_.process->counted.ReadAll()) {
    if (reading.family.name != "report_proof_age_seconds") continue;
    EXPECT_NEAR(reading.samples.at(0).value, 2 * 3600, 1);
    // Up to a minute, ten, an hour, six hours.
    EXPECT_EQ(reading.samples.at(0).counts.at(3), 1);
  }
}

TEST_F(ModerationMetricsTest, CountsALeaseThatEndsOnceWhoeverFindsIt) {
  std::string id = ReportAbout("mallory");
  Claim(id);
  world_.clock.Advance(15 * kMinute);
  Tend();
  Tend();
  EXPECT_THAT(Counted("lease_expired_total"), ElementsAre(Pair("", 1)));
  // A claim of the next finds it before the worker does.
  Claim(id);
  world_.clock.Advance(15 * kMinute);
  EXPECT_EQ(Claim("", kSecondReviewer).case_id(), id);
  EXPECT_THAT(Counted("lease_expired_total"), ElementsAre(Pair("", 2)));
  // A claim by name takes it as it is.
  world_.clock.Advance(15 * kMinute);
  Claim(id);
  EXPECT_THAT(Counted("lease_expired_total"), ElementsAre(Pair("", 3)));
  // Who takes their own case again has not lost it.
  world_.clock.Advance(15 * kMinute);
  v1::CaseSummary held = Claim(id);
  ASSERT_TRUE(world_.Release(kReviewer, held, "").ok());
  Tend();
  EXPECT_THAT(Counted("lease_expired_total"), ElementsAre(Pair("", 3)));
}

TEST_F(ModerationMetricsTest,
       CountsPiecesThatWereShownAndBudgetsThatWereSpent) {
  auto* budget = world_.config.mutable_exposure()->add_budget();
  budget->set_category("text");
  budget->set_pieces(1);
  budget->set_load(1);
  world_.Restart();
  std::string id = ReportAbout("mallory");
  Claim(id);
  ASSERT_TRUE(world_.GetCase(kReviewer, id, true).ok());
  EXPECT_THAT(Counted("reveal_total"), ElementsAre(Pair("text", 1)));
  EXPECT_TRUE(Counted("exposure_budget_exhausted_total").empty());
  std::string other = ReportAbout("mordred");
  Claim(other);
  EXPECT_EQ(Reason(world_.GetCase(kReviewer, other, true).status()),
            "EXPOSURE_SPENT");
  EXPECT_THAT(Counted("exposure_budget_exhausted_total"),
              ElementsAre(Pair("", 1)));
  EXPECT_THAT(Counted("reveal_total"), ElementsAre(Pair("text", 1)));
}

}  // namespace
}  // namespace frank::moderation
