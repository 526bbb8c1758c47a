// Those who report: what their word weighs, and proofs that are replayed.
#include <string>

#include "absl/strings/str_cat.h"
#include "services/moderation/reporter_tally.h"
#include "storage/reporter_schema.h"
#include "storage/reporter_store.h"
#include "tests/services/reporter_fixture.h"

namespace frank::moderation {
namespace {

using storage::v1::ReporterOutcomesRecord;
using storage::v1::ReporterRecord;
using ::testing::SizeIs;

uint32_t Weight(uint32_t upheld, uint32_t not_upheld, uint32_t bad,
                uint32_t replays) {
  ReporterRecord record;
  record.set_bad_count(bad);
  record.set_replay_count(replays);
  ReporterOutcomesRecord outcomes;
  outcomes.set_upheld_count(upheld);
  outcomes.set_not_upheld_count(not_upheld);
  return ReporterWeight(record, outcomes);
}

TEST(ReporterWeightTest, FollowsTheFormula) {
  EXPECT_EQ(Weight(0, 0, 0, 0), 1000u) << "nobody begins with less";
  EXPECT_EQ(Weight(9, 0, 0, 0), 1000u);
  EXPECT_EQ(Weight(0, 4, 0, 0), 500u);
  EXPECT_EQ(Weight(0, 0, 2, 0), 500u);
  EXPECT_EQ(Weight(0, 0, 0, 4), 500u);
  EXPECT_EQ(Weight(4, 4, 0, 0), 666u);
  EXPECT_EQ(Weight(0, 1000, 0, 0), 3u);
  EXPECT_EQ(Weight(0, UINT32_MAX, 0, 0), 1u) << "never nothing";
  EXPECT_EQ(Weight(UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX), 200u);
}

class ModerationReportersTest : public ReporterFixture {};

TEST_F(ModerationReportersTest, HasAnEmptyRecordForWhoNeverReported) {
  v1::Reporter nobody = Of("mimi://hub.example/u/does-not-exist");
  EXPECT_EQ(nobody.report_count(), 0u);
  EXPECT_EQ(nobody.weight(), 1000u);
  EXPECT_EQ(nobody.muted_until(), 0u);
}

TEST_F(ModerationReportersTest, CountsWhatReportsShowed) {
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {Text("one"), Text("two")});
  Report(kBob, {forged});
  Report(kBob, {});
  EXPECT_EQ(Of(kBob).report_count(), 3u);
  EXPECT_EQ(Of(kBob).proven_count(), 1u);
  EXPECT_EQ(Of(kBob).bad_count(), 1u);
  EXPECT_EQ(Of(kBob).weight(), 666u);
  EXPECT_EQ(Of(kCarol).report_count(), 0u);
}

TEST_F(ModerationReportersTest, CountsAForgeryBesideAMessageOfTheReporter) {
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged, world_.platform.SendText(kBob, "mine")});
  EXPECT_EQ(Of(kBob).bad_count(), 1u);
  EXPECT_EQ(world_.OnlyCase().proof(), v1::PROOF_STATUS_FORGED);
  // A key that is missing makes up for a forgery as little.
  Report(kCarol, {forged, world_.platform.SendText(kMallory, "later",
                                                   StampingPlatform::kLater)});
  EXPECT_EQ(Of(kCarol).bad_count(), 1u);
  world_.Restart(/*with_later_window=*/true);
  world_.Fold();
  EXPECT_EQ(Of(kCarol).bad_count(), 0u) << "it proves something after all";
  EXPECT_EQ(Of(kCarol).proven_count(), 1u);
  EXPECT_EQ(world_.OnlyCase().proof(), v1::PROOF_STATUS_PROVEN);
}

TEST_F(ModerationReportersTest, CountsSeveralReportsOfOneReporterInOneFold) {
  for (int i = 0; i < 5; ++i) {
    world_.Report(
        world_.Content(kMallory, "harassment.hate", {Text(absl::StrCat(i))}),
        kBob);
  }
  world_.Fold();
  EXPECT_EQ(Of(kBob).report_count(), 5u);
  EXPECT_EQ(Of(kBob).proven_count(), 5u);
}

TEST_F(ModerationReportersTest, HoldsNoMissingKeyAgainstAReporter) {
  world_.Restart(false, /*with_review_key=*/false);
  Report(kBob, {Text("abuse")});
  EXPECT_EQ(Of(kBob).report_count(), 1u);
  EXPECT_EQ(Of(kBob).bad_count(), 0u);
  world_.Restart();
  world_.Fold();
  EXPECT_EQ(Of(kBob).report_count(), 1u) << "it is the same report";
  EXPECT_EQ(Of(kBob).proven_count(), 1u);
}

