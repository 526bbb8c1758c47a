// appeal, appeals.
#include "absl/strings/str_cat.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

absl::StatusOr<DecisionId> ParseDecisionId(absl::string_view hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != DecisionId::kSize) {
    return FieldError("DECISION", "must be 32 hex digits");
  }
  return DecisionId(ToArray<DecisionId::kSize>(*bytes));
}

const char* StateName(const v1::DecisionAboutAccount& decision) {
  if (!decision.has_appeal()) return "none";
  switch (decision.appeal().state()) {
    case v1::APPEAL_STATE_ACCEPTED:
      return "accepted";
    case v1::APPEAL_STATE_FORWARDED:
      return "with_moderators";
    case v1::APPEAL_STATE_DECIDED:
      return "decided";
    default:
      return "unknown";
  }
}

std::string AppealText(const v1::DecisionAboutAccount& decision,
                       UnixMillis now) {
  if (!decision.has_appeal()) {
    return absl::StrCat(now < decision.appeal_until()
                            ? "may be appealed until "
                            : "could be appealed until ",
                        FormatTime(decision.appeal_until()));
  }
  switch (decision.appeal().state()) {
    case v1::APPEAL_STATE_ACCEPTED:
      return "appealed; on its way to the moderators";
    case v1::APPEAL_STATE_FORWARDED:
      return "appealed; with the moderators";
    default:
      return absl::StrCat("appealed; ",
                          AppealOutcomeText(decision.appeal().outcome()));
  }
}

void PrintDecision(const Invocation& in,
                   const v1::DecisionAboutAccount& decision) {
  std::string text =
      absl::StrCat(ToHex(AsBytes(decision.decision_id())), "  ",
                   FormatTime(decision.told_at()), "  the moderators ",
                   NoticeText(decision.notice_kind()));
  if (!decision.policy().empty()) {
    absl::StrAppend(&text, ", policy ", Printable(decision.policy()));
  }
  if (decision.until() != 0) {
    absl::StrAppend(&text, ", until ", FormatTime(decision.until()));
  }
  in.out.Print(
      JsonObject()
          .Hex("decision_id", decision.decision_id())
          .Text("notice", NoticeValue(decision.notice_kind()))
          .Text("policy", decision.policy())
          .Number("until", decision.until())
          .Number("told_at", decision.told_at())
          .Number("appeal_until", decision.appeal_until())
          .Text("appeal", StateName(decision))
          .Text("outcome", AppealOutcomeName(decision.appeal().outcome()))
          .Number("decided_at", decision.appeal().decided_at()),
      absl::StrCat(text, "\n  ", AppealText(decision, in.clock.Now())));
}

}  // namespace

const char* AppealOutcomeName(v1::AppealOutcome outcome) {
  switch (outcome) {
    case v1::APPEAL_OUTCOME_REJECTED:
      return "rejected";
    case v1::APPEAL_OUTCOME_GRANTED:
      return "granted";
    default:
      return "";
  }
}

const char* AppealOutcomeText(v1::AppealOutcome outcome) {
  return outcome == v1::APPEAL_OUTCOME_GRANTED ? "the decision was taken back"
                                               : "the decision stands";
}

absl::Status RunAppeal(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a decision"));
  FRANK_ASSIGN_OR_RETURN(DecisionId decision,
                         ParseDecisionId(in.args.positionals()[0]));
  std::string text = in.args.Get("text");
  if (text == "-") {
    FRANK_ASSIGN_OR_RETURN(text, ReadInput());
  }
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(stored::StoredAppeal appeal,
                         device->appellant().Submit(decision, text));
  in.out.Print(JsonObject()
                   .Hex("decision_id", appeal.decision_id())
                   .Number("accepted_at", appeal.accepted_at()),
               "Your appeal is stored, sealed to the moderators. Somebody else "
               "than the first time\nwill decide; frank appeals shows how.");
  return absl::OkStatus();
}

absl::Status RunAppeals(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_RETURN_IF_ERROR(device->appellant().Resume());
  FRANK_ASSIGN_OR_RETURN(std::vector<v1::DecisionAboutAccount> decisions,
                         device->appellant().FetchDecisions());
  for (const v1::DecisionAboutAccount& decision : decisions) {
    PrintDecision(in, decision);
  }
  if (decisions.empty()) in.out.Say("No decisions about this account.");
  return absl::OkStatus();
}

}  // namespace frank::client
