// Two acts about one decision at once. Each transaction is built to its end
// before either commits, so that both rest on the same state; then they commit
// in one order or the other.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/status.h"
#include "gtest/gtest.h"
#include "services/moderation/account_ledger.h"
#include "services/moderation/case_decision.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/decision_change.h"
#include "storage/effect_store.h"
#include "storage/reporter_store.h"
#include "tests/services/decision_world.h"
#include "tests/services/hooked_engine.h"

namespace frank::moderation {
namespace {

const v1::Action kForGood = MakeAction(v1::ACTION_KIND_SUSPEND);
const v1::Action kWarn = MakeAction(v1::ACTION_KIND_WARN);

// What an act does in its transaction.
using Body = std::function<absl::Status(storage::Transaction&)>;

class DecisionRaceTest : public ::testing::TestWithParam<bool> {
 protected:
  // Runs both bodies, then commits them in the order of the parameter: the one
  // that is later must be kAborted, and when it is run again its outcome is
  // returned.
  absl::Status Race(const Body& one, const Body& other) {
    const Body& first = GetParam() ? one : other;
    const Body& second = GetParam() ? other : one;
    auto winner = world_.engine->Begin();
    auto loser = world_.engine->Begin();
    EXPECT_TRUE(first(*winner).ok());
    EXPECT_TRUE(second(*loser).ok());
    EXPECT_TRUE(storage::CommitAndWait(std::move(winner)).ok());
    EXPECT_TRUE(absl::IsAborted(storage::CommitAndWait(std::move(loser))));
    return storage::RunTransactionAndWait(*world_.engine, second);
  }

  Moderator Who(const std::string& id, Role role) {
    Moderator moderator;
    moderator.id = id;
    moderator.roles = {role};
    return moderator;
  }
  Body Change(v1::DecisionEventKind kind, const Moderator& moderator,
              char act) {
    return [=](storage::Transaction& transaction) {
      ChangeInput input = MakeChangeInput(kind, moderator, IdOf(act), "why");
      input.now = world_.clock.Now();
      input.effects_due_at = world_.clock.Now() + 1 * kMinute;
      input.lease_time = 15 * kMinute;
      return DecisionChange(
                 {world_.process->vault, *world_.engine, transaction}, input)
          .Run(DecisionId(ToArray<16>(AsBytes(IdOf('a')))))
          .status();
    };
  }
  // As the sender does it.
  Body MarkSending() {
    return [this](storage::Transaction& transaction) -> absl::Status {
      FRANK_ASSIGN_OR_RETURN(
          auto due, storage::ScanEffects(*world_.engine, UINT64_MAX, 10));
      AccountLedger ledger(transaction, world_.clock.Now());
      for (const storage::StoredEffect& effect : due) {
        FRANK_ASSIGN_OR_RETURN(auto row,
                               storage::FindEffect(transaction, effect.at));
        if (!row) continue;
        row->set_phase(storage::kEffectSending);
        FRANK_ASSIGN_OR_RETURN(*row->mutable_state(),
                               ledger.Issue(effect.at, *row));
        storage::PutEffect(transaction, effect.at, *row);
      }
      ledger.Write();
      return absl::OkStatus();
    };
  }
  Body Decide(const v1::CaseSummary& held, char id = 'a') {
    return [=](storage::Transaction& transaction) {
      DecisionInput input =
          MakeDecisionInput(Who("rita", Role::kReviewer),
                            world_.Decision(held, {kWarn}, IdOf(id)));
      input.now = world_.clock.Now();
      input.effects_due_at = world_.clock.Now();
      return CaseDecision({world_.process->vault, world_.process->policies,
                           *world_.engine, transaction},
                          input)
          .Run()
          .status();
    };
  }
  // The lapsed case goes back to the queue.
  Body Lapse(const v1::CaseSummary& held) {
    return [=](storage::Transaction& transaction) -> absl::Status {
      CaseId id(ToArray<16>(AsBytes(held.case_id())));
      FRANK_ASSIGN_OR_RETURN(auto before, GetCase(transaction, id));
      if (!HasLapsed(before, world_.clock.Now())) {
        return absl::FailedPreconditionError("it has not lapsed");
      }
      auto after = before;
      DropLease(&after);
      return storage::PutCase(transaction, id, &before, &after);
    };
  }

  DecisionWorld world_;
};

TEST_P(DecisionRaceTest, ApprovesOrWithdraws) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kForGood}, 'a').ok());
  absl::Status late = Race(
      Change(v1::DECISION_EVENT_KIND_APPROVED, Who("sena", Role::kSenior), 'A'),
      Change(v1::DECISION_EVENT_KIND_WITHDRAWN, Who("rita", Role::kReviewer),
             'W'));
  EXPECT_EQ(ReasonOf(late), "DECISION_STATE");
  EXPECT_EQ(world_.StateOf(held.case_id()),
            GetParam() ? v1::CASE_STATE_DECIDED : v1::CASE_STATE_OPEN);
  world_.clock.Advance(1 * kMinute);
  world_.Send();
  EXPECT_EQ(world_.receiver.At(kMallory, world_.clock.Now()).suspended,
            GetParam());
}

TEST_P(DecisionRaceTest, ApprovesOrRefuses) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kForGood}, 'a').ok());
  absl::Status late = Race(
      Change(v1::DECISION_EVENT_KIND_APPROVED, Who("sena", Role::kSenior), 'A'),
      Change(v1::DECISION_EVENT_KIND_REFUSED, Who("sol", Role::kSenior), 'F'));
  EXPECT_EQ(ReasonOf(late), "DECISION_STATE");
  EXPECT_EQ(world_.Approvals()->approval_size(), 0);
}

