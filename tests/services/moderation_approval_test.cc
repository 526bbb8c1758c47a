// A second person, and appeals.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/appeal_opening.h"
#include "storage/appeal_store.h"
#include "storage/decision_store.h"
#include "storage/effect_store.h"
#include "storage/referral_store.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const v1::Action kForGood = MakeAction(v1::ACTION_KIND_SUSPEND);
const v1::Action kRefer = MakeAction(v1::ACTION_KIND_REFER);
const v1::Action kWeek = MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 7 * kDay);

class ApprovalTest : public ::testing::Test {
 protected:
  // The case of the proposal 'a'.
  std::string Propose(const std::vector<v1::Action>& actions = {kForGood}) {
    v1::CaseSummary held = world_.NewCase(kMallory);
    auto proposed = world_.DecideOne(held, actions, 'a');
    EXPECT_TRUE(proposed.ok()) << proposed.status();
    EXPECT_EQ(proposed->decision().state(), v1::DECISION_STATE_PROPOSED);
    return held.case_id();
  }
  absl::StatusOr<v1::GetCaseResponse> Reveal(const std::string& token,
                                             const std::string& case_id) {
    return world_.GetCase(token, case_id, /*reveal=*/true);
  }
  void LetEffectsGo() {
    world_.clock.Advance(1 * kMinute);
    world_.Send();
  }
  bool Suspended() {
    return world_.receiver.At(kMallory, world_.clock.Now()).suspended;
  }
  absl::optional<storage::v1::ReferralRecord> Referral() {
    return storage::FindReferral(*world_.engine,
                                 DecisionId(ToArray<16>(AsBytes(IdOf('a')))))
        .value();
  }
  std::vector<std::string> ActsOf(const std::string& case_id) {
    std::vector<std::string> acts;
    const v1::ListActsResponse listed = world_.Acts(kAuditor, case_id).value();
    for (const auto& act : listed.act()) acts.push_back(act.act());
    return acts;
  }

  absl::Status Appeal(char id) {
    return storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& transaction) -> absl::Status {
          ActLog acts(transaction, world_.clock.Now());
          AppealOpening opening;
          opening.decision_id = DecisionId(ToArray<16>(AsBytes(IdOf(id))));
          opening.actor = PlatformActor("hub.example");
          opening.now = world_.clock.Now();
          FRANK_RETURN_IF_ERROR(OpenAppeal(transaction, opening, &acts));
          storage::v1::AppealRecord record;
          record.set_account_uri(kMallory);
          record.set_state(storage::kAppealWaiting);
          FRANK_ASSIGN_OR_RETURN(
              auto decision,
              storage::FindDecision(transaction, opening.decision_id));
          record.set_case_id(decision->case_id(0));
          storage::PutAppeal(transaction, opening.decision_id, record);
          return acts.Write();
        });
  }
  absl::StatusOr<v1::DecideAppealResponse> DecideAppeal(
      const std::string& token, const v1::CaseSummary& held,
      v1::AppealOutcome outcome, char act = 'V') {
    v1::DecideAppealRequest request;
    request.mutable_held_case()->set_case_id(held.case_id());
    request.mutable_held_case()->set_epoch(held.lease().epoch());
    request.set_act_id(IdOf(act));
    request.set_outcome(outcome);
    request.set_reason("Seen anew.");
    return world_.Ask(&DecisionHandler::DecideAppeal, token, request);
  }
  // A week's suspension that took effect and is appealed against; the case.
  std::string Appealed() {
    v1::CaseSummary held = world_.NewCase(kMallory);
    EXPECT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
    LetEffectsGo();
    EXPECT_TRUE(Appeal('a').ok());
    return held.case_id();
  }

  DecisionWorld world_;
};

