// Decisions: several actions and cases, effects that wait, undoing, reversal,
// strikes, previews.
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/decision_store.h"
#include "storage/effect_store.h"
#include "tests/services/decision_world.h"
#include "tests/services/hooked_engine.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const v1::Action kWarn = MakeAction(v1::ACTION_KIND_WARN);
const v1::Action kNone = MakeAction(v1::ACTION_KIND_NONE);
const v1::Action kWeek = MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 7 * kDay);
const v1::Action kLimit =
    MakeAction(v1::ACTION_KIND_LIMIT, kNow + 30 * kDay, 10);

class DecisionTest : public ::testing::Test {
 protected:
  std::vector<storage::StoredEffect> Outbox() {
    return storage::ScanEffects(*world_.engine, UINT64_MAX, 100).value();
  }
  RememberingPlatform::Effective AtPlatform() {
    return world_.receiver.At(kMallory, world_.clock.Now());
  }
  void LetEffectsGo() {
    world_.clock.Advance(1 * kMinute);
    world_.Send();
  }
  std::vector<std::string> ActsOf(const std::string& case_id) {
    std::vector<std::string> acts;
    const v1::ListActsResponse listed = world_.Acts(kAuditor, case_id).value();
    for (const auto& act : listed.act()) acts.push_back(act.act());
    return acts;
  }

  DecisionWorld world_;
};

TEST_F(DecisionTest, DatesADecisionWithinItsTransaction) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  HookedEngine hooked(*world_.engine);
  hooked.on_begin = [&] { world_.clock.Advance(1 * kSecond); };
  DecisionDesk desk({hooked, world_.process->vault, world_.process->policies,
                     world_.clock, world_.random, world_.process->timing,
                     15 * kMinute});
  Moderator rita;
  rita.id = "rita";
  rita.roles = {Role::kReviewer};
  auto decided = Await<v1::DecideCaseResponse>([&](auto done) {
    desk.Decide(rita, world_.Decision(held, {kWarn}, IdOf('a')),
                std::move(done));
  });
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->decision().decided_at(), world_.clock.Now());
  EXPECT_EQ(decided->decision().effects_due_at(),
            world_.clock.Now() + 1 * kMinute);
  DecisionDesk::Change undo;
  undo.kind = v1::DECISION_EVENT_KIND_UNDONE;
  undo.decision_id = IdOf('a');
  undo.act_id = IdOf('U');
  auto undone = Await<ChangedDecision>(
      [&](auto done) { desk.Apply(rita, undo, std::move(done)); });
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->decision.event(0).happened_at(), world_.clock.Now());
}

TEST_F(DecisionTest, CarriesSeveralActions) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  auto decided = world_.DecideOne(held, {kWarn, kLimit, kWeek}, 'a');
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->decision().state(), v1::DECISION_STATE_MADE);
  EXPECT_EQ(decided->decision().effects_due_at(),
            world_.clock.Now() + 1 * kMinute);
  LetEffectsGo();
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{true, 10}));
  EXPECT_THAT(world_.receiver.notices, ElementsAre(v1::NOTICE_KIND_SUSPENDED));
}

TEST_F(DecisionTest, DecidesManyCasesOfAnAccountInOneAct) {
  v1::CaseSummary first = world_.NewCase(kMallory, "harassment.hate");
  v1::CaseSummary second =
      world_.NewCase(kMallory, "violence.threat", kReviewer, kAlice);
  auto request = world_.Decision(first, {kWeek}, IdOf('a'));
  *request.add_held_case() =
      world_.Decision(second, {kWeek}, IdOf('a')).held_case(0);
  auto decided = world_.Decide(kReviewer, request);
  ASSERT_TRUE(decided.ok()) << decided.status();
  for (const v1::CaseSummary* summary : {&first, &second}) {
    EXPECT_EQ(world_.StateOf(summary->case_id()), v1::CASE_STATE_DECIDED);
    v1::Decision shown = world_.Shown(summary->case_id());
    EXPECT_EQ(shown.decision_id(), IdOf('a'));
    // Under the key of each.
    EXPECT_EQ(shown.rationale(), "It breaks the rule.");
    EXPECT_THAT(ActsOf(summary->case_id()).back(), "case.decided");
  }
  LetEffectsGo();
  EXPECT_THAT(world_.receiver.notices, SizeIs(1));
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_ACTION_TAKEN);
  EXPECT_EQ(world_.receiver.outcomes[kAlice].outcome(),
            v1::REPORT_OUTCOME_ACTION_TAKEN);
  // One decision is one strike.
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 1);
}

