// The pure functions of deciding, and what they come to over any history.
#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/account_sanctions.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_timing.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using storage::StoredSanction;
using storage::StoredStrike;
using storage::v1::ActionRecord;
using storage::v1::LadderStepRecord;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr UnixMillis kT = kNow;
constexpr UnixMillis kForGood = 0;

ActionRecord Suspend(UnixMillis until) {
  ActionRecord action;
  action.set_kind(v1::ACTION_KIND_SUSPEND);
  action.set_until(until);
  return action;
}
ActionRecord Limit(uint32_t rate, UnixMillis until) {
  ActionRecord action;
  action.set_kind(v1::ACTION_KIND_LIMIT);
  action.set_until(until);
  action.set_messages_an_hour(rate);
  return action;
}
DecisionId Id(char letter) {
  return DecisionId(ToArray<16>(AsBytes(IdOf(letter))));
}
StoredSanction Sanction(char id, const std::vector<ActionRecord>& actions,
                        bool released = true, const std::string& lifts = "") {
  StoredSanction sanction;
  sanction.id = Id(id);
  sanction.record.set_released(released);
  for (const ActionRecord& action : actions) {
    *sanction.record.add_action() = action;
  }
  for (char lifted : lifts) sanction.record.add_lifted(IdOf(lifted));
  return sanction;
}

struct DeriveCase {
  const char* what;
  std::vector<StoredSanction> sanctions;
  bool suspended;
  UnixMillis suspended_until;
  uint32_t rate;
  UnixMillis limited_until;
  UnixMillis changes_at;
  char from;  // '-': nothing holds
};

TEST(DeriveStateTest, FollowsTheTable) {
  const std::vector<DeriveCase> cases = {
      {"nothing", {}, false, 0, 0, 0, 0, '-'},
      {"a suspension",
       {Sanction('a', {Suspend(kT + 5)})},
       true,
       kT + 5,
       0,
       0,
       0,
       'a'},
      {"of suspensions the longest",
       {Sanction('a', {Suspend(kT + 5)}), Sanction('b', {Suspend(kT + 9)})},
       true,
       kT + 9,
       0,
       0,
       0,
       'b'},
      {"for good is longest",
       {Sanction('a', {Suspend(kForGood)}), Sanction('b', {Suspend(kT + 9)})},
       true,
       kForGood,
       0,
       0,
       0,
       'a'},
      {"what has ended does not count",
       {Sanction('a', {Suspend(kT)}), Sanction('b', {Limit(5, kT - 1)})},
       false,
       0,
       0,
       0,
       0,
       '-'},
      {"what was not released does not count",
       {Sanction('a', {Suspend(kForGood)}, false)},
       false,
       0,
       0,
       0,
       0,
       '-'},
      {"of limits the lowest",
       {Sanction('a', {Limit(5, kT + 9)}), Sanction('b', {Limit(9, kT + 5)})},
       false,
       0,
       5,
       kT + 9,
       0,
       'a'},
      {"the milder limit follows the lower one",
       {Sanction('a', {Limit(5, kT + 3)}), Sanction('b', {Limit(9, kT + 9)})},
       false,
       0,
       5,
       kT + 3,
       kT + 3,
       'a'},
      {"nothing follows a limit without a date",
       {Sanction('a', {Limit(5, kForGood)}), Sanction('b', {Limit(9, kT + 9)})},
       false,
       0,
       5,
       kForGood,
       0,
       'a'},
      {"a milder limit without a date follows",
       {Sanction('a', {Limit(5, kT + 3)}), Sanction('b', {Limit(9, kForGood)})},
       false,
       0,
       5,
       kT + 3,
       kT + 3,
       'a'},
      {"of equal limits the longest",
       {Sanction('a', {Limit(5, kT + 3)}), Sanction('b', {Limit(5, kT + 9)})},
       false,
       0,
       5,
       kT + 9,
       0,
       'b'},
      {"a suspension and a limit hold side by side",
       {Sanction('a', {Limit(5, kT + 9)}), Sanction('b', {Suspend(kT + 3)})},
       true,
       kT + 3,
       5,
       kT + 9,
       0,
       'b'},
      {"both of one decision",
       {Sanction('a', {Suspend(kT + 3), Suspend(kT + 7), Limit(2, kT + 5)})},
       true,
       kT + 7,
       2,
       kT + 5,
       0,
       'a'},
      {"what was lifted does not count",
       {Sanction('a', {Suspend(kForGood)}), Sanction('b', {}, true, "a")},
       false,
       0,
       0,
       0,
       0,
       '-'},
      {"lifting spares what came later",
       {Sanction('a', {Suspend(kForGood)}), Sanction('b', {}, true, "a"),
        Sanction('c', {Suspend(kT + 2)})},
       true,
       kT + 2,
       0,
       0,
       0,
       'c'},
      {"what was not released lifts nothing",
       {Sanction('a', {Suspend(kForGood)}), Sanction('b', {}, false, "a")},
       true,
       kForGood,
       0,
       0,
       0,
       'a'},
  };
  for (const DeriveCase& c : cases) {
    SCOPED_TRACE(c.what);
    DerivedState expected;
    expected.suspended = c.suspended;
    expected.suspended_until = c.suspended_until;
    expected.messages_an_hour = c.rate;
    expected.limited_until = c.limited_until;
    expected.changes_at = c.changes_at;
    if (c.from != '-') expected.from = Id(c.from);
    EXPECT_TRUE(DeriveState(c.sanctions, kT) == expected);
    std::vector<StoredSanction> reversed(c.sanctions.rbegin(),
                                         c.sanctions.rend());
    EXPECT_TRUE(DeriveState(reversed, kT) == expected) << "in another order";
  }
}