TEST_F(ApprovalTest, HoldsAGraveDecisionBackUntilASecondPersonApproves) {
  std::string case_id = Propose();
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_AWAITING_APPROVAL);
  LetEffectsGo();
  EXPECT_FALSE(Suspended());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
  auto waiting = world_.Approvals(kReviewer);
  ASSERT_EQ(waiting->approval_size(), 1);
  EXPECT_EQ(waiting->approval(0).accused_uri(), kMallory);
  EXPECT_EQ(waiting->approval(0).decision().rationale(), "It breaks the rule.");
  EXPECT_THAT(waiting->approval(0).decision().approval_cause(),
              ElementsAre(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION));

  const UnixMillis approved_at = world_.clock.Now();
  auto approved = world_.Approve(kSenior, 'a');
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->decision().state(), v1::DECISION_STATE_MADE);
  EXPECT_EQ(approved->decision().decided_at(), approved_at);
  // The undo window begins now.
  EXPECT_EQ(approved->decision().effects_due_at(), approved_at + 1 * kMinute);
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_DECIDED);
  EXPECT_THAT(world_.Approvals()->approval(), IsEmpty());
  world_.Send();
  EXPECT_FALSE(Suspended());
  LetEffectsGo();
  EXPECT_TRUE(Suspended());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 1);
  EXPECT_THAT(ActsOf(case_id), Contains("decision.proposed"));
  EXPECT_THAT(ActsOf(case_id), Contains("decision.approved"));
}

TEST_F(ApprovalTest, ApprovesNothingThatHasGrownSinceItWasShown) {
  std::string case_id = Propose();
  const uint64_t seen =
      world_.GetCase(kSenior, case_id, false)->case_summary().revision();
  world_.Report(
      ModerationWorld::Content(kMallory, "harassment.hate",
                               {world_.platform.SendText(kMallory, "again")}),
      kAlice);
  world_.Fold();
  EXPECT_EQ(ReasonOf(world_.Approve(kSenior, 'a', 'A', {seen}).status()),
            "NEW_EVIDENCE");
  EXPECT_TRUE(world_.Approve(kSenior, 'a').ok());
}

TEST_F(ApprovalTest, ShowsWhatIsToBeApprovedToWhoMayApprove) {
  std::string id = Propose();
  auto shown = Reveal(kSenior, id);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_NE(shown->evidence(0).part(0).body(), "");
  EXPECT_THAT(ActsOf(id), Contains("evidence.revealed"));
  EXPECT_EQ(ReasonOf(Reveal(kSecondReviewer, id).status()), "LEASE_LOST");
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  EXPECT_EQ(ReasonOf(Reveal(kSenior, id).status()), "CASE_DECIDED");
}

TEST_F(ApprovalTest, TakesAnotherSeniorPerson) {
  v1::CaseSummary held = world_.NewCase(kMallory, "harassment.hate", kSenior);
  ASSERT_TRUE(world_.DecideOne(held, {kForGood}, 'a', kSenior).ok());
  for (bool approve : {true, false}) {
    auto by = [&](const std::string& token) {
      return ReasonOf(approve ? world_.Approve(token, 'a').status()
                              : world_.Refuse(token, 'a').status());
    };
    EXPECT_EQ(by(kSenior), "SECOND_PERSON");
    EXPECT_EQ(by(kReviewer), "NOT_PERMITTED");
    EXPECT_EQ(by(kAdministrator), "NOT_PERMITTED");
  }
  EXPECT_TRUE(world_.Approve(kSecondSenior, 'a').ok());
}

// The table of roles keeps reviewers from the call; so does the desk.
TEST_F(ApprovalTest, ChecksTheRoleInTheTransactionToo) {
  Propose();
  Moderator reviewer;
  reviewer.id = "sam";
  reviewer.roles = {Role::kReviewer};
  absl::Notification answered;
  absl::Status status;
  world_.process->decisions.Apply(
      reviewer, {v1::DECISION_EVENT_KIND_APPROVED, IdOf('a'), IdOf('A'), ""},
      [&](absl::StatusOr<ChangedDecision> changed) {
        status = changed.status();
        answered.Notify();
      });
  answered.WaitForNotification();
  EXPECT_EQ(ReasonOf(status), "NOT_PERMITTED");
}

