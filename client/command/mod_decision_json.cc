// The JSON half of mod_decision_view.h.
#include <string>
#include <vector>

#include "client/command/mod_decision_view.h"
#include "client/command/mod_view.h"
#include "client/command/text.h"

namespace frank::client {
namespace {

JsonObject ActionJson(const v1::Action& action) {
  JsonObject object;
  object.Text("action", ActionName(action.kind()))
      .Number("until", action.until())
      .Number("messages_an_hour", action.messages_an_hour());
  return object;
}

JsonObject EventJson(const v1::DecisionEvent& event) {
  JsonObject object;
  object.Text("event", DecisionEventName(event.kind()))
      .Text("moderator", event.moderator())
      .Number("happened_at", event.happened_at())
      .Text("reason", event.reason());
  return object;
}

JsonObject StepJson(const v1::LadderStep& step) {
  JsonObject object;
  object.Number("strikes", step.strike_count())
      .Text("action", step.kind() == v1::ACTION_KIND_UNSPECIFIED
                          ? "none"
                          : ActionName(step.kind()))
      .Number("duration_ms", step.duration_ms())
      .Number("messages_an_hour", step.messages_an_hour());
  return object;
}

template <typename Items, typename Convert>
std::vector<JsonObject> Each(const Items& items, Convert convert) {
  std::vector<JsonObject> objects;
  for (const auto& item : items) objects.push_back(convert(item));
  return objects;
}

std::vector<std::string> Causes(
    const google::protobuf::RepeatedField<int>& causes) {
  std::vector<std::string> names;
  for (int cause : causes) {
    names.push_back(ApprovalCauseName(static_cast<v1::ApprovalCause>(cause)));
  }
  return names;
}

}  // namespace

std::string DecisionStateName(v1::DecisionState state) {
  return EnumText(v1::DecisionState_Name(state), "DECISION_STATE_");
}
std::string ApprovalCauseName(v1::ApprovalCause cause) {
  return EnumText(v1::ApprovalCause_Name(cause), "APPROVAL_CAUSE_");
}
std::string DecisionEventName(v1::DecisionEventKind kind) {
  return EnumText(v1::DecisionEventKind_Name(kind), "DECISION_EVENT_KIND_");
}

JsonObject DecisionJson(const v1::Decision& decision) {
  std::vector<std::string> cases;
  for (const std::string& id : decision.case_id()) {
    cases.push_back(ToHex(AsBytes(id)));
  }
  JsonObject object;
  object.Text("kind", "decision")
      .Hex("decision_id", decision.decision_id())
      .Text("state", DecisionStateName(decision.state()))
      .Texts("case_ids", cases)
      .Text("moderator", decision.moderator())
      .Text("policy", decision.policy())
      .Number("policy_version", decision.policy_version())
      .Text("reason", decision.reason())
      .Text("rationale", decision.rationale())
      .Objects("actions", Each(decision.action(), ActionJson))
      .Number("decided_at", decision.decided_at())
      .Number("effects_due_at", decision.effects_due_at())
      .Text("outcome", OutcomeName(decision.outcome()))
      .Texts("approval_causes", Causes(decision.approval_cause()))
      .Objects("events", Each(decision.event(), EventJson));
  if (decision.has_ladder_step()) {
    object.Object("ladder_step", StepJson(decision.ladder_step()));
  }
  return object;
}

JsonObject PreviewJson(const v1::PreviewDecisionResponse& preview) {
  const v1::EnforcementState& account = preview.account();
  JsonObject object;
  object.Text("kind", "preview")
      .Number("strike_weight", preview.strike_weight())
      .Number("strike_lifetime_ms", preview.strike_lifetime_ms())
      .Text("notice", NoticeName(account.notice()))
      .Bool("suspended", account.suspended())
      .Number("suspended_until", account.suspended_until())
      .Number("messages_an_hour", account.messages_an_hour())
      .Number("limited_until", account.limited_until())
      .Objects("told", Each(preview.told(),
                            [](const auto& told) {
                              JsonObject one;
                              one.Text("outcome", OutcomeName(told.outcome()))
                                  .Number("reports", told.count());
                              return one;
                            }))
      .Texts("approval_causes", Causes(preview.approval_cause()))
      .Number("least_wait_ms", preview.least_wait_ms())
      .Number("most_wait_ms", preview.most_wait_ms());
  if (preview.has_ladder_step()) {
    object.Object("ladder_step", StepJson(preview.ladder_step()));
  }
  return object;
}

JsonObject PolicyJson(const v1::Policy& policy) {
  JsonObject object;
  object.Text("kind", "policy")
      .Text("policy", policy.policy())
      .Text("title", policy.title())
      .Text("text", policy.text())
      .Number("strike_weight", policy.strike_weight())
      .Bool("second_person", policy.second_person())
      .Bool("heading", policy.heading());
  return object;
}

JsonObject ReasonJson(const v1::DecisionReason& reason, bool acts) {
  JsonObject object;
  object.Text("kind", acts ? "action_reason" : "no_action_reason")
      .Text("reason", reason.reason())
      .Text("title", reason.title())
      .Bool("second_person", reason.second_person());
  return object;
}

JsonObject LadderStepJson(const v1::LadderStep& step) {
  JsonObject object;
  object.Text("kind", "ladder_step").Object("step", StepJson(step));
  return object;
}

JsonObject StrikeJson(const v1::Strike& strike) {
  JsonObject object;
  object.Text("kind", "strike")
      .Hex("decision_id", strike.decision_id())
      .Text("policy", strike.policy())
      .Number("weight", strike.weight())
      .Number("added_at", strike.added_at())
      .Number("expires_at", strike.expires_at())
      .Bool("reversed", strike.reversed());
  return object;
}

}  // namespace frank::client
