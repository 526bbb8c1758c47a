// Those who report: what their word weighs, muting, and proofs that are
// replayed.
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/act_view.h"
#include "services/moderation/reporter_handler.h"
#include "services/moderation/reporter_tally.h"
#include "storage/intake_store.h"
#include "storage/reporter_store.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using storage::v1::ReporterOutcomesRecord;
using storage::v1::ReporterRecord;
using ::testing::SizeIs;

constexpr char kCarol[] = "mimi://hub.example/u/carol";

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

class ModerationReportersTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      void (ReporterHandler::*method)(const services::Call&, const Request&,
                                      services::Done<Response>),
      const Request& request, const std::string& token = kSenior) {
    ReporterDesk desk({*world_.engine, world_.clock});
    ReporterHandler handler(world_.process->moderators, desk);
    services::Call call;
    call.bearer_token = token;
    absl::Notification answered;
    absl::StatusOr<Response> result = absl::UnknownError("not answered");
    (handler.*method)(call, request, [&](absl::StatusOr<Response> answer) {
      result = std::move(answer);
      answered.Notify();
    });
    answered.WaitForNotification();
    return result;
  }
  v1::GetReporterResponse Show(const std::string& uri) {
    v1::GetReporterRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::GetReporter, request).value();
  }
  v1::Reporter Of(const std::string& uri) {
    world_.CountOutcomes();
    return Show(uri).reporter();
  }
  absl::Status Mute(const std::string& uri, UnixMillis until) {
    v1::MuteReporterRequest request;
    request.set_reporter_uri(uri);
    request.set_until(until);
    return Ask(&ReporterHandler::MuteReporter, request).status();
  }
  absl::Status Unmute(const std::string& uri) {
    v1::UnmuteReporterRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::UnmuteReporter, request).status();
  }
  absl::Status Release(const std::string& uri) {
    v1::ReleaseReportsRequest request;
    request.set_reporter_uri(uri);
    return Ask(&ReporterHandler::ReleaseReports, request).status();
  }

  void Link(const std::string& moderator, const std::string& account) {
    v1::LinkAccountRequest request;
    request.set_id(moderator);
    request.set_account_uri(account);
    ASSERT_TRUE(
        world_.People(&ModeratorHandler::LinkAccount, kAdministrator, request)
            .ok());
  }

  SentMessage Text(const std::string& text) {
    return world_.platform.SendText(kMallory, text);
  }
  // One whose key is gone.
  SentMessage Unproven(const std::string& text) {
    return world_.platform.SendText(kMallory, text, StampingPlatform::kDead);
  }
  void Report(const std::string& reporter,
              const std::vector<SentMessage>& messages,
              const std::string& reason = "harassment.hate") {
    world_.Report(world_.Content(kMallory, reason, messages), reporter);
    world_.Fold();
  }
  // The same with the platform's word that the reporter was not in the room.
  void Replay(const std::string& reporter, const SentMessage& message,
              const std::string& reason = "harassment.hate",
              v1::Membership membership = v1::MEMBERSHIP_NOT_A_MEMBER) {
    v1::ForwardRequest request =
        world_.Seal(world_.Content(kMallory, reason, {message}), reporter);
    request.set_member(0, membership);
    ASSERT_TRUE(world_.Forward({request}).ok());
    world_.Fold();
  }
  int OpenCases() { return world_.ListCases(kSenior)->case_summary_size(); }
  void Decide(v1::ActionKind action) {
    v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
    auto decided = world_.DecideOne(held, {MakeAction(action)}, ++id_);
    ASSERT_TRUE(decided.ok()) << decided.status();
  }

  DecisionWorld world_;
  char id_ = 'a';
};

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

TEST_F(ModerationReportersTest, HoldsReportsOfAMutedReporterInTheirLane) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")}, "violence.incitement");
  EXPECT_EQ(OpenCases(), 0) << "it opens none by itself";
  Report(kCarol, {Text("other")});
  Report(kBob, {Unproven("more")}, "harassment.targeted");
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u) << "it raises none";
  v1::GetReporterResponse shown = Show(kBob);
  EXPECT_EQ(shown.reporter().muted_until(), world_.clock.Now() + kDay);
  EXPECT_EQ(shown.reporter().muted_by(), "sena");
  ASSERT_THAT(shown.held(), SizeIs(2));
  EXPECT_EQ(shown.held(0).accused_uri(), kMallory);
  EXPECT_EQ(shown.held(0).message_count(), 1u);
  EXPECT_EQ(shown.held(0).proven_count(), 0u);
  EXPECT_FALSE(shown.more_held());
}