TEST_F(ApprovalTest, RefusesWithAReasonAndFreesTheCase) {
  std::string case_id = Propose();
  v1::RefuseDecisionRequest silent;
  silent.set_decision_id(IdOf('a'));
  silent.set_act_id(IdOf('F'));
  EXPECT_EQ(FindFieldViolation(
                world_.Ask(&DecisionHandler::RefuseDecision, kSenior, silent)
                    .status())
                ->field,
            "reason");
  auto refused = world_.Refuse(kSenior, 'a');
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_EQ(refused->decision().state(), v1::DECISION_STATE_REFUSED);
  EXPECT_EQ(refused->decision().event(0).reason(), "A week would do.");
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_OPEN);
  EXPECT_FALSE(world_.OnlyCase().has_lease());
  EXPECT_THAT(world_.Approvals()->approval(), IsEmpty());
  EXPECT_EQ(ReasonOf(world_.Approve(kSecondSenior, 'a').status()),
            "DECISION_STATE");
  // Whoever takes it next sees why, and decides otherwise.
  v1::CaseSummary again = world_.Claim(kSecondReviewer)->claimed();
  EXPECT_EQ(world_.Shown(case_id).event(0).reason(), "A week would do.");
  EXPECT_TRUE(world_.DecideOne(again, {kWeek}, 'b', kSecondReviewer).ok());
}

TEST_F(ApprovalTest, LetsTheProposerWithdrawAndNobodyElse) {
  std::string case_id = Propose();
  EXPECT_EQ(ReasonOf(world_.Withdraw(kSecondReviewer, 'a').status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(world_.Withdraw(kSenior, 'a').status()), "NOT_PERMITTED");
  auto withdrawn = world_.Withdraw(kReviewer, 'a');
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->decision().state(), v1::DECISION_STATE_WITHDRAWN);
  auto request = world_.Decision(v1::CaseSummary(), {kWeek}, IdOf('b'));
  *request.mutable_held_case() = withdrawn->held_case();
  EXPECT_TRUE(world_.Decide(kReviewer, request).ok());
  EXPECT_EQ(world_.Withdraw(kReviewer, 'a')->SerializeAsString(),
            withdrawn->SerializeAsString())
      << "the same act again";
}

TEST_F(ApprovalTest, KeepsTheCaseFromEverybodyElseMeanwhile) {
  std::string case_id = Propose();
  EXPECT_EQ(ReasonOf(world_.Claim(kSecondReviewer, case_id).status()),
            "CASE_STATE");
  EXPECT_TRUE(world_.Claim(kSecondReviewer)->has_nothing_waiting());
  EXPECT_EQ(ReasonOf(world_.Undo(kReviewer, 'a').status()), "DECISION_STATE");
  EXPECT_EQ(ReasonOf(world_.Reverse(kSenior, 'a').status()), "DECISION_STATE");
  // New evidence joins it.
  world_.Report(world_.Content(kMallory, "harassment.hate",
                               {world_.platform.SendText(kMallory, "more")}),
                kAlice);
  world_.Fold();
  EXPECT_EQ(
      world_.GetCase(kReviewer, case_id, false)->case_summary().report_count(),
      2);
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  LetEffectsGo();
  EXPECT_EQ(world_.receiver.outcomes[kAlice].outcome(),
            v1::REPORT_OUTCOME_ACTION_TAKEN);
}

TEST_F(ApprovalTest, UndoesWhatWasApproved) {
  std::string case_id = Propose();
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  auto undone = world_.Undo(kSenior, 'a');
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(world_.GetCase(kReviewer, case_id, false)
                ->case_summary()
                .lease()
                .holder(),
            "rita");
  LetEffectsGo();
  EXPECT_FALSE(Suspended());
}