TEST_F(ModerationReportersTest, CountsOutcomesOnceForEachReporterOfACase) {
  SentMessage message = Text("abuse");
  Report(kBob, {message});
  Report(kBob, {Text("more")});
  Report(kCarol, {});
  Decide(v1::ACTION_KIND_WARN);
  EXPECT_EQ(Of(kBob).upheld_count(), 1u);
  EXPECT_EQ(Of(kBob).not_upheld_count(), 0u);
  EXPECT_EQ(Of(kCarol).upheld_count(), 0u) << "she proved nothing";
  EXPECT_EQ(Of(kCarol).not_upheld_count(), 0u);
}

TEST_F(ModerationReportersTest, CountsADecisionWithoutActionAgainstAll) {
  Report(kBob, {Text("banter")});
  Report(kCarol, {});
  Decide(v1::ACTION_KIND_NONE);
  EXPECT_EQ(Of(kBob).not_upheld_count(), 1u);
  EXPECT_EQ(Of(kCarol).not_upheld_count(), 1u);
  EXPECT_EQ(Of(kBob).weight(), 800u);
}

TEST_F(ModerationReportersTest, CountsNothingWhereTheReporterIsAsked) {
  Report(kBob, {Text("abuse")});
  Decide(v1::ACTION_KIND_ASK_REPORTER);
  EXPECT_EQ(Of(kBob).upheld_count(), 0u);
  EXPECT_EQ(Of(kBob).not_upheld_count(), 0u);
}

TEST_F(ModerationReportersTest, CountsNoDecisionThatIsUndone) {
  Report(kBob, {Text("abuse")});
  Decide(v1::ACTION_KIND_WARN);
  // A report that the decision did not count is not taken back with it.
  Report(kCarol, {Text("later")});
  ASSERT_TRUE(world_.Undo(kReviewer, id_).ok());
  EXPECT_EQ(Of(kBob).upheld_count(), 0u);
  EXPECT_EQ(Of(kBob).not_upheld_count(), 0u);
  EXPECT_EQ(Of(kBob).proven_count(), 1u);
  EXPECT_EQ(Of(kCarol).upheld_count(), 0u);
}

TEST_F(ModerationReportersTest, TakesBackWhatAnUndoneDecisionCounted) {
  Report(kBob, {Text("abuse")});
  Decide(v1::ACTION_KIND_WARN);
  EXPECT_EQ(Of(kBob).upheld_count(), 1u);
  ASSERT_TRUE(world_.Undo(kReviewer, id_).ok());
  EXPECT_EQ(Of(kBob).upheld_count(), 0u);
  EXPECT_EQ(Of(kBob).upheld_count(), 0u) << "once";
}

TEST_F(ModerationReportersTest, CountsADecisionThatIsReversedAsNotUpheld) {
  Report(kBob, {Text("abuse")});
  Report(kCarol, {});
  Decide(v1::ACTION_KIND_WARN);
  EXPECT_EQ(Of(kBob).upheld_count(), 1u);
  world_.clock.Advance(1 * kHour);
  world_.Send();
  auto reversed = world_.Reverse(kSenior, id_);
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(Of(kBob).upheld_count(), 0u);
  EXPECT_EQ(Of(kBob).not_upheld_count(), 1u);
  EXPECT_EQ(Of(kCarol).not_upheld_count(), 1u);
}

TEST_F(ModerationReportersTest, CountsTheOthersWhenAMarkIsDamaged) {
  for (int i = 0; i < 3; ++i) {
    Report(kBob, {Text(absl::StrCat("abuse ", i))});
    Decide(v1::ACTION_KIND_WARN);
  }
  const DecisionId first =
      storage::ScanUncounted(*world_.engine, 16).value().front();
  ASSERT_TRUE(
      storage::RunTransactionAndWait(*world_.engine, [&](storage::Transaction&
                                                             transaction) {
        transaction.Put(storage::schema::OutcomeMarkKey(first, kBob),
                        "damaged");
        return absl::OkStatus();
      }).ok());
  EXPECT_EQ(Of(kBob).upheld_count(), 2u);
}

TEST_F(ModerationReportersTest, GivesTheCaseTheHighestWeightOfItsReporters) {
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged});
  EXPECT_EQ(world_.OnlyCase().reporter_weight(), 666u);
  Report(kBob, {forged});
  EXPECT_EQ(world_.OnlyCase().reporter_weight(), 666u) << "as it was then";
  Report(kCarol, {Text("more")});
  EXPECT_EQ(world_.OnlyCase().reporter_weight(), 1000u);
}

TEST_F(ModerationReportersTest, CountsEachMemberOfTheRoomWhoReports) {
  SentMessage message = Text("abuse");
  Report(kBob, {message});
  Report(kCarol, {message});
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1u);
  EXPECT_EQ(world_.OnlyCase().proven_reporter_count(), 2u);
  EXPECT_EQ(world_.OnlyCase().replay_count(), 0u);
}