TEST(DeriveStateTest, ForgetsWhatCannotCountAgain) {
  const StoredSanction ended = Sanction('a', {Suspend(kT)});
  const StoredSanction runs = Sanction('b', {Limit(5, kT + 1)});
  const StoredSanction waits = Sanction('c', {Suspend(kT)}, false);
  const StoredSanction lifts = Sanction('d', {}, true, "b");
  EXPECT_TRUE(IsSpent(ended, {ended}, kT));
  EXPECT_FALSE(IsSpent(runs, {runs}, kT));
  EXPECT_FALSE(IsSpent(waits, {waits}, kT));
  EXPECT_FALSE(IsSpent(lifts, {runs, lifts}, kT));
  EXPECT_TRUE(IsSpent(lifts, {ended, lifts}, kT));
}

Actions Of(const std::vector<v1::Action>& actions) {
  return Actions(actions.begin(), actions.end());
}
absl::optional<LadderStepRecord> Step(v1::ActionKind kind,
                                      UnixMillis duration) {
  LadderStepRecord step;
  step.set_kind(kind);
  step.set_duration_ms(duration);
  return step;
}

struct KindCase {
  v1::ActionKind kind;
  bool acts;
  bool strikes;
  bool concerns;
  v1::NoticeKind notice;
  v1::ReportOutcome proven;
  v1::ReportOutcome unproven;
};

TEST(DecisionPlanTest, FollowsTheTableOfActions) {
  const std::vector<KindCase> cases = {
      {v1::ACTION_KIND_NONE, false, false, false, v1::NOTICE_KIND_UNSPECIFIED,
       v1::REPORT_OUTCOME_NO_ACTION, v1::REPORT_OUTCOME_NOT_VERIFIABLE},
      {v1::ACTION_KIND_WARN, true, true, true, v1::NOTICE_KIND_WARNED,
       v1::REPORT_OUTCOME_ACTION_TAKEN, v1::REPORT_OUTCOME_ACTION_TAKEN},
      {v1::ACTION_KIND_LIMIT, true, true, true, v1::NOTICE_KIND_LIMITED,
       v1::REPORT_OUTCOME_ACTION_TAKEN, v1::REPORT_OUTCOME_ACTION_TAKEN},
      {v1::ACTION_KIND_SUSPEND, true, true, true, v1::NOTICE_KIND_SUSPENDED,
       v1::REPORT_OUTCOME_ACTION_TAKEN, v1::REPORT_OUTCOME_ACTION_TAKEN},
      {v1::ACTION_KIND_RESTORE, true, false, true, v1::NOTICE_KIND_RESTORED,
       v1::REPORT_OUTCOME_ACTION_TAKEN, v1::REPORT_OUTCOME_ACTION_TAKEN},
      {v1::ACTION_KIND_ASK_REPORTER, false, false, false,
       v1::NOTICE_KIND_UNSPECIFIED, v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED,
       v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED},
      {v1::ACTION_KIND_REFER, true, false, false, v1::NOTICE_KIND_UNSPECIFIED,
       v1::REPORT_OUTCOME_ACTION_TAKEN, v1::REPORT_OUTCOME_ACTION_TAKEN},
      {v1::ACTION_KIND_DELETE_EVIDENCE, false, false, false,
       v1::NOTICE_KIND_UNSPECIFIED, v1::REPORT_OUTCOME_NO_ACTION,
       v1::REPORT_OUTCOME_NOT_VERIFIABLE},
  };
  ASSERT_EQ(cases.size(), static_cast<size_t>(v1::ActionKind_MAX));
  for (const KindCase& c : cases) {
    SCOPED_TRACE(v1::ActionKind_Name(c.kind));
    const Actions actions = Of({MakeAction(c.kind)});
    EXPECT_EQ(Acts(actions), c.acts);
    EXPECT_EQ(AddsStrike(actions), c.strikes);
    EXPECT_EQ(ConcernsAccount(actions), c.concerns);
    EXPECT_EQ(NoticeFor(actions, absl::nullopt), c.notice);
    EXPECT_EQ(OutcomeFor(actions, true), c.proven);
    EXPECT_EQ(OutcomeFor(actions, false), c.unproven);
  }
}