TEST_F(ApprovalTest, KeepsAReferralForAnAuthority) {
  Propose({kRefer});
  EXPECT_FALSE(Referral());
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  ASSERT_TRUE(Referral());
  EXPECT_EQ(Referral()->state(),
            static_cast<uint32_t>(storage::ReferralState::kWaiting));
  EXPECT_EQ(Referral()->accused_uri(), kMallory);
  EXPECT_EQ(Referral()->due_at(), world_.clock.Now() + 1 * kMinute);
  LetEffectsGo();
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_ACTION_TAKEN);
  EXPECT_THAT(world_.receiver.accounts, IsEmpty()) << "no word to the accused";
  ASSERT_TRUE(world_.Reverse(kSecondReviewer, 'a').ok());
  EXPECT_EQ(Referral()->state(),
            static_cast<uint32_t>(storage::ReferralState::kWithdrawn));
}

TEST_F(ApprovalTest, WithdrawsAReferralThatIsUndone) {
  Propose({kRefer});
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  ASSERT_TRUE(world_.Undo(kReviewer, 'a').ok());
  EXPECT_EQ(Referral()->state(),
            static_cast<uint32_t>(storage::ReferralState::kWithdrawn));
}

TEST_F(ApprovalTest, AsksForASecondPersonWhereThePolicyOrTheLadderDoes) {
  auto request = world_.Decision(world_.NewCase(kMallory), {kWeek}, IdOf('a'));
  request.set_policy("grooming");
  auto marked = world_.Decide(kReviewer, request);
  ASSERT_TRUE(marked.ok());
  // The policy weighs so much that the ladder suspends for good.
  EXPECT_THAT(marked->decision().approval_cause(),
              ElementsAre(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION,
                          v1::APPROVAL_CAUSE_POLICY));
}

TEST_F(ApprovalTest, ListsApprovalsInPagesOldestFirst) {
  for (char id : {'a', 'b', 'c'}) {
    v1::CaseSummary held = world_.NewCase(
        absl::StrCat("mimi://hub.example/u/", std::string(1, id)));
    ASSERT_TRUE(world_.DecideOne(held, {kForGood}, id).ok());
    world_.clock.Advance(1);
  }
  v1::ListApprovalsRequest request;
  request.set_page_size(2);
  auto first = world_.Ask(&DecisionHandler::ListApprovals, kSenior, request);
  ASSERT_THAT(first->approval(), SizeIs(2));
  EXPECT_EQ(first->approval(0).decision().decision_id(), IdOf('a'));
  // Stable while others leave.
  ASSERT_TRUE(world_.Approve(kSenior, 'b').ok());
  request.set_page_token(first->next_page_token());
  auto second = world_.Ask(&DecisionHandler::ListApprovals, kSenior, request);
  ASSERT_THAT(second->approval(), SizeIs(1));
  EXPECT_EQ(second->approval(0).decision().decision_id(), IdOf('c'));
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(ApprovalTest, OpensAnAppealForSomebodyElse) {
  std::string case_id = Appealed();
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_APPEALED);
  EXPECT_EQ(world_.Shown(case_id).event(0).kind(),
            v1::DECISION_EVENT_KIND_APPEALED);
  EXPECT_EQ(ActsOf(case_id).back(), "case.appealed");
  EXPECT_EQ(ReasonOf(Appeal('a')), "DECISION_STATE") << "once only";
  v1::CaseSummary summary =
      world_.GetCase(kReviewer, case_id, false)->case_summary();
  EXPECT_EQ(summary.queue(), "appeals");
  EXPECT_EQ(ReasonOf(world_.Claim(kReviewer, case_id).status()), "EXCLUDED");
  v1::CaseSummary held = world_.Claim(kSecondReviewer, case_id)->claimed();
  EXPECT_EQ(
      ReasonOf(world_.DecideOne(held, {kWeek}, 'b', kSecondReviewer).status()),
      "CASE_STATE");
  // Even if one who is excluded came to hold it.
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [&](storage::Transaction& transaction) -> absl::Status {
                    CaseId id(ToArray<16>(AsBytes(case_id)));
                    auto before = storage::FindCase(transaction, id).value();
                    auto after = *before;
                    after.add_excluded_moderator("sam");
                    return storage::PutCase(transaction, id, &*before, &after);
                  })
                  .ok());
  EXPECT_EQ(
      ReasonOf(DecideAppeal(kSecondReviewer, held, v1::APPEAL_OUTCOME_REJECTED)
                   .status()),
      "EXCLUDED");
}