TEST_F(DecisionTest, DecidesAllCasesOrNone) {
  v1::CaseSummary first = world_.NewCase(kMallory, "harassment.hate");
  v1::CaseSummary other = world_.NewCase(kAlice, "harassment.hate");
  v1::CaseSummary lost =
      world_.NewCase(kMallory, "violence.threat", kSecondReviewer);
  auto with = [&](const v1::CaseSummary& summary) {
    auto request = world_.Decision(first, {kWarn}, IdOf('a'));
    *request.add_held_case() =
        world_.Decision(summary, {kWarn}, IdOf('a')).held_case(0);
    return world_.Decide(kReviewer, request).status();
  };
  EXPECT_EQ(FindFieldViolation(with(other))->field, "held_case[1].case_id");
  EXPECT_EQ(FindFieldViolation(with(first))->field, "held_case[1].case_id");
  EXPECT_EQ(ReasonOf(with(lost)), "LEASE_LOST");
  EXPECT_EQ(world_.StateOf(first.case_id()), v1::CASE_STATE_OPEN);
  EXPECT_THAT(Outbox(), IsEmpty());
}

TEST_F(DecisionTest, RefusesActionsThatDoNotGoTogether) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  const v1::Action restore = MakeAction(v1::ACTION_KIND_RESTORE);
  const v1::Action ask = MakeAction(v1::ACTION_KIND_ASK_REPORTER);
  const std::vector<std::vector<v1::Action>> bad = {{kNone, kWarn},
                                                    {ask, kWarn},
                                                    {ask, kNone},
                                                    {restore, kLimit},
                                                    {restore, kWeek},
                                                    {kWarn, kWarn},
                                                    {}};
  for (const auto& actions : bad) {
    absl::Status status = world_.DecideOne(held, actions, 'a').status();
    EXPECT_EQ(FindFieldViolation(status)->field, "action");
  }
  EXPECT_TRUE(world_.DecideOne(held, {restore, kWarn}, 'a').ok());
}

TEST_F(DecisionTest, RefusesAnEndThatIsOverOrBeyondTenYears) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  const UnixMillis now = world_.clock.Now();
  for (UnixMillis until : {now, now + limits::kMaxSanction + 1, UINT64_MAX}) {
    const v1::Action action = MakeAction(v1::ACTION_KIND_SUSPEND, until);
    absl::Status status = world_.DecideOne(held, {action}, 'a').status();
    EXPECT_EQ(FindFieldViolation(status)->field, "action[0].until");
    v1::PreviewDecisionRequest request;
    request.add_case_id(held.case_id());
    request.set_policy("threats");
    request.set_reason("proven");
    *request.add_action() = action;
    status = world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request)
                 .status();
    EXPECT_EQ(FindFieldViolation(status)->field, "action[0].until");
  }
}

TEST_F(DecisionTest, AsksTheReporter) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  auto decided =
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_ASK_REPORTER)}, 'a');
  ASSERT_TRUE(decided.ok()) << decided.status();
  LetEffectsGo();
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED);
  EXPECT_THAT(world_.receiver.accounts, IsEmpty());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
}

TEST_F(DecisionTest, WaitsForTheWindowAndARandomTime) {
  world_.config.set_least_effect_delay_ms(10 * kMinute);
  world_.config.set_most_effect_delay_ms(20 * kMinute);
  world_.StartAgain();
  auto decided = world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'a');
  ASSERT_TRUE(decided.ok());
  const UnixMillis due = decided->decision().effects_due_at();
  EXPECT_GE(due, world_.clock.Now() + 11 * kMinute);
  EXPECT_LE(due, world_.clock.Now() + 21 * kMinute);
  world_.clock.Set(due - 1);
  world_.Send();
  EXPECT_THAT(world_.receiver.accounts, IsEmpty());
  // It can be undone for all that time.
  EXPECT_TRUE(world_.Undo(kReviewer, 'a').ok());
}