TEST(DecisionPlanTest, TellsTheGravestOfWhatIsDone) {
  const Actions warn = Of({MakeAction(v1::ACTION_KIND_WARN)});
  EXPECT_EQ(NoticeFor(warn, Step(v1::ACTION_KIND_LIMIT, 1)),
            v1::NOTICE_KIND_LIMITED);
  EXPECT_EQ(NoticeFor(warn, Step(v1::ACTION_KIND_SUSPEND, 1)),
            v1::NOTICE_KIND_SUSPENDED);
  EXPECT_EQ(NoticeFor(Of({MakeAction(v1::ACTION_KIND_WARN),
                          MakeAction(v1::ACTION_KIND_RESTORE)}),
                      absl::nullopt),
            v1::NOTICE_KIND_RESTORED);
}

TEST(DecisionPlanTest, RestoringAddsNoStrike) {
  EXPECT_FALSE(AddsStrike(Of({MakeAction(v1::ACTION_KIND_WARN),
                              MakeAction(v1::ACTION_KIND_RESTORE)})));
}

TEST(DecisionPlanTest, CountsStrikesThatHold) {
  auto strike = [](uint32_t weight, UnixMillis expires, bool reversed) {
    StoredStrike stored;
    stored.record.set_weight(weight);
    stored.record.set_expires_at(expires);
    stored.record.set_reversed(reversed);
    return stored;
  };
  EXPECT_EQ(CountStrikes({strike(1, kT + 1, false), strike(2, kT + 1, true),
                          strike(4, kT, false), strike(8, kT + 9, false)},
                         kT),
            9);
}

TEST(DecisionPlanTest, TakesTheHighestStepThatIsReached) {
  std::vector<LadderStepRecord> ladder(2);
  ladder[0].set_strike_count(2);
  ladder[0].set_kind(v1::ACTION_KIND_WARN);
  ladder[1].set_strike_count(4);
  ladder[1].set_kind(v1::ACTION_KIND_SUSPEND);
  const std::vector<v1::ActionKind> expected = {
      v1::ACTION_KIND_UNSPECIFIED, v1::ACTION_KIND_WARN, v1::ACTION_KIND_WARN,
      v1::ACTION_KIND_SUSPEND, v1::ACTION_KIND_SUSPEND};
  for (uint32_t count = 1; count <= 5; ++count) {
    EXPECT_EQ(StepFor(ladder, count).kind(),
              static_cast<uint32_t>(expected[count - 1]));
    EXPECT_EQ(StepFor(ladder, count).strike_count(), count);
  }
}

TEST(DecisionPlanTest, CountsTheLaddersTimeFromTheDecision) {
  auto sanctions =
      SanctionsOf(Of({MakeAction(v1::ACTION_KIND_WARN),
                      MakeAction(v1::ACTION_KIND_LIMIT, kT + 5, 7)}),
                  Step(v1::ACTION_KIND_SUSPEND, 100), kT);
  ASSERT_EQ(sanctions.size(), 2u);
  EXPECT_EQ(sanctions[0].SerializeAsString(),
            Limit(7, kT + 5).SerializeAsString());
  EXPECT_EQ(sanctions[1].until(), kT + 100);
  sanctions = SanctionsOf(Of({MakeAction(v1::ACTION_KIND_WARN)}),
                          Step(v1::ACTION_KIND_SUSPEND, 0), kT);
  EXPECT_EQ(sanctions[0].until(), 0);
}