TEST_F(ApprovalTest, ExcludesWhoApproved) {
  std::string case_id = Propose();
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(Appeal('a').ok());
  EXPECT_EQ(ReasonOf(world_.Claim(kReviewer, case_id).status()), "EXCLUDED");
  EXPECT_EQ(ReasonOf(world_.Claim(kSenior, case_id).status()), "EXCLUDED");
  v1::CaseSummary held = world_.Claim(kSecondSenior, case_id)->claimed();
  EXPECT_TRUE(
      DecideAppeal(kSecondSenior, held, v1::APPEAL_OUTCOME_GRANTED).ok());
  world_.Send();
  EXPECT_FALSE(Suspended());
}

TEST_F(ApprovalTest, UpholdsADecision) {
  std::string case_id = Appealed();
  v1::CaseSummary held = world_.Claim(kSecondReviewer, case_id)->claimed();
  auto upheld =
      DecideAppeal(kSecondReviewer, held, v1::APPEAL_OUTCOME_REJECTED);
  ASSERT_TRUE(upheld.ok()) << upheld.status();
  EXPECT_EQ(upheld->decision().state(), v1::DECISION_STATE_MADE);
  world_.Send();
  EXPECT_TRUE(Suspended());
  ASSERT_THAT(world_.receiver.appeals, SizeIs(1));
  EXPECT_EQ(world_.receiver.appeals[0].outcome(), v1::APPEAL_OUTCOME_REJECTED);
  EXPECT_THAT(world_.receiver.notices, SizeIs(1)) << "no other word";
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 1);
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_DECIDED);
  EXPECT_THAT(ActsOf(case_id), Contains("decision.upheld"));
  // The same again is the same; another verdict is too late.
  EXPECT_EQ(DecideAppeal(kSecondReviewer, held, v1::APPEAL_OUTCOME_REJECTED)
                ->SerializeAsString(),
            upheld->SerializeAsString());
  EXPECT_EQ(
      ReasonOf(DecideAppeal(kSecondReviewer, held, v1::APPEAL_OUTCOME_GRANTED)
                   .status()),
      "ID_CONFLICT");
  EXPECT_EQ(ReasonOf(DecideAppeal(kSecondReviewer, held,
                                  v1::APPEAL_OUTCOME_GRANTED, 'X')
                         .status()),
            "CASE_DECIDED");
  EXPECT_EQ(ReasonOf(Appeal('a')), "DECISION_STATE");
}

TEST_F(ApprovalTest, OverturnsADecision) {
  std::string case_id = Appealed();
  v1::CaseSummary held = world_.Claim(kSenior, case_id)->claimed();
  auto overturned = DecideAppeal(kSenior, held, v1::APPEAL_OUTCOME_GRANTED);
  ASSERT_TRUE(overturned.ok()) << overturned.status();
  EXPECT_EQ(overturned->decision().state(), v1::DECISION_STATE_REVERSED);
  EXPECT_EQ(overturned->decision().event(1).reason(), "Seen anew.");
  world_.Send();
  EXPECT_FALSE(Suspended());
  EXPECT_EQ(world_.receiver.notices.back(), v1::NOTICE_KIND_REVERSED);
  EXPECT_EQ(world_.receiver.appeals[0].outcome(), v1::APPEAL_OUTCOME_GRANTED);
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_NO_ACTION);
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
  EXPECT_EQ(world_.StateOf(case_id), v1::CASE_STATE_DECIDED);
}