TEST_F(DecisionTest, SaysHowTheAccountStandsOnceThatHasEffect) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'a').ok());
  EXPECT_FALSE(world_.Strikes(kMallory)->account().suspended());
  LetEffectsGo();
  const v1::EnforcementState now = world_.Strikes(kMallory)->account();
  EXPECT_EQ(now.account_uri(), kMallory);
  EXPECT_TRUE(now.suspended());
  EXPECT_EQ(now.suspended_until(), kWeek.until());
  world_.clock.Advance(8 * kDay);
  EXPECT_FALSE(world_.Strikes(kMallory)->account().suspended());
}

TEST_F(DecisionTest, UndoesADecisionWhole) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  world_.clock.Advance(59 * kSecond);
  world_.Send();
  auto undone = world_.Undo(kReviewer, 'a');
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->decision().state(), v1::DECISION_STATE_UNDONE);
  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(storage::ListSanctions(*world_.engine, kMallory).value(),
              IsEmpty());
  EXPECT_THAT(world_.Strikes(kMallory)->strike(), IsEmpty());
  world_.clock.Advance(1 * kHour);
  world_.Send();
  EXPECT_THAT(world_.receiver.accounts, IsEmpty());
  EXPECT_THAT(world_.receiver.outcomes, IsEmpty());
  // The case is the decider's again, under a new epoch.
  v1::CaseSummary again =
      world_.GetCase(kReviewer, held.case_id(), true)->case_summary();
  EXPECT_EQ(again.state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(again.lease().holder(), "rita");
  ASSERT_EQ(undone->held_case_size(), 1);
  EXPECT_EQ(undone->held_case(0).epoch(), again.lease().epoch());
  EXPECT_GT(again.lease().epoch(), held.lease().epoch());
  EXPECT_EQ(ReasonOf(world_.DecideOne(held, {kWarn}, 'b').status()),
            "LEASE_LOST");
  ASSERT_TRUE(world_.DecideOne(again, {kWarn}, 'b').ok());
  // The history shows both.
  EXPECT_EQ(world_.Shown(held.case_id(), 0).state(), v1::DECISION_STATE_UNDONE);
  EXPECT_EQ(world_.Shown(held.case_id(), 1).state(), v1::DECISION_STATE_MADE);
}

TEST_F(DecisionTest, NamesReversalWhenUndoComesTooLate) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  // On its way, though not there.
  world_.receiver.away = absl::UnavailableError("away");
  LetEffectsGo();
  absl::Status late = world_.Undo(kReviewer, 'a').status();
  EXPECT_EQ(ReasonOf(late), "UNDO_TOO_LATE");
  EXPECT_THAT(late.message(), HasSubstr("reverse"));
  world_.receiver.away = absl::OkStatus();
  world_.clock.Advance(1 * kMinute);
  world_.Send();
  EXPECT_TRUE(AtPlatform().suspended);
}

TEST_F(DecisionTest, LetsTheDeciderAndSeniorsUndo) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWarn}, 'a').ok());
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kAlice), {kWarn}, 'b').ok());
  EXPECT_EQ(ReasonOf(world_.Undo(kSecondReviewer, 'a').status()),
            "NOT_PERMITTED");
  EXPECT_TRUE(world_.Undo(kReviewer, 'a').ok());
  auto by_senior = world_.Undo(kSenior, 'b');
  ASSERT_TRUE(by_senior.ok());
  EXPECT_EQ(world_.GetCase(kReviewer, by_senior->held_case(0).case_id(), false)
                ->case_summary()
                .lease()
                .holder(),
            "rita");
  EXPECT_EQ(ReasonOf(world_.Undo(kReviewer, 'a', 'X').status()),
            "DECISION_STATE");
  EXPECT_EQ(ReasonOf(world_.Undo(kReviewer, 'z').status()), "NOT_FOUND");
}

TEST_F(DecisionTest, RemovesExactlyWhatTheDecisionAdded) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kLimit}, 'a').ok());
  LetEffectsGo();
  // The next waits long; a third comes between, and leaves first.
  world_.config.set_undo_window_ms(1 * kHour);
  world_.StartAgain();
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'b').ok());
  world_.config.set_undo_window_ms(0);
  world_.StartAgain();
  auto request =
      world_.Decision(world_.NewCase(kMallory),
                      {MakeAction(v1::ACTION_KIND_LIMIT, 0, 50)}, IdOf('c'));
  request.set_policy("at_risk");
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  world_.Send();
  // What may still be undone has not leaked into its state.
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{false, 10}));
  ASSERT_TRUE(world_.Undo(kReviewer, 'b').ok());
  world_.clock.Advance(1 * kHour);
  world_.Send();
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{false, 10}));
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  world_.Send();
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{false, 50}));
}

