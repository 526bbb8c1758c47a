// How a moderator decides, and what happens to decisions afterwards.
#include <thread>

#include "core/clock.h"
#include "core/ids.h"
#include "tests/e2e/shift/actions.h"
#include "tests/e2e/shift/moderator.h"

namespace frank::shift {
namespace {

using Decisions = v1::DecisionService::Stub;

// Of a hundred decisions.
constexpr double kSeveralCases = 15;
constexpr double kRepeat = 10;
constexpr double kRace = 5;
constexpr double kStaleEpoch = 3;
constexpr double kOtherContent = 3;
constexpr double kUndo = 7;
constexpr double kWithdraw = 10;
constexpr double kRefuse = 20;
constexpr double kOverturn = 40;
constexpr size_t kMostCases = 3;
constexpr int kLooks = 3;

v1::Action Make(v1::ActionKind kind, UnixMillis until = 0, uint32_t rate = 0) {
  v1::Action action;
  action.set_kind(kind);
  action.set_until(until);
  action.set_messages_an_hour(rate);
  return action;
}

}  // namespace

// Few limits and far ends, so that what must hold in the end is easily tried
// out.
void Moderator::ChooseActions(const v1::CaseSummary& summary,
                              v1::DecideCaseRequest* request) {
  const UnixMillis now = SystemClock().Now();
  const bool proven = summary.proven_count() > 0;
  auto add = [&](const v1::Action& action) { *request->add_action() = action; };
  double dice = static_cast<double>(dice_.Below(10000)) / 100;
  auto falls = [&](double percent) { return (dice -= percent) < 0; };
  if (summary.accused_uri().empty() || falls(proven ? 50 : 85)) {
    return add(Make(v1::ACTION_KIND_NONE));
  }
  if (falls(4)) return add(Make(v1::ACTION_KIND_ASK_REPORTER));
  if (falls(6)) return add(Make(v1::ACTION_KIND_RESTORE));
  if (falls(2)) return add(Make(v1::ACTION_KIND_SUSPEND));
  if (falls(2)) return add(Make(v1::ACTION_KIND_REFER));
  if (falls(7)) {
    return add(
        Make(v1::ACTION_KIND_SUSPEND, now + (2 + dice_.Below(9)) * kDay));
  }
  if (falls(15)) {
    static constexpr uint32_t kRates[] = {1, 3, 5, 8};
    add(Make(v1::ACTION_KIND_LIMIT, now + (2 + dice_.Below(9)) * kDay,
             kRates[dice_.Below(4)]));
    return;
  }
  add(Make(v1::ACTION_KIND_WARN));
}

v1::DecideCaseRequest Moderator::Choose(const std::vector<InHand>& held) {
  v1::DecideCaseRequest request;
  for (const InHand& one : held) {
    v1::HeldCase* out = request.add_held_case();
    out->set_case_id(one.summary.case_id());
    out->set_epoch(one.epoch);
    out->set_seen_revision(one.seen);
  }
  request.set_decision_id(NewId());
  request.set_policy(dice_.Pick(desk_.policies()));
  request.set_rationale("As the reports show.");
  ChooseActions(held.front().summary, &request);
  const v1::ActionKind first = request.action(0).kind();
  const bool acts =
      first != v1::ACTION_KIND_NONE && first != v1::ACTION_KIND_ASK_REPORTER;
  request.set_reason(
      dice_.Pick(acts ? desk_.action_reasons() : desk_.no_action_reasons()));
  return request;
}

void Moderator::Decide(InHand held) {
  std::vector<InHand> together = {held};
  if (dice_.Chance(kSeveralCases)) {
    for (const v1::CaseSummary& other : OthersAbout(held.summary)) {
      if (together.size() == kMostCases) break;
      absl::optional<InHand> more = ClaimNamed(other.case_id());
      if (more && Look(&*more)) together.push_back(*std::move(more));
    }
  }
  for (int looks = 0; looks < kLooks; ++looks) {
    v1::DecideCaseRequest request = Choose(together);
    if (dice_.Chance(kStaleEpoch)) Disturb(request);
    if (dice_.Chance(kRace)) return Race(request);
    auto answer = client_.Call(&Decisions::DecideCase, request);
    if (answer.ok()) {
      desk_.Acknowledged(answer->act_hash());
      if (together.size() > 1)
        desk_.tally().Count("decision about several cases");
      if (dice_.Chance(kRepeat)) Submit(request);
      if (dice_.Chance(kOtherContent)) {
        request.set_rationale("On second thoughts.");
        desk_.tally().Forbidden(
            "decision under a used id",
            client_.Call(&Decisions::DecideCase, request).status(),
            "ID_CONFLICT");
      }
      return AfterDeciding(answer->decision());
    }
    Refused("decide", answer.status(),
            {"NEW_EVIDENCE", "LEASE_LOST", "CASE_DECIDED", "CASE_STATE",
             "CHILD_SAFETY_NEEDED", "TOO_LARGE"});
    if (ReasonOf(answer.status()) != "NEW_EVIDENCE") return;
    for (InHand& one : together) {
      if (!Look(&one)) return;
    }
  }
}

// The same again: answered as the first time.
absl::optional<v1::Decision> Moderator::Submit(v1::DecideCaseRequest request) {
  auto answer = client_.Call(&Decisions::DecideCase, request);
  if (!answer.ok()) {
    Refused("decide again", answer.status(), {});
    return absl::nullopt;
  }
  desk_.tally().Count("decision repeated");
  desk_.tally().Insist(
      answer->decision().decision_id() == request.decision_id(),
      "a repeated decision is answered with another");
  return answer->decision();
}

// Two decisions about the same cases under the same lease, at once: one of them
// at most is made.
void Moderator::Race(const v1::DecideCaseRequest& request) {
  v1::DecideCaseRequest other = request;
  other.set_decision_id(NewId());
  auto second = absl::StatusOr<v1::DecideCaseResponse>(
      absl::UnknownError("not answered"));
  std::thread rival(
      [&] { second = client_.Call(&Decisions::DecideCase, other); });
  auto first = client_.Call(&Decisions::DecideCase, request);
  rival.join();
  desk_.tally().Count("decisions raced for one case");
  desk_.tally().Insist(!(first.ok() && second.ok()),
                       "two decisions were made under one lease");
  for (const auto* answer : {&first, &second}) {
    if (answer->ok()) {
      desk_.Acknowledged((*answer)->act_hash());
      AfterDeciding((*answer)->decision());
    } else {
      Refused("decide in a race", answer->status(),
              {"NEW_EVIDENCE", "LEASE_LOST", "CASE_DECIDED", "CASE_STATE"});
    }
  }
}

// Under a lease that is over.
void Moderator::Disturb(const v1::DecideCaseRequest& request) {
  v1::DecideCaseRequest stale = request;
  stale.set_decision_id(NewId());
  stale.mutable_held_case(0)->set_epoch(stale.held_case(0).epoch() + 1);
  auto answer = client_.Call(&Decisions::DecideCase, stale);
  if (desk_.tally().Insist(!answer.ok(), "a decision under a stale lease")) {
    Refused("decide under a stale lease", answer.status(),
            {"LEASE_LOST", "CASE_DECIDED", "CASE_STATE"});
  }
}

void Moderator::Note(const v1::Decision& decision) {
  MadeDecision made;
  made.id = decision.decision_id();
  made.moderator = decision.moderator();
  made.concerns_account = MayBeAppealed(decision);
  v1::GetCaseRequest request;
  request.set_case_id(decision.case_id(0));
  auto shown = client_.Call(&v1::ReviewService::Stub::GetCase, request);
  if (!shown.ok()) {
    return Refused("show", shown.status(), {"CHILD_SAFETY_NEEDED"});
  }
  made.accused_uri = shown->case_summary().accused_uri();
  if (Acts(decision)) desk_.Made(std::move(made));
}

void Moderator::AfterDeciding(const v1::Decision& decision) {
  if (decision.state() == v1::DECISION_STATE_PROPOSED) {
    desk_.tally().Count("decision proposed");
    if (!desk_.is_closing() && dice_.Chance(kWithdraw)) {
      Withdraw(decision.decision_id());
    }
    return;
  }
  desk_.tally().Count("decision made");
  if (!desk_.is_closing() && dice_.Chance(kUndo)) {
    return Undo(decision.decision_id());
  }
  Note(decision);
}

// The cases are the moderator's again, who finds them in their hands.
void Moderator::Undo(const std::string& decision_id) {
  v1::UndoDecisionRequest request;
  request.set_decision_id(decision_id);
  request.set_act_id(NewId());
  auto undone = client_.Call(&Decisions::UndoDecision, request);
  if (!undone.ok()) {
    return Refused("undo", undone.status(),
                   {"UNDO_TOO_LATE", "DECISION_STATE", "CHILD_SAFETY_NEEDED"});
  }
  desk_.Acknowledged(undone->act_hash());
  desk_.tally().Count("decision undone");
}

void Moderator::Withdraw(const std::string& decision_id) {
  v1::WithdrawDecisionRequest request;
  request.set_decision_id(decision_id);
  request.set_act_id(NewId());
  auto withdrawn = client_.Call(&Decisions::WithdrawDecision, request);
  if (!withdrawn.ok()) {
    return Refused("withdraw", withdrawn.status(),
                   {"DECISION_STATE", "CASE_STATE", "CASE_DECIDED"});
  }
  desk_.Acknowledged(withdrawn->act_hash());
  desk_.tally().Count("decision withdrawn");
}

void Moderator::ReverseSomething() {
  absl::optional<MadeDecision> decision = desk_.SomeDecision(&dice_);
  if (!decision) return;
  v1::ReverseDecisionRequest request;
  request.set_decision_id(decision->id);
  request.set_act_id(NewId());
  request.set_reason("It was somebody else.");
  auto reversed = client_.Call(&Decisions::ReverseDecision, request);
  if (!reversed.ok()) {
    return Refused("reverse", reversed.status(),
                   {"DECISION_STATE", "SECOND_PERSON", "CASE_STATE",
                    "CHILD_SAFETY_NEEDED"});
  }
  desk_.tally().Insist(self_.senior || decision->moderator != self_.id,
                       "somebody reversed their own decision");
  desk_.Acknowledged(reversed->act_hash());
  desk_.tally().Count("decision reversed");
}

bool Moderator::LookAtApprovals() {
  auto waiting =
      client_.Call(&Decisions::ListApprovals, v1::ListApprovalsRequest());
  if (!waiting.ok()) {
    Refused("list approvals", waiting.status(), {});
    return false;
  }
  if (waiting->approval().empty()) return false;
  if (desk_.is_closing()) {
    for (const auto& approval : waiting->approval()) Judge(approval.decision());
    return true;
  }
  const int chosen = static_cast<int>(
      dice_.Below(static_cast<size_t>(waiting->approval_size())));
  Judge(waiting->approval(chosen).decision());
  return true;
}

void Moderator::Judge(const v1::Decision& proposal) {
  if (dice_.Chance(kRefuse)) {
    v1::RefuseDecisionRequest request;
    request.set_decision_id(proposal.decision_id());
    request.set_act_id(NewId());
    request.set_reason("Too hard for this.");
    auto refused = client_.Call(&Decisions::RefuseDecision, request);
    if (!refused.ok()) {
      return Refused(
          "refuse", refused.status(),
          {"DECISION_STATE", "SECOND_PERSON", "CASE_STATE", "CASE_DECIDED"});
    }
    desk_.tally().Count("proposal refused");
    return desk_.Acknowledged(refused->act_hash());
  }
  v1::ApproveDecisionRequest request;
  request.set_decision_id(proposal.decision_id());
  request.set_act_id(NewId());
  auto approved = client_.Call(&Decisions::ApproveDecision, request);
  if (!approved.ok()) {
    return Refused(
        "approve", approved.status(),
        {"DECISION_STATE", "SECOND_PERSON", "CASE_STATE", "CASE_DECIDED"});
  }
  desk_.tally().Insist(proposal.moderator() != self_.id,
                       "somebody approved their own proposal");
  desk_.tally().Count("proposal approved");
  desk_.Acknowledged(approved->act_hash());
  Note(approved->decision());
}

void Moderator::DecideAppeal(const InHand& held) {
  v1::DecideAppealRequest request;
  request.mutable_held_case()->set_case_id(held.summary.case_id());
  request.mutable_held_case()->set_epoch(held.epoch);
  request.set_act_id(NewId());
  request.set_reason("Having heard both sides.");
  const bool overturn = dice_.Chance(kOverturn);
  request.set_outcome(overturn ? v1::APPEAL_OUTCOME_GRANTED
                               : v1::APPEAL_OUTCOME_REJECTED);
  auto decided = client_.Call(&Decisions::DecideAppeal, request);
  if (!decided.ok()) {
    return Refused("decide an appeal", decided.status(),
                   {"LEASE_LOST", "CASE_DECIDED", "CASE_STATE",
                    "DECISION_STATE", "CHILD_SAFETY_NEEDED"});
  }
  desk_.Acknowledged(decided->act_hash());
  desk_.tally().Count(overturn ? "appeal granted" : "appeal rejected");
}

}  // namespace frank::shift
