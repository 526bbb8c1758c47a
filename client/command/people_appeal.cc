// appeal, appeals.
#include "absl/strings/str_cat.h"
#include "client/command/own_appeal_view.h"
#include "client/command/people.h"
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
    in.out.Print(OwnDecisionJson(decision),
                 OwnDecisionText(decision, in.clock.Now()));
  }
  if (decisions.empty()) in.out.Say("No decisions about this account.");
  return absl::OkStatus();
}

}  // namespace frank::client