TEST_F(DecisionTest, OpensNoSecondDoorForReportsWhenACaseComesBack) {
  v1::CaseSummary first = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(first, {kWarn}, 'a').ok());
  v1::CaseSummary second = world_.NewCase(kMallory);
  ASSERT_NE(second.case_id(), first.case_id());
  auto undone = world_.Undo(kReviewer, 'a');
  ASSERT_TRUE(undone.ok());
  // The one that came back is decided again; reports join the other still.
  auto request = world_.Decision(first, {kNone}, IdOf('b'));
  *request.mutable_held_case() = undone->held_case();
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  world_.Report(world_.Content(kMallory, "harassment.hate",
                               {world_.platform.SendText(kMallory, "more")}),
                kAlice);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().case_id(), second.case_id());
  EXPECT_EQ(world_.OnlyCase().report_count(), 2);
}

TEST_F(DecisionTest, ReversesADecisionAndTellsEverybody) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek, kLimit}, 'a').ok());
  LetEffectsGo();
  EXPECT_TRUE(AtPlatform().suspended);
  world_.clock.Advance(1 * kDay);
  auto reversed = world_.Reverse(kSecondReviewer, 'a');
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(reversed->decision().state(), v1::DECISION_STATE_REVERSED);
  world_.Send();
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{false, 0}));
  EXPECT_THAT(world_.receiver.notices,
              ElementsAre(v1::NOTICE_KIND_SUSPENDED, v1::NOTICE_KIND_REVERSED));
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_NO_ACTION);
  auto strikes = world_.Strikes(kMallory);
  EXPECT_EQ(strikes->strike_count(), 0);
  EXPECT_TRUE(strikes->strike(0).reversed());
  // The case stays decided, and its history shows both.
  EXPECT_EQ(world_.StateOf(held.case_id()), v1::CASE_STATE_DECIDED);
  v1::Decision shown = world_.Shown(held.case_id());
  ASSERT_EQ(shown.event_size(), 1);
  EXPECT_EQ(shown.event(0).kind(), v1::DECISION_EVENT_KIND_REVERSED);
  EXPECT_EQ(shown.event(0).moderator(), "sam");
  EXPECT_EQ(shown.event(0).reason(), "It was too hard.");
  EXPECT_EQ(ActsOf(held.case_id()).back(), "effect.applied");
  EXPECT_THAT(ActsOf(held.case_id()), ::testing::Contains("decision.reversed"));
  EXPECT_EQ(ReasonOf(world_.Reverse(kSenior, 'a', 'X').status()),
            "DECISION_STATE");
}

TEST_F(DecisionTest, ReversesByAnotherPersonUnlessSenior) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'a').ok());
  ASSERT_TRUE(world_
                  .DecideOne(world_.NewCase(kAlice, "harassment.hate", kSenior),
                             {kWeek}, 'b', kSenior)
                  .ok());
  EXPECT_EQ(ReasonOf(world_.Reverse(kSecondReviewer, 'a').status()),
            "DECISION_STATE")
      << "it can be undone still";
  LetEffectsGo();
  EXPECT_EQ(ReasonOf(world_.Reverse(kReviewer, 'a').status()), "SECOND_PERSON");
  EXPECT_TRUE(world_.Reverse(kSecondReviewer, 'a').ok());
  EXPECT_TRUE(world_.Reverse(kSenior, 'b').ok());
}

TEST_F(DecisionTest, ReversesNothingWhereNothingWasDone) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kNone}, 'a').ok());
  LetEffectsGo();
  EXPECT_EQ(ReasonOf(world_.Reverse(kSenior, 'a').status()), "DECISION_STATE");
}

TEST_F(DecisionTest, RestoresWhatOthersSetAndTakesThatBackToo) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(world_
                  .DecideOne(world_.NewCase(kMallory),
                             {MakeAction(v1::ACTION_KIND_RESTORE)}, 'b')
                  .ok());
  LetEffectsGo();
  EXPECT_FALSE(AtPlatform().suspended);
  ASSERT_TRUE(world_.Reverse(kSenior, 'b').ok());
  world_.Send();
  EXPECT_TRUE(AtPlatform().suspended);
}

