// frank mod: policies, strikes.
#include "absl/strings/str_cat.h"
#include "client/command/mod_client.h"
#include "client/command/mod_decide.h"
#include "client/command/mod_decision_view.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

template <typename Reasons>
void PrintReasons(const Invocation& in, const Reasons& reasons, bool acts) {
  for (const v1::DecisionReason& reason : reasons) {
    in.out.Print(ReasonJson(reason, acts),
                 absl::StrCat("reason ", acts ? "to act      " : "not to act  ",
                              Printable(reason.reason()), "  ",
                              Printable(reason.title()),
                              reason.second_person() ? ", by two" : ""));
  }
}

absl::Status RunPolicies(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(uint64_t version, in.args.Number("version", 0));
  if (version > UINT32_MAX) return FieldError("--version", "is too large");
  v1::ListPoliciesRequest request;
  request.set_version(static_cast<uint32_t>(version));
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::ListPoliciesResponse response,
                         client.ListPolicies(request));
  for (const v1::Policy& policy : response.policy()) {
    in.out.Print(PolicyJson(policy).Number("version", response.version()),
                 PolicyText(policy));
  }
  PrintReasons(in, response.action_reason(), true);
  PrintReasons(in, response.no_action_reason(), false);
  for (const v1::LadderStep& step : response.ladder()) {
    in.out.Print(LadderStepJson(step), LadderStepText(step));
  }
  in.out.Say(absl::StrCat("Version ", response.version(),
                          "; strikes count for ",
                          FormatDuration(response.strike_lifetime_ms()), "."));
  return absl::OkStatus();
}

absl::Status RunStrikes(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "ACCOUNT"));
  v1::ListStrikesRequest request;
  request.set_account_uri(in.args.positionals().front());
  FRANK_ASSIGN_OR_RETURN(ModClient client, ModClient::Connect(in.args));
  FRANK_ASSIGN_OR_RETURN(v1::ListStrikesResponse response,
                         client.ListStrikes(request));
  for (const v1::Strike& strike : response.strike()) {
    in.out.Print(StrikeJson(strike), StrikeText(strike));
  }
  in.out.Say(absl::StrCat("They count ", response.strike_count(), " now."));
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> PolicyCommands() {
  return {
      {"mod policies", "", "List policies, reasons, and what strikes lead to.",
       WithModConnection(
           {{"version", "N", "as a decision names it; without it, those now"}}),
       &RunPolicies},
      {"mod strikes", "ACCOUNT", "List the strikes of an account.",
       WithModConnection({}), &RunStrikes},
  };
}

}  // namespace frank::client
