// The half of mod_decision_view.h that is for people.
#include "client/command/mod_decision_view.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"

namespace frank::client {
namespace {

std::string Hex(const std::string& bytes) { return ToHex(AsBytes(bytes)); }

std::string Rate(uint32_t messages_an_hour) {
  return absl::StrCat(" to ", messages_an_hour, " message",
                      messages_an_hour == 1 ? "" : "s", " an hour");
}

std::string ActionText(const v1::Action& action) {
  std::string text = ActionName(action.kind());
  if (action.messages_an_hour() > 0) {
    absl::StrAppend(&text, Rate(action.messages_an_hour()));
  }
  if (action.until() > 0) {
    absl::StrAppend(&text, " until ", FormatTime(action.until()));
  }
  return text;
}

std::string Ordinal(uint32_t number) {
  const bool teen = number % 100 / 10 == 1;
  const char* ending = teen               ? "th"
                       : number % 10 == 1 ? "st"
                       : number % 10 == 2 ? "nd"
                       : number % 10 == 3 ? "rd"
                                          : "th";
  return absl::StrCat(number, ending);
}

std::string CausesText(const google::protobuf::RepeatedField<int>& causes) {
  std::vector<std::string> names;
  for (int cause : causes) {
    names.push_back(ApprovalCauseName(static_cast<v1::ApprovalCause>(cause)));
  }
  return absl::StrJoin(names, ", ");
}

std::string AccountText(const v1::EnforcementState& account) {
  std::string text = "free";
  if (account.suspended()) {
    text = account.suspended_until() == 0
               ? "suspended until further notice"
               : "suspended until " + FormatTime(account.suspended_until());
  }
  if (account.messages_an_hour() > 0) {
    text = (account.suspended() ? text + ", " : "") + "limited" +
           Rate(account.messages_an_hour());
    if (account.limited_until() > 0) {
      absl::StrAppend(&text, " until ", FormatTime(account.limited_until()));
    }
  }
  return text;
}

std::string WaitText(const v1::PreviewDecisionResponse& preview) {
  if (preview.most_wait_ms() == 0) return "at once";
  std::string text =
      absl::StrCat("after ", FormatDuration(preview.least_wait_ms()));
  if (preview.most_wait_ms() > preview.least_wait_ms()) {
    absl::StrAppend(&text, " to ", FormatDuration(preview.most_wait_ms()));
  }
  return text + "; until then it can be undone";
}

std::string EventText(const v1::DecisionEvent& event) {
  std::string text = absl::StrCat(
      "\n  ", DecisionEventName(event.kind()),
      event.moderator().empty() ? "" : " by " + Printable(event.moderator()),
      ", ", FormatTime(event.happened_at()));
  if (!event.reason().empty()) {
    absl::StrAppend(&text, "\n", Indented(event.reason(), "    | "));
  }
  return text;
}

}  // namespace

std::string LadderStepText(const v1::LadderStep& step) {
  std::string text = Ordinal(step.strike_count()) + " strike: ";
  if (step.kind() == v1::ACTION_KIND_UNSPECIFIED) return text + "nothing more";
  absl::StrAppend(&text, ActionName(step.kind()));
  if (step.messages_an_hour() > 0) {
    absl::StrAppend(&text, Rate(step.messages_an_hour()));
  }
  if (step.kind() == v1::ACTION_KIND_WARN) return text;
  return step.duration_ms() == 0
             ? text + " until further notice"
             : text + " for " + FormatDuration(step.duration_ms());
}

std::string DecisionText(const v1::Decision& decision) {
  std::vector<std::string> actions;
  for (const v1::Action& action : decision.action()) {
    actions.push_back(ActionText(action));
  }
  std::string text = absl::StrCat(
      "Decision ", Hex(decision.decision_id()), ": ",
      DecisionStateName(decision.state()), ", by ",
      Printable(decision.moderator()), ", ", FormatTime(decision.decided_at()),
      "\n  policy  ", Printable(decision.policy()), " (version ",
      decision.policy_version(), "), ", Printable(decision.reason()),
      "\n  actions ", absl::StrJoin(actions, "; "));
  if (decision.has_ladder_step()) {
    absl::StrAppend(&text, "\n  ladder  ",
                    LadderStepText(decision.ladder_step()));
  }
  absl::StrAppend(&text, "\n  outcome ", OutcomeName(decision.outcome()));
  if (decision.effects_due_at() > 0) {
    absl::StrAppend(&text, "\n  effects from ",
                    FormatTime(decision.effects_due_at()));
  }
  if (!decision.approval_cause().empty()) {
    absl::StrAppend(&text, "\n  needs a second person: ",
                    CausesText(decision.approval_cause()));
  }
  absl::StrAppend(&text, "\n  why\n", Indented(decision.rationale(), "    | "));
  for (const v1::DecisionEvent& event : decision.event()) {
    absl::StrAppend(&text, EventText(event));
  }
  return text;
}

std::string PreviewText(const v1::PreviewDecisionResponse& preview) {
  std::string text = "This decision would do nothing yet; it says:";
  if (preview.has_ladder_step()) {
    absl::StrAppend(&text, "\n  strikes   in ",
                    FormatDuration(preview.strike_lifetime_ms()), ", ",
                    LadderStepText(preview.ladder_step()));
  }
  absl::StrAppend(&text, "\n  account   ", AccountText(preview.account()));
  if (preview.account().notice() != v1::NOTICE_KIND_UNSPECIFIED) {
    absl::StrAppend(&text, ", is told ",
                    NoticeName(preview.account().notice()));
  }
  for (const auto& told : preview.told()) {
    absl::StrAppend(&text, "\n  reporters ", told.count(), " report",
                    told.count() == 1 ? "" : "s", ": ",
                    OutcomeName(told.outcome()));
  }
  if (!preview.approval_cause().empty()) {
    absl::StrAppend(&text, "\n  approval  a second person must approve: ",
                    CausesText(preview.approval_cause()));
  }
  return absl::StrCat(text, "\n  effects   ", WaitText(preview));
}

std::string PolicyText(const v1::Policy& policy) {
  const auto depth =
      std::count(policy.policy().begin(), policy.policy().end(), '.');
  const std::string indent(static_cast<size_t>(2 * depth), ' ');
  std::string text = absl::StrCat(indent, Printable(policy.policy()), "  ",
                                  Printable(policy.title()));
  if (policy.strike_weight() > 0) {
    absl::StrAppend(&text, ", strikes ", policy.strike_weight());
  }
  if (policy.second_person()) absl::StrAppend(&text, ", by two");
  return absl::StrCat(text, "\n", Indented(policy.text(), indent + "    "));
}

std::string StrikeText(const v1::Strike& strike) {
  return absl::StrCat(FormatTime(strike.added_at()), "  ",
                      Printable(strike.policy()), "  counts ", strike.weight(),
                      strike.reversed()
                          ? ", reversed"
                          : ", until " + FormatTime(strike.expires_at()),
                      "  ", Hex(strike.decision_id()));
}

}  // namespace frank::client
