// frank mod: undo, reverse, approvals, approve, refuse, withdraw, appeal.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/command/mod_client.h"
#include "client/command/mod_decide.h"
#include "client/command/mod_decision_view.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

// Does one act about a decision and prints what became of it.
template <typename Request, typename Response>
absl::Status Act(
    const Invocation& in, Request request,
    absl::StatusOr<Response> (ModClient::*method)(const Request&)) {
  FRANK_ASSIGN_OR_RETURN(*request.mutable_decision_id(), DecisionOf(in.args));
  FRANK_ASSIGN_OR_RETURN(DecisionId act_id, IdOption(in, "act-id"));
  request.set_act_id(std::string(act_id.text()));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(Response response, (client.*method)(request));
  PrintDecision(in, response.decision(), response.act_hash());
  return absl::OkStatus();
}

absl::Status RunUndo(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      Act(in, v1::UndoDecisionRequest(), &ModClient::UndoDecision));
  in.out.Say("Undone; who decided holds the case again.");
  return absl::OkStatus();
}

absl::Status RunReverse(const Invocation& in) {
  v1::ReverseDecisionRequest request;
  request.set_reason(in.args.Get("reason"));
  return Act(in, std::move(request), &ModClient::ReverseDecision);
}

absl::Status RunApprove(const Invocation& in) {
  v1::ApproveDecisionRequest request;
  for (const std::string& revision : in.args.All("seen")) {
    uint64_t seen;
    if (!absl::SimpleAtoi(revision, &seen)) {
      return FieldError("--seen", "must be the revision of a case");
    }
    request.add_seen_revision(seen);
  }
  return Act(in, std::move(request), &ModClient::ApproveDecision);
}

absl::Status RunRefuse(const Invocation& in) {
  v1::RefuseDecisionRequest request;
  request.set_reason(in.args.Get("reason"));
  return Act(in, std::move(request), &ModClient::RefuseDecision);
}

absl::Status RunWithdraw(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      Act(in, v1::WithdrawDecisionRequest(), &ModClient::WithdrawDecision));
  in.out.Say("Withdrawn; you hold the case again.");
  return absl::OkStatus();
}

absl::Status RunApprovals(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  v1::ListApprovalsRequest request;
  bool any = false;
  do {
    FRANK_ASSIGN_OR_RETURN(v1::ListApprovalsResponse page,
                           client.ListApprovals(request));
    for (const auto& approval : page.approval()) {
      any = true;
      in.out.Print(DecisionJson(approval.decision())
                       .Text("accused", approval.accused_uri()),
                   absl::StrCat("Against ", Printable(approval.accused_uri()),
                                "\n", DecisionText(approval.decision())));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!any) in.out.Say("Nothing waits for a second person.");
  return absl::OkStatus();
}

absl::StatusOr<v1::AppealOutcome> ParseVerdict(const std::string& verdict) {
  if (verdict == "uphold") return v1::APPEAL_OUTCOME_REJECTED;
  if (verdict == "overturn") return v1::APPEAL_OUTCOME_GRANTED;
  return FieldError("--verdict", "must be uphold or overturn");
}

absl::Status RunAppeal(const Invocation& in) {
  v1::DecideAppealRequest request;
  FRANK_ASSIGN_OR_RETURN(v1::AppealOutcome outcome,
                         ParseVerdict(in.args.Get("verdict")));
  request.set_outcome(outcome);
  request.set_reason(in.args.Get("reason"));
  FRANK_ASSIGN_OR_RETURN(DecisionId act_id, IdOption(in, "act-id"));
  request.set_act_id(std::string(act_id.text()));
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "CASE"));
  FRANK_ASSIGN_OR_RETURN(CaseId id, ParseCaseId(in.args.positionals().front()));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(in.args, client, id));
  request.mutable_held_case()->set_case_id(std::string(id.text()));
  request.mutable_held_case()->set_epoch(epoch);
  FRANK_ASSIGN_OR_RETURN(v1::DecideAppealResponse response,
                         client.DecideAppeal(request));
  PrintDecision(in, response.decision(), response.act_hash());
  return absl::OkStatus();
}

const Option kActId = {"act-id", "HEX", "repeat an act under its id"};

}  // namespace

std::vector<Command> DecisionCommands() {
  const Option reason = {"reason", "TEXT", "why, for other moderators", true};
  std::vector<Command> commands = DecideCommands();
  for (Command command : std::vector<Command>{
           {"mod undo", "DECISION",
            "Take a decision back while its effects wait.",
            WithModConnection({kActId}), &RunUndo},
           {"mod reverse", "DECISION",
            "Take back what a decision did, after it had effect.",
            WithModConnection({reason, kActId}), &RunReverse},
           {"mod approvals", "",
            "List the decisions that wait for a second person.",
            WithModConnection({}), &RunApprovals},
           {"mod approve", "DECISION", "Make a decision that was proposed.",
            WithModConnection(
                {{"seen", "REVISION",
                  "of each case as it was shown, in the order of the decision; "
                  "refused if a report has joined since; needed to delete "
                  "evidence",
                  false, true},
                 kActId}),
            &RunApprove},
           {"mod refuse", "DECISION", "Refuse a decision that was proposed.",
            WithModConnection({reason, kActId}), &RunRefuse},
           {"mod withdraw", "DECISION", "Take back a proposal of yours.",
            WithModConnection({kActId}), &RunWithdraw},
           {"mod appeal", "CASE", "Decide the appeal of a case that you hold.",
            WithModConnection(
                {{"verdict", "VERDICT", "uphold or overturn", true},
                 reason,
                 kActId,
                 kEpochOption}),
            &RunAppeal}}) {
    commands.push_back(std::move(command));
  }
  for (Command& command : PolicyCommands()) {
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace frank::client