TEST(DecisionPlanTest, NamesEveryCauseForASecondPerson) {
  auto causes_of =
      [](const Actions& actions, const absl::optional<LadderStepRecord>& step,
         const storage::v1::PolicyRecord& policy,
         const storage::v1::ReasonRecord& reason, bool report_asks = false) {
        return ApprovalCausesOf(actions, step, policy, reason, report_asks);
      };
  storage::v1::PolicyRecord policy, grave;
  grave.set_second_person(true);
  storage::v1::ReasonRecord reason, delicate;
  delicate.set_second_person(true);
  const Actions none = Of({MakeAction(v1::ACTION_KIND_NONE)});
  const Actions week = Of({MakeAction(v1::ACTION_KIND_SUSPEND, kT + 7)});
  EXPECT_THAT(causes_of(week, absl::nullopt, policy, reason), IsEmpty());
  EXPECT_THAT(causes_of(Of({MakeAction(v1::ACTION_KIND_SUSPEND)}),
                        absl::nullopt, policy, reason),
              ElementsAre(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION));
  EXPECT_THAT(causes_of(week, Step(v1::ACTION_KIND_SUSPEND, 0), policy, reason),
              ElementsAre(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION));
  EXPECT_THAT(
      causes_of(Of({MakeAction(v1::ACTION_KIND_REFER)}), absl::nullopt, grave,
                delicate),
      ElementsAre(v1::APPROVAL_CAUSE_REFERRAL, v1::APPROVAL_CAUSE_POLICY,
                  v1::APPROVAL_CAUSE_REASON));
  // Not acting under a grave policy is nothing grave; a reason may be.
  EXPECT_THAT(causes_of(none, absl::nullopt, grave, reason), IsEmpty());
  EXPECT_THAT(causes_of(none, absl::nullopt, policy, delicate),
              ElementsAre(v1::APPROVAL_CAUSE_REASON));
  EXPECT_THAT(causes_of(week, absl::nullopt, policy, reason, true),
              ElementsAre(v1::APPROVAL_CAUSE_REPORT_REASON));
  EXPECT_THAT(causes_of(none, absl::nullopt, policy, reason, true), IsEmpty());
}

TEST(DecisionTimingTest, DrawsTheDelayFromTheWholeRange) {
  SeededRandom random(7);
  const DecisionTiming timing{100, 10, 12};
  std::set<UnixMillis> drawn;
  for (int i = 0; i < 200; ++i) drawn.insert(timing.DueAt(kT, random));
  EXPECT_THAT(drawn, ElementsAre(kT + 110, kT + 111, kT + 112));
  EXPECT_EQ((DecisionTiming{5, 0, 0}.DueAt(kT, random)), kT + 5);
}

TEST(DecisionTimingTest, ReadsTheConfiguration) {
  config::v1::ModerationConfig config;
  EXPECT_EQ(DecisionTiming::FromConfig(config)->undo_window, 60 * kSecond);
  config.set_undo_window_ms(0);
  EXPECT_EQ(DecisionTiming::FromConfig(config)->undo_window, 0);
  config.set_least_effect_delay_ms(2);
  config.set_most_effect_delay_ms(1);
  EXPECT_TRUE(
      absl::IsInvalidArgument(DecisionTiming::FromConfig(config).status()));
  config.set_most_effect_delay_ms(31 * kDay);
  EXPECT_TRUE(
      absl::IsInvalidArgument(DecisionTiming::FromConfig(config).status()));
}

// Any history of deciding, undoing, reversing, sending and waiting, beside a
// model of it: what holds at the platform is what the decisions that are left
// ask for at that time.
class AnyHistory {
 public:
  explicit AnyHistory(uint32_t seed) : random_(seed) {}

  void Play(int steps) {
    for (int i = 0; i < steps; ++i) {
      Step();
      Compare();
      if (testing::Test::HasFailure()) return;
    }
    for (int i = 0; i < 20; ++i) {
      world_.clock.Advance(8 * kHour);
      Compare();
    }
  }

 private:
  struct Made {
    v1::Action action;
    UnixMillis due = 0;
    bool gone = false;
    std::set<std::string> lifts;
  };

  uint32_t Draw(uint32_t below) { return random_() % below; }
  std::string NextId() {
    std::string id(14, 'i');
    AppendU16(++ids_, &id);
    return id;
  }

  void Step() {
    switch (Draw(8)) {
      case 0:
      case 1:
      case 2:
        return Decide();
      case 3:
        return Undo();
      case 4:
      case 5:
        return Reverse();
      default:
        // Often within the undo window.
        world_.clock.Advance(Draw(2) == 0 ? Draw(2 * kMinute) : Draw(2 * kDay));
    }
  }