TEST_F(ApprovalTest, TakesAnAppealFromThePlatformAndShowsItsWords) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  LetEffectsGo();
  auto taken =
      world_.Take({world_.SealAppeal(IdOf('a'), kMallory, "It was a play.")});
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(world_.StateOf(held.case_id()), v1::CASE_STATE_APPEALED);
  EXPECT_EQ(world_.Shown(held.case_id()).event(0).reason(), "") << "not yet";
  v1::CaseSummary again = world_.Claim(kSenior, held.case_id())->claimed();
  auto revealed = world_.GetCase(kSenior, held.case_id(), true);
  ASSERT_TRUE(revealed.ok()) << revealed.status();
  EXPECT_EQ(revealed->decision(0).event(0).reason(), "It was a play.");
  EXPECT_TRUE(DecideAppeal(kSenior, again, v1::APPEAL_OUTCOME_GRANTED).ok());
}

TEST_F(ApprovalTest, GrantsAnAppealAtOnceAgainstWhatDoesNotHoldAnyMore) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  ASSERT_TRUE(
      world_.Take({world_.SealAppeal(IdOf('a'), kMallory, "Please.")}).ok());
  world_.Send();
  EXPECT_EQ(world_.StateOf(held.case_id()), v1::CASE_STATE_DECIDED);
  ASSERT_THAT(world_.receiver.appeals, SizeIs(1));
  EXPECT_EQ(world_.receiver.appeals[0].outcome(), v1::APPEAL_OUTCOME_GRANTED);
}

TEST_F(ApprovalTest, OverturnsWhatHasNotLeftYet) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_.DecideOne(held, {kWeek}, 'a').ok());
  ASSERT_TRUE(Appeal('a').ok());
  v1::CaseSummary again = world_.Claim(kSenior, held.case_id())->claimed();
  ASSERT_TRUE(DecideAppeal(kSenior, again, v1::APPEAL_OUTCOME_GRANTED).ok());
  LetEffectsGo();
  EXPECT_FALSE(Suspended());
  EXPECT_EQ(world_.Strikes(kMallory)->strike_count(), 0);
  EXPECT_THAT(world_.receiver.notices, ElementsAre(v1::NOTICE_KIND_REVERSED));
}

TEST_F(ApprovalTest, KeepsWhoIsLinkedToTheAccountFromDecidingAboutIt) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  Moderator linked;
  linked.id = "rita";
  linked.roles = {Role::kReviewer, Role::kSenior};
  linked.linked_accounts = {kMallory};
  absl::Notification refused;
  world_.process->decisions.Decide(
      linked, world_.Decision(held, {kWeek}, IdOf('x')),
      [&](absl::StatusOr<v1::DecideCaseResponse> response) {
        EXPECT_EQ(ReasonOf(response.status()), "LINKED_ACCOUNT");
        refused.Notify();
      });
  refused.WaitForNotification();
  ASSERT_TRUE(world_.DecideOne(held, {kForGood}, 'a').ok());
  linked.id = "sol";
  for (auto kind :
       {v1::DECISION_EVENT_KIND_APPROVED, v1::DECISION_EVENT_KIND_REFUSED,
        v1::DECISION_EVENT_KIND_REVERSED}) {
    absl::Notification answered;
    world_.process->decisions.Apply(
        linked, {kind, IdOf('a'), IdOf('L'), "why"},
        [&](absl::StatusOr<ChangedDecision> changed) {
          EXPECT_EQ(ReasonOf(changed.status()), "LINKED_ACCOUNT");
          answered.Notify();
        });
    answered.WaitForNotification();
  }
}

TEST_F(ApprovalTest, LeavesAnAppealedDecisionToTheAppeal) {
  Appealed();
  EXPECT_EQ(ReasonOf(world_.Reverse(kSenior, 'a').status()), "CASE_STATE");
  EXPECT_EQ(ReasonOf(world_.Undo(kReviewer, 'a').status()), "UNDO_TOO_LATE");
}