TEST_F(DecisionTest, LetsAMilderLimitFollowWhenTheGraverEnds) {
  const auto limit = [&](uint32_t rate, UnixMillis until) {
    return MakeAction(v1::ACTION_KIND_LIMIT, until, rate);
  };
  ASSERT_TRUE(world_
                  .DecideOne(world_.NewCase(kMallory),
                             {limit(5, kNow + 1 * kHour)}, 'a')
                  .ok());
  auto request = world_.Decision(world_.NewCase(kMallory),
                                 {limit(50, kNow + 2 * kHour)}, IdOf('b'));
  request.set_policy("at_risk");
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  LetEffectsGo();
  EXPECT_EQ(AtPlatform().messages_an_hour, 5);
  const uint64_t number = world_.receiver.accounts[kMallory].number();
  world_.clock.Set(kNow + 1 * kHour);
  world_.Send();
  EXPECT_EQ(AtPlatform().messages_an_hour, 50);
  EXPECT_GT(world_.receiver.accounts[kMallory].number(), number);
  EXPECT_THAT(world_.receiver.notices, SizeIs(2)) << "that is no news";
  world_.clock.Set(kNow + 2 * kHour);
  EXPECT_EQ(AtPlatform().messages_an_hour, 0);
}

TEST_F(DecisionTest, ClimbsTheLadderAndForgetsOldStrikes) {
  const std::vector<v1::ActionKind> expected = {
      v1::ACTION_KIND_WARN, v1::ACTION_KIND_LIMIT, v1::ACTION_KIND_SUSPEND};
  const UnixMillis decided_at = world_.clock.Now();
  for (char id : {'a', 'b', 'c'}) {
    auto decided = world_.DecideOne(world_.NewCase(kMallory), {kWarn}, id);
    ASSERT_TRUE(decided.ok()) << decided.status();
    const v1::LadderStep& step = decided->decision().ladder_step();
    EXPECT_EQ(step.strike_count(), id - 'a' + 1);
    EXPECT_EQ(step.kind(), expected[id - 'a']);
  }
  LetEffectsGo();
  EXPECT_EQ(AtPlatform(), (RememberingPlatform::Effective{true, 20}));
  EXPECT_EQ(world_.receiver.accounts[kMallory].suspended_until(),
            decided_at + 7 * kDay);
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 3);
  world_.clock.Advance(90 * kDay);
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
  auto later = world_.DecideOne(world_.NewCase(kMallory), {kWarn}, 'd');
  EXPECT_EQ(later->decision().ladder_step().strike_count(), 1);
}

TEST_F(DecisionTest, CountsNoStrikeThatWasUndoneOrReversed) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWarn}, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWarn}, 'b').ok());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 2);
  ASSERT_TRUE(world_.Undo(kReviewer, 'b').ok());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 1);
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
  EXPECT_THAT(world_.Strikes(kMallory)->strike(), SizeIs(1));
}

TEST_F(DecisionTest, SaysBeforehandWhatItWouldAddUpTo) {
  for (char id : {'a', 'b'}) {
    ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWarn}, id).ok());
  }
  LetEffectsGo();
  v1::CaseSummary held = world_.NewCase(kMallory);
  v1::PreviewDecisionRequest request;
  request.add_case_id(held.case_id());
  request.set_policy("threats");
  request.set_reason("proven");
  *request.add_action() = kWarn;
  auto preview =
      world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->strike_weight(), 1);
  EXPECT_EQ(preview->strike_lifetime_ms(), 90 * kDay);
  EXPECT_EQ(preview->ladder_step().strike_count(), 3);
  EXPECT_EQ(preview->ladder_step().kind(), v1::ACTION_KIND_SUSPEND);
  EXPECT_EQ(preview->ladder_step().duration_ms(), 7 * kDay);
  EXPECT_TRUE(preview->account().suspended());
  EXPECT_EQ(preview->account().suspended_until(),
            world_.clock.Now() + 7 * kDay);
  EXPECT_EQ(preview->account().notice(), v1::NOTICE_KIND_SUSPENDED);
  ASSERT_EQ(preview->told_size(), 1);
  EXPECT_EQ(preview->told(0).outcome(), v1::REPORT_OUTCOME_ACTION_TAKEN);
  EXPECT_EQ(preview->told(0).count(), 1);
  EXPECT_THAT(preview->approval_cause(), IsEmpty());
  EXPECT_EQ(preview->least_wait_ms(), 60 * kSecond);
  // It did nothing, and the decision does what it said.
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 2);
  EXPECT_EQ(world_.StateOf(held.case_id()), v1::CASE_STATE_OPEN);
  ASSERT_TRUE(world_.DecideOne(held, {kWarn}, 'c').ok());
  LetEffectsGo();
  EXPECT_TRUE(AtPlatform().suspended);
}