TEST_F(ModerationReportersTest, HoldsBackNoProofAndNothingUrgent) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Text("abuse")});
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1u);
  Report(kBob, {}, "violence.threat");
  EXPECT_EQ(OpenCases(), 2);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  // A forgery with the same reason is not urgent.
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged}, "violence.threat");
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
}

TEST_F(ModerationReportersTest, LosesNoProofWhoseKeyComesDuringAMute) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 20 * kDay).ok());
  Report(kBob, {world_.platform.SendText(kMallory, "abuse",
                                         StampingPlatform::kLater)});
  ASSERT_THAT(Show(kBob).held(), SizeIs(1));
  world_.clock.Advance(limits::kUnknownKeyRetryInterval);
  world_.Fold();
  EXPECT_THAT(Show(kBob).held(), SizeIs(1)) << "the key has not come";
  world_.Restart(/*with_later_window=*/true);
  world_.clock.Advance(limits::kUnknownKeyRetryInterval);
  world_.Fold();
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1u);
}

TEST_F(ModerationReportersTest, HoldsNoReportForLongerThanAMuteMayLast) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + limits::kMaxMute).ok());
  Report(kBob, {Unproven("abuse")});
  world_.clock.Advance(limits::kMaxMute - 1);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + limits::kMaxMute).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
}

TEST_F(ModerationReportersTest, HoldsWhatWaitedWhenTheMuteBegan) {
  world_.Report(
      world_.Content(kMallory, "harassment.hate", {Unproven("abuse")}), kBob);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
}

TEST_F(ModerationReportersTest, LetsTheLaneGoWhenTheMuteEnds) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  world_.clock.Advance(kDay - 1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_EQ(world_.OnlyCase().unproven_count(), 1u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(Of(kBob).muted_until(), 0u);
  EXPECT_EQ(Of(kBob).report_count(), 1u);
}

TEST_F(ModerationReportersTest, HoldsOnWhenTheMuteIsExtended) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  world_.clock.Advance(kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
  world_.clock.Advance(2 * kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
}

TEST_F(ModerationReportersTest, MakesNothingUrgentByTheEndOfAMute) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  Report(kBob, {});
  world_.clock.Advance(3 * kDay);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().deadline(), world_.clock.Now() + 24 * kHour);
}

TEST_F(ModerationReportersTest, LetsTheLaneGoSoonerWhenTheMuteIsShortened) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + 3 * kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  world_.clock.Advance(kDay - 1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  world_.clock.Advance(1);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
}

TEST_F(ModerationReportersTest, ReleasesAHeldReportThatCouldNotBeFolded) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  v1::ForwardRequest bad =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  ASSERT_TRUE(world_.Forward({bad}).ok());
  world_.Fold();
  storage::ReportRef ref{kBob,
                         ReportId::Parse("report_id", bad.report_id()).value()};
  std::string key = storage::schema::SealedPieceKey(ref, 0);
  std::string piece = **world_.engine->Get(key);
  auto put = [&](const std::string& value) {
    ASSERT_TRUE(
        storage::RunTransactionAndWait(*world_.engine,
                                       [&](storage::Transaction& transaction) {
                                         transaction.Put(key, value);
                                         return absl::OkStatus();
                                       })
            .ok());
  };
  put("damaged");
  world_.clock.Advance(kDay);
  world_.Fold();
  EXPECT_EQ(OpenCases(), 0);
  // The mute is renewed; what was put off is let go all the same.
  put(piece);
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  ASSERT_TRUE(Release(kBob).ok());
  world_.Fold();
  EXPECT_EQ(OpenCases(), 1);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  std::vector<storage::schema::DueReport> waiting =
      storage::ScanWaiting(*world_.engine, world_.clock.Now() + kDay, 8)
          .value();
  EXPECT_THAT(waiting, SizeIs(0)) << "it is in the queue once";
}