TEST_F(ModerationReportersTest, CountsAProofOnceThatManyAccountsReplay) {
  SentMessage message = Text("abuse");
  Replay(kBob, message);
  for (int i = 0; i < 5; ++i) {
    Replay(absl::StrCat("mimi://other.example/u/", i), message);
  }
  Replay("mimi://other.example/u/0", message);
  v1::CaseSummary shown = world_.OnlyCase();
  EXPECT_EQ(shown.proven_count(), 1u);
  EXPECT_EQ(shown.proven_reporter_count(), 1u);
  EXPECT_EQ(shown.replay_count(), 5u);
  v1::GetCaseResponse full =
      world_.GetCase(kReviewer, shown.case_id(), false).value();
  EXPECT_EQ(full.evidence(0).reporter_count(), 6u);
  EXPECT_EQ(full.evidence(0).replay_count(), 5u);
  EXPECT_EQ(Of("mimi://other.example/u/0").replay_count(), 1u);
  EXPECT_EQ(Of(kBob).replay_count(), 0u);
}

TEST_F(ModerationReportersTest, BlamesNobodyOfWhomThePlatformDoesNotKnow) {
  SentMessage message = Text("abuse");
  for (const char* reporter : {kBob, kCarol}) {
    Replay(reporter, message, "harassment.hate", v1::MEMBERSHIP_UNSPECIFIED);
  }
  EXPECT_EQ(Of(kCarol).replay_count(), 0u);
  EXPECT_EQ(Of(kCarol).weight(), 1000u);
  EXPECT_EQ(world_.OnlyCase().replay_count(), 0u);
  EXPECT_EQ(world_.OnlyCase().proven_reporter_count(), 1u)
      << "yet it is one proof";
}

TEST_F(ModerationReportersTest, CountsNoReplayOfWhatIsOnlyContext) {
  SentMessage context = world_.platform.SendText(kAlice, "hello");
  Report(kBob, {Text("one"), context});
  v1::ForwardRequest request = world_.Seal(
      world_.Content(kMallory, "harassment.hate", {Text("two"), context}),
      kCarol);
  request.set_member(1, v1::MEMBERSHIP_NOT_A_MEMBER);
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  EXPECT_EQ(Of(kCarol).replay_count(), 0u);
  EXPECT_EQ(world_.OnlyCase().replay_count(), 0u);
}

TEST_F(ModerationReportersTest, CountsAProofOnceThatIsReplayedInOneFold) {
  SentMessage message = Text("abuse");
  std::vector<v1::ForwardRequest> requests;
  for (int i = 0; i < 4; ++i) {
    requests.push_back(
        world_.Seal(world_.Content(kMallory, "harassment.hate", {message}),
                    absl::StrCat("mimi://other.example/u/", i)));
    requests.back().set_member(0, v1::MEMBERSHIP_NOT_A_MEMBER);
  }
  ASSERT_TRUE(world_.Forward(requests).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().proven_reporter_count(), 1u);
  EXPECT_EQ(world_.OnlyCase().replay_count(), 3u);
}

TEST_F(ModerationReportersTest, CountsAMemberAfterAReplay) {
  SentMessage message = Text("abuse");
  Report(kBob, {message});
  Replay(kCarol, message);
  EXPECT_EQ(world_.OnlyCase().proven_reporter_count(), 1u);
  // The platform says now what it did not say before.
  Report(kCarol, {message});
  EXPECT_EQ(world_.OnlyCase().proven_reporter_count(), 2u);
  EXPECT_EQ(world_.OnlyCase().replay_count(), 1u);
}

TEST_F(ModerationReportersTest, KnowsAReplayInAnotherCase) {
  SentMessage message = Text("abuse");
  Report(kBob, {message});
  Replay(kCarol, message);
  Replay(kCarol, message, "violence.threat");
  v1::ListCasesResponse list = world_.ListCases(kSenior).value();
  ASSERT_THAT(list.case_summary(), SizeIs(2));
  for (const v1::CaseSummary& summary : list.case_summary()) {
    EXPECT_EQ(summary.proven_reporter_count(),
              summary.policy_area() == "harassment" ? 1u : 0u);
  }
}

TEST_F(ModerationReportersTest, RefusesMembershipThatFitsNoFrank) {
  v1::ForwardRequest request = world_.Seal(
      world_.Content(kMallory, "harassment.hate", {Text("x")}), kBob);
  request.add_member(v1::MEMBERSHIP_MEMBER);
  EXPECT_EQ(FindFieldViolation(Intake::Check(request)).value().field, "member");
}

}  // namespace
}  // namespace frank::moderation