TEST_F(DecisionTest, PreviewsASecondPersonAndWhatARestoreWouldLeave) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWeek}, 'a').ok());
  LetEffectsGo();
  v1::CaseSummary held = world_.NewCase(kMallory);
  v1::PreviewDecisionRequest request;
  request.add_case_id(held.case_id());
  request.set_policy("threats");
  request.set_reason("correction");
  *request.add_action() = MakeAction(v1::ACTION_KIND_RESTORE);
  auto restore =
      world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request);
  ASSERT_TRUE(restore.ok()) << restore.status();
  EXPECT_FALSE(restore->account().suspended());
  EXPECT_FALSE(restore->has_ladder_step());
  *request.mutable_action(0) = MakeAction(v1::ACTION_KIND_SUSPEND);
  auto grave =
      world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request);
  EXPECT_THAT(grave->approval_cause(),
              ElementsAre(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION));
  request.set_policy("no.such");
  EXPECT_EQ(
      FindFieldViolation(
          world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request)
              .status())
          ->field,
      "policy");
  request.set_case_id(0, IdOf('z'));
  EXPECT_EQ(
      ReasonOf(world_.Ask(&DecisionHandler::PreviewDecision, kReviewer, request)
                   .status()),
      "NOT_FOUND");
}

TEST_F(DecisionTest, RepeatsAnActUnderItsIdAndRefusesAnother) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  auto undone = world_.Undo(kReviewer, 'a', 'U');
  ASSERT_TRUE(undone.ok());
  auto again = world_.Undo(kReviewer, 'a', 'U');
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), undone->SerializeAsString());
  EXPECT_EQ(ReasonOf(world_.Undo(kSenior, 'a', 'U').status()), "ID_CONFLICT");
  // A decision asked for again is shown as it is by now.
  auto decided = world_.DecideOne(held, {kWeek}, 'a');
  ASSERT_TRUE(decided.ok());
  EXPECT_EQ(decided->decision().state(), v1::DECISION_STATE_UNDONE);

  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kAlice), {kWeek}, 'b').ok());
  LetEffectsGo();
  EXPECT_EQ(ReasonOf(world_.Reverse(kSecondReviewer, 'b', 'a').status()),
            "ID_CONFLICT")
      << "a decision has that id";
  auto reversed = world_.Reverse(kSecondReviewer, 'b', 'R');
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(world_.Reverse(kSecondReviewer, 'b', 'R')->SerializeAsString(),
            reversed->SerializeAsString());
}

TEST_F(DecisionTest, GoesOnAfterARestartAtEveryStep) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  world_.StartAgain();
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  world_.StartAgain();
  auto undone = world_.Undo(kReviewer, 'a');
  ASSERT_TRUE(undone.ok());
  world_.StartAgain();
  auto request = world_.Decision(held, {kWeek}, IdOf('b'));
  *request.mutable_held_case() = undone->held_case();
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  world_.StartAgain();
  world_.receiver.away = absl::UnavailableError("away");
  LetEffectsGo();
  world_.StartAgain();
  world_.receiver.away = absl::OkStatus();
  world_.Send();
  EXPECT_TRUE(AtPlatform().suspended);
  world_.StartAgain();
  ASSERT_TRUE(world_.Reverse(kSenior, 'b').ok());
  world_.StartAgain();
  world_.Send();
  EXPECT_FALSE(AtPlatform().suspended);
  EXPECT_THAT(Outbox(), IsEmpty());
}

TEST_F(DecisionTest, KeepsWhatModeratorsWriteEncrypted) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  const auto entries = world_.engine->Scan(storage::KeyRange{}).value();
  ASSERT_THAT(entries, Not(IsEmpty()));
  for (const storage::KeyValue& entry : entries) {
    EXPECT_EQ(entry.value.find("It breaks the rule."), std::string::npos);
    EXPECT_EQ(entry.value.find("It was too hard."), std::string::npos);
  }
}

}  // namespace
}  // namespace frank::moderation