TEST_F(ModerationReportersTest, LetsTheLaneGoWhenTheReporterIsUnmuted) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  for (int i = 0; i < 3; ++i) Report(kBob, {Unproven(absl::StrCat(i))});
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 3u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  Report(kBob, {Unproven("later")});
  EXPECT_EQ(world_.OnlyCase().report_count(), 4u);
}

TEST_F(ModerationReportersTest, LetsGoWhatASeniorReleasesAndHoldsWhatComes) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("one")});
  ASSERT_TRUE(Release(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u);
  Report(kBob, {Unproven("two")});
  EXPECT_EQ(world_.OnlyCase().report_count(), 1u);
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
  EXPECT_NE(Of(kBob).muted_until(), 0u);
}

TEST_F(ModerationReportersTest, LetsALargeLaneGoWhole) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  std::vector<v1::ForwardRequest> requests;
  for (int i = 0; i < 300; ++i) {
    requests.push_back(
        world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob));
  }
  ASSERT_TRUE(world_.Forward(requests).ok());
  world_.Fold();
  v1::GetReporterResponse shown = Show(kBob);
  EXPECT_THAT(shown.held(), SizeIs(200));
  EXPECT_TRUE(shown.more_held());
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 300u);
}

TEST_F(ModerationReportersTest, WritesAnActForEachChange) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_TRUE(Release(kBob).ok());
  ASSERT_TRUE(Unmute(kBob).ok());
  ASSERT_TRUE(Unmute(kBob).ok()) << "nothing changes";
  auto acts = ShowActs(*world_.engine, ReporterSubject(kBob), 0).value();
  std::vector<std::string> names;
  for (const auto& act : acts.act()) names.push_back(act.act());
  EXPECT_THAT(names, testing::ElementsAre("reporter.muted", "reporter.released",
                                          "reporter.unmuted"));
  EXPECT_EQ(acts.act(0).actor(), "moderator:sena");
  EXPECT_EQ(acts.act(0).subject().find("bob"), std::string::npos)
      << "the log names nobody who reported";
}

TEST_F(ModerationReportersTest, RefusesRequestsThatBreakALimit) {
  UnixMillis now = world_.clock.Now();
  EXPECT_EQ(FindFieldViolation(Mute("", now + kDay)).value().field,
            "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Unmute("")).value().field, "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Release("")).value().field, "reporter_uri");
  EXPECT_EQ(FindFieldViolation(Mute(kBob, now)).value().field, "until");
  EXPECT_EQ(
      FindFieldViolation(Mute(kBob, now + limits::kMaxMute + 1)).value().field,
      "until");
  EXPECT_TRUE(Mute(kBob, now + limits::kMaxMute).ok());
}

TEST_F(ModerationReportersTest, KeepsLinkedSeniorsFromMutesAndLanes) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  Report(kBob, {Unproven("abuse")});
  ASSERT_THAT(Show(kBob).held(), SizeIs(1));
  Link("sena", kMallory);
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  EXPECT_EQ(FindReason(Mute(kBob, world_.clock.Now() + 2 * kDay)),
            "NOT_PERMITTED");
  EXPECT_EQ(FindReason(Unmute(kBob)), "NOT_PERMITTED");
  EXPECT_EQ(FindReason(Release(kBob)), "NOT_PERMITTED");
  EXPECT_EQ(Of(kBob).muted_until(), world_.clock.Now() + kDay);
  // Whoever else reported is theirs to mute, but not they themselves.
  EXPECT_TRUE(Mute(kCarol, world_.clock.Now() + kDay).ok());
  EXPECT_EQ(FindReason(Mute(kMallory, world_.clock.Now() + kDay)),
            "NOT_PERMITTED");
}

TEST_F(ModerationReportersTest, KeepsLinkedSeniorsFromWhoProvedSomething) {
  Report(kBob, {Text("abuse")});
  ASSERT_THAT(Show(kBob).held(), SizeIs(0));
  Link("sena", kMallory);
  EXPECT_EQ(FindReason(Mute(kBob, world_.clock.Now() + kDay)), "NOT_PERMITTED");
  EXPECT_TRUE(Mute(kCarol, world_.clock.Now() + kDay).ok());
}