TEST_F(ApprovalTest, RefusesAppealsAgainstWhatCannotBeAppealed) {
  EXPECT_EQ(ReasonOf(Appeal('z')), "NOT_FOUND");
  ASSERT_TRUE(world_
                  .DecideOne(world_.NewCase(kMallory),
                             {MakeAction(v1::ACTION_KIND_NONE)}, 'n')
                  .ok());
  EXPECT_EQ(ReasonOf(Appeal('n')), "DECISION_STATE");
  Propose();
  EXPECT_EQ(ReasonOf(Appeal('a')), "DECISION_STATE");
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  LetEffectsGo();
  ASSERT_TRUE(world_.Reverse(kSecondReviewer, 'a').ok());
  EXPECT_EQ(ReasonOf(Appeal('a')), "DECISION_STATE");
}

TEST_F(ApprovalTest, RefusesAVerdictWithoutAnAppealOrTheLease) {
  std::string case_id = Appealed();
  v1::CaseSummary held = world_.Claim(kSecondReviewer, case_id)->claimed();
  EXPECT_EQ(
      ReasonOf(
          DecideAppeal(kSenior, held, v1::APPEAL_OUTCOME_REJECTED).status()),
      "LEASE_LOST");
  EXPECT_EQ(FindFieldViolation(DecideAppeal(kSecondReviewer, held,
                                            v1::APPEAL_OUTCOME_UNSPECIFIED)
                                   .status())
                ->field,
            "outcome");
  v1::CaseSummary other = world_.NewCase(kAlice);
  EXPECT_EQ(
      ReasonOf(
          DecideAppeal(kReviewer, other, v1::APPEAL_OUTCOME_REJECTED).status()),
      "CASE_STATE");
}

TEST_F(ApprovalTest, RefusesActsThatBreakARule) {
  Propose();
  v1::ApproveDecisionRequest request;
  request.set_decision_id("short");
  request.set_act_id(IdOf('A'));
  auto field = [&] {
    return FindFieldViolation(
               world_.Ask(&DecisionHandler::ApproveDecision, kSenior, request)
                   .status())
        ->field;
  };
  EXPECT_EQ(field(), "decision_id");
  request.set_decision_id(IdOf('a'));
  request.set_act_id("");
  EXPECT_EQ(field(), "act_id");
}

// Every method by every role, as the table promises it.
TEST_F(ApprovalTest, LetsEachRoleCallWhatTheTableNames) {
  Propose();
  auto allowed = [&](const std::string& token) {
    v1::PreviewDecisionRequest preview;
    preview.add_case_id(IdOf('c'));
    preview.set_policy("threats");
    preview.set_reason("proven");
    *preview.add_action() = kWeek;
    v1::CaseSummary none;
    none.set_case_id(IdOf('c'));
    v1::ListStrikesRequest strikes;
    strikes.set_account_uri(kMallory);
    const std::vector<absl::Status> statuses = {
        world_.DecideOne(none, {kWeek}, 'x', token).status(),
        world_.Ask(&DecisionHandler::PreviewDecision, token, preview).status(),
        world_.Undo(token, 'z').status(),
        world_.Reverse(token, 'z').status(),
        world_.Approvals(token).status(),
        world_.Approve(token, 'z').status(),
        world_.Refuse(token, 'z').status(),
        world_.Withdraw(token, 'z').status(),
        DecideAppeal(token, none, v1::APPEAL_OUTCOME_REJECTED).status(),
        world_
            .Ask(&DecisionHandler::ListPolicies, token,
                 v1::ListPoliciesRequest())
            .status(),
        world_.Ask(&DecisionHandler::ListStrikes, token, strikes).status(),
    };
    std::string result;
    for (const absl::Status& status : statuses) {
      result += absl::IsPermissionDenied(status)  ? '-'
                : absl::IsUnauthenticated(status) ? '?'
                                                  : '+';
    }
    return result;
  };
  EXPECT_EQ(allowed(kReviewer), "+++++--++++");
  EXPECT_EQ(allowed(kSenior), "+++++++++++");
  EXPECT_EQ(allowed(kAuditor), "---------++");
  EXPECT_EQ(allowed(kAdministrator), "---------+-");
  EXPECT_EQ(allowed(kNobody), "-----------");
  EXPECT_EQ(allowed("frank_unknown"), "???????????");
}

}  // namespace
}  // namespace frank::moderation