  v1::Action DrawAction() {
    const UnixMillis until =
        Draw(3) == 0 ? 0 : world_.clock.Now() + 1 + Draw(5 * kDay);
    switch (Draw(6)) {
      case 0:
        return MakeAction(v1::ACTION_KIND_WARN);
      case 1:
        return MakeAction(v1::ACTION_KIND_RESTORE);
      case 2:
        return MakeAction(v1::ACTION_KIND_SUSPEND,
                          world_.clock.Now() + 1 + Draw(5 * kDay));
      default:
        return MakeAction(v1::ACTION_KIND_LIMIT, until, 1 + Draw(3));
    }
  }

  void Decide() {
    Made made;
    made.action = DrawAction();
    made.due = world_.clock.Now() + 1 * kMinute;
    if (made.action.kind() == v1::ACTION_KIND_RESTORE) {
      for (const auto& [id, other] : made_) {
        if (!other.gone) made.lifts.insert(id);
      }
    }
    const std::string id = NextId();
    auto request = world_.Decision(world_.NewCase(kMallory), {made.action}, id);
    // Counts no strike, so that no ladder joins in.
    request.set_policy("at_risk");
    auto decided = world_.Decide(kReviewer, request);
    ASSERT_TRUE(decided.ok()) << decided.status();
    made_[id] = made;
  }

  void Undo() {
    v1::UndoDecisionRequest request;
    request.set_act_id(NextId());
    Made* made = Choose(request.mutable_decision_id());
    if (made == nullptr) return;
    auto undone =
        world_.Ask(&DecisionHandler::UndoDecision, kReviewer, request);
    EXPECT_EQ(undone.ok(), !made->gone && world_.clock.Now() < made->due)
        << undone.status();
    if (!undone.ok()) return;
    made->gone = true;
    // The case is out of the way again.
    auto again = world_.Decision(v1::CaseSummary(),
                                 {MakeAction(v1::ACTION_KIND_NONE)}, NextId());
    *again.mutable_held_case() = undone->held_case();
    EXPECT_TRUE(world_.Decide(kReviewer, again).ok());
  }

  void Reverse() {
    v1::ReverseDecisionRequest request;
    request.set_act_id(NextId());
    request.set_reason("no");
    Made* made = Choose(request.mutable_decision_id());
    if (made == nullptr) return;
    auto reversed =
        world_.Ask(&DecisionHandler::ReverseDecision, kSenior, request);
    EXPECT_EQ(reversed.ok(), !made->gone && world_.clock.Now() >= made->due)
        << reversed.status();
    if (reversed.ok()) made->gone = true;
  }

  Made* Choose(std::string* id) {
    if (made_.empty()) return nullptr;
    auto chosen = std::next(made_.begin(), Draw(made_.size()));
    *id = chosen->first;
    return &chosen->second;
  }

  RememberingPlatform::Effective Modelled(UnixMillis now) const {
    std::set<std::string> lifted;
    for (const auto& [id, made] : made_) {
      if (made.gone || made.due > now) continue;
      lifted.insert(made.lifts.begin(), made.lifts.end());
    }
    RememberingPlatform::Effective effective;
    for (const auto& [id, made] : made_) {
      const UnixMillis until = made.action.until();
      if (made.gone || made.due > now || lifted.count(id) > 0) continue;
      if (until != 0 && until <= now) continue;
      if (made.action.kind() == v1::ACTION_KIND_SUSPEND) {
        effective.suspended = true;
      }
      if (made.action.kind() != v1::ACTION_KIND_LIMIT) continue;
      const uint32_t rate = made.action.messages_an_hour();
      effective.messages_an_hour =
          effective.messages_an_hour == 0
              ? rate
              : std::min(effective.messages_an_hour, rate);
    }
    return effective;
  }

  void Compare() {
    world_.Send();
    const UnixMillis now = world_.clock.Now();
    const auto at_platform = world_.receiver.At(kMallory, now);
    const auto modelled = Modelled(now);
    EXPECT_EQ(at_platform.suspended, modelled.suspended);
    EXPECT_EQ(at_platform.messages_an_hour, modelled.messages_an_hour);
  }

  std::mt19937 random_;
  DecisionWorld world_;
  std::map<std::string, Made> made_;
  uint16_t ids_ = 0;
};

TEST(SanctionsPropertyTest, ThePlatformHoldsWhatTheSanctionsComeTo) {
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    AnyHistory(seed).Play(50);
  }
}

}  // namespace
}  // namespace frank::moderation