TEST_F(ModerationReportersTest, ListsMutesByTheirEndInPages) {
  const UnixMillis now = world_.clock.Now();
  ASSERT_TRUE(Mute(kCarol, now + 2 * kDay).ok());
  ASSERT_TRUE(Mute(kBob, now + 3 * kDay).ok());
  ASSERT_TRUE(Mute(kBob, now + kDay).ok());
  ASSERT_TRUE(Mute(kAlice, now + 2 * kDay).ok());
  Report(kBob, {Unproven("one")});
  Report(kBob, {Unproven("two")});
  v1::ListMutesRequest request;
  request.set_page_size(2);
  v1::ListMutesResponse page =
      Ask(&ReporterHandler::ListMutes, request, kReviewer).value();
  ASSERT_THAT(page.mute(), SizeIs(2));
  EXPECT_EQ(page.mute(0).reporter_uri(), kBob);
  EXPECT_EQ(page.mute(0).until(), now + kDay);
  EXPECT_EQ(page.mute(0).muted_by(), "sena");
  EXPECT_EQ(page.mute(0).held_count(), 2u);
  EXPECT_FALSE(page.mute(0).more_held());
  EXPECT_EQ(page.mute(1).reporter_uri(), kAlice);
  request.set_page_token(page.next_page_token());
  page = Ask(&ReporterHandler::ListMutes, request).value();
  ASSERT_THAT(page.mute(), SizeIs(1));
  EXPECT_EQ(page.mute(0).reporter_uri(), kCarol);
  EXPECT_EQ(page.next_page_token(), "");
  ASSERT_TRUE(Unmute(kCarol).ok());
  world_.clock.Advance(kDay);
  page = Ask(&ReporterHandler::ListMutes, v1::ListMutesRequest()).value();
  ASSERT_THAT(page.mute(), SizeIs(1)) << "one was ended, one has ended";
  EXPECT_EQ(page.mute(0).reporter_uri(), kAlice);
}

TEST_F(ModerationReportersTest, RefusesPagesOfMutesThatItDidNotGive) {
  v1::ListMutesRequest request;
  request.set_page_size(201);
  EXPECT_EQ(FindFieldViolation(Check(request))->field, "page_size");
  request.set_page_size(200);
  EXPECT_TRUE(Check(request).ok());
  for (const char* token : {"?", "AAAA", "AAAAAAAAAAAAAA"}) {
    request.set_page_token(token);
    EXPECT_EQ(FindFieldViolation(Check(request))->field, "page_token") << token;
  }
}

TEST_F(ModerationReportersTest, TellsHowManyReportsWait) {
  const auto held = [this] {
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name == "reports_held") {
        return reading.samples.at(0).value;
      }
    }
    return -1.0;
  };
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  EXPECT_EQ(held(), 0);
  Report(kBob, {Unproven("one")});
  Report(kBob, {Unproven("two")});
  EXPECT_EQ(held(), 2);
  ASSERT_TRUE(Unmute(kBob).ok());
  world_.Fold();
  EXPECT_EQ(held(), 0);
}

TEST_F(ModerationReportersTest, ShowsChildSafetyOnlyToWhoMayHaveIt) {
  ASSERT_TRUE(Mute(kBob, world_.clock.Now() + kDay).ok());
  SentMessage forged = Text("abuse");
  forged.reported.mutable_whole()->mutable_content()->back() ^= 1;
  Report(kBob, {forged}, "child_safety.grooming");
  EXPECT_THAT(Show(kBob).held(), SizeIs(0));
  for (auto& moderator : *world_.config.mutable_moderator()) {
    moderator.set_child_safety(true);
  }
  world_.Restart();
  EXPECT_THAT(Show(kBob).held(), SizeIs(1));
}

TEST_F(ModerationReportersTest, LetsOnlySeniorsMute) {
  v1::MuteReporterRequest request;
  request.set_reporter_uri(kBob);
  request.set_until(world_.clock.Now() + kDay);
  for (const char* token : {kReviewer, kAuditor, kAdministrator, kNobody}) {
    EXPECT_TRUE(absl::IsPermissionDenied(
        Ask(&ReporterHandler::MuteReporter, request, token).status()))
        << token;
  }
  EXPECT_EQ(Of(kBob).muted_until(), 0u);
}

}  // namespace
}  // namespace frank::moderation