TEST_P(DecisionRaceTest, UndoesOrSends) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_
                  .DecideOne(held,
                             {MakeAction(v1::ACTION_KIND_SUSPEND, kNow + kDay)},
                             'a')
                  .ok());
  world_.clock.Advance(1 * kMinute);
  absl::Status late = Race(
      Change(v1::DECISION_EVENT_KIND_UNDONE, Who("rita", Role::kReviewer), 'U'),
      MarkSending());
  // The sender finds nothing any more; who undoes is told.
  EXPECT_EQ(ReasonOf(late), GetParam() ? "" : "UNDO_TOO_LATE");
  world_.Send();
  EXPECT_EQ(world_.receiver.At(kMallory, world_.clock.Now()).suspended,
            !GetParam());
  EXPECT_EQ(world_.StateOf(held.case_id()),
            GetParam() ? v1::CASE_STATE_OPEN : v1::CASE_STATE_DECIDED);
}

TEST_P(DecisionRaceTest, ReversesOnce) {
  ASSERT_TRUE(world_
                  .DecideOne(world_.NewCase(kMallory),
                             {MakeAction(v1::ACTION_KIND_SUSPEND, kNow + kDay)},
                             'a')
                  .ok());
  world_.clock.Advance(1 * kMinute);
  world_.Send();
  absl::Status late = Race(Change(v1::DECISION_EVENT_KIND_REVERSED,
                                  Who("sam", Role::kReviewer), 'R'),
                           Change(v1::DECISION_EVENT_KIND_REVERSED,
                                  Who("sena", Role::kSenior), 'S'));
  EXPECT_EQ(ReasonOf(late), "DECISION_STATE");
}

TEST_P(DecisionRaceTest, DecidesOrLapses) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  world_.clock.Advance(1 * kHour);
  absl::Status late = Race(Decide(held), Lapse(held));
  EXPECT_EQ(ReasonOf(late), GetParam() ? "FAILED_PRECONDITION" : "LEASE_LOST");
  EXPECT_EQ(world_.StateOf(held.case_id()),
            GetParam() ? v1::CASE_STATE_DECIDED : v1::CASE_STATE_OPEN);
}

TEST_P(DecisionRaceTest, CountsStrikesOfDecisionsThatMeet) {
  v1::CaseSummary one = world_.NewCase(kMallory, "harassment.hate");
  v1::CaseSummary other = world_.NewCase(kMallory, "deception.spam");
  EXPECT_TRUE(Race(Decide(one, 'a'), Decide(other, 'b')).ok());
  const std::string later = GetParam() ? other.case_id() : one.case_id();
  EXPECT_EQ(world_.Shown(later).ladder_step().strike_count(), 2);
}

// Neither waits for the other, though the same person reported both.
TEST_P(DecisionRaceTest, DecidesTwoCasesOfOneReporterAtOnce) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kWarn}, 'x').ok())
      << "names the version of the policies";
  v1::CaseSummary one = world_.NewCase(kMallory);
  v1::CaseSummary other = world_.NewCase(kAlice);
  auto first = world_.engine->Begin();
  auto second = world_.engine->Begin();
  ASSERT_TRUE(Decide(one, 'a')(*first).ok());
  ASSERT_TRUE(Decide(other, 'b')(*second).ok());
  if (!GetParam()) std::swap(first, second);
  EXPECT_TRUE(storage::CommitAndWait(std::move(first)).ok());
  EXPECT_TRUE(storage::CommitAndWait(std::move(second)).ok());
  world_.CountOutcomes();
  EXPECT_EQ(storage::GetReporterOutcomes(*world_.engine, kBob)->upheld_count(),
            3u);
}

// Somebody else judges between two reads of the loser's transaction, which has
// no snapshot: the decision as it was, and its cases as they are.
TEST_P(DecisionRaceTest, SaysOfADecisionThatItWasJudgedAndNotOfItsCases) {
  ASSERT_TRUE(world_.DecideOne(world_.NewCase(kMallory), {kForGood}, 'a').ok());
  HookedEngine hooked(*world_.engine);
  bool judged = false;
  hooked.after_get = [&] {
    if (std::exchange(judged, true)) return;
    EXPECT_TRUE(GetParam() ? world_.Refuse(kSenior, 'a').ok()
                           : world_.Approve(kSenior, 'a').ok());
  };
  auto late = hooked.Begin();
  EXPECT_EQ(ReasonOf(Change(v1::DECISION_EVENT_KIND_APPROVED,
                            Who("sol", Role::kSenior), 'B')(*late)),
            "DECISION_STATE");
}

TEST_P(DecisionRaceTest, KnowsARepeatThatMeetsTheFirstTime) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  HookedEngine hooked(*world_.engine);
  bool decided = false;
  hooked.after_get = [&] {
    if (std::exchange(decided, true)) return;
    EXPECT_TRUE(world_.DecideOne(held, {kWarn}, 'a').ok());
  };
  auto repeat = hooked.Begin();
  absl::Status status = Decide(held)(*repeat);
  EXPECT_TRUE(status.ok()) << status;
}

INSTANTIATE_TEST_SUITE_P(BothOrders, DecisionRaceTest, ::testing::Bool());

}  // namespace
}  // namespace frank::moderation
