#include "services/moderation/decision_proto.h"

#include "services/moderation/decision_words.h"

namespace frank::moderation {

using storage::v1::DecisionRecord;

Actions ActionsOf(const DecisionRecord& record) {
  Actions actions;
  for (const auto& action : record.action()) {
    v1::Action* added = actions.Add();
    added->set_kind(static_cast<v1::ActionKind>(action.kind()));
    added->set_until(action.until());
    added->set_messages_an_hour(action.messages_an_hour());
  }
  return actions;
}

v1::LadderStep ToProto(const storage::v1::LadderStepRecord& record) {
  v1::LadderStep proto;
  proto.set_strike_count(record.strike_count());
  proto.set_kind(static_cast<v1::ActionKind>(record.kind()));
  proto.set_duration_ms(record.duration_ms());
  proto.set_messages_an_hour(record.messages_an_hour());
  return proto;
}

v1::Policy ToProto(const storage::v1::PolicyRecord& record) {
  v1::Policy proto;
  proto.set_policy(record.policy());
  proto.set_title(record.title());
  proto.set_text(record.text());
  proto.set_strike_weight(record.strike_weight());
  proto.set_second_person(record.second_person());
  proto.set_heading(record.heading());
  return proto;
}

v1::DecisionReason ToProto(const storage::v1::ReasonRecord& record) {
  v1::DecisionReason proto;
  proto.set_reason(record.reason());
  proto.set_title(record.title());
  proto.set_second_person(record.second_person());
  return proto;
}

absl::StatusOr<v1::Decision> ShowDecision(
    const absl::optional<DataKey>& case_key, const CaseId& case_id,
    const DecisionId& id, const DecisionRecord& record) {
  auto open = [&](absl::string_view act_id,
                  const auto& sealed) -> absl::StatusOr<std::string> {
    return case_key ? OpenWords(*case_key, case_id, id, record, act_id, sealed)
                    : std::string();
  };
  v1::Decision proto;
  proto.set_decision_id(ToString(id.bytes()));
  proto.set_moderator(record.moderator());
  proto.set_policy(record.policy());
  proto.set_policy_version(record.policy_version());
  proto.set_reason(record.reason());
  FRANK_ASSIGN_OR_RETURN(*proto.mutable_rationale(),
                         open("", record.rationale_ciphertext()));
  *proto.mutable_action() = ActionsOf(record);
  if (record.has_ladder_step()) {
    *proto.mutable_ladder_step() = ToProto(record.ladder_step());
  }
  proto.set_decided_at(record.decided_at());
  proto.set_outcome(static_cast<v1::ReportOutcome>(record.outcome()));
  proto.set_state(static_cast<v1::DecisionState>(record.state()));
  *proto.mutable_case_id() = record.case_id();
  proto.set_effects_due_at(record.effects_due_at());
  for (uint32_t cause : record.approval_cause()) {
    proto.add_approval_cause(static_cast<v1::ApprovalCause>(cause));
  }
  for (const auto& event : record.event()) {
    v1::DecisionEvent* added = proto.add_event();
    added->set_kind(static_cast<v1::DecisionEventKind>(event.kind()));
    added->set_moderator(event.moderator());
    added->set_happened_at(event.happened_at());
    FRANK_ASSIGN_OR_RETURN(*added->mutable_reason(),
                           open(event.act_id(), event.reason_ciphertext()));
  }
  return proto;
}

}  // namespace frank::moderation
