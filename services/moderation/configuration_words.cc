#include "services/moderation/configuration_words.h"

#include "proto/routing_rules.h"
#include "storage/retention_store.h"

namespace frank::moderation {
namespace {

void AddRouting(const Routing& routing, v1::GetConfigurationResponse* shown) {
  for (const Routing::Queue& queue : routing.queues()) {
    v1::ConfiguredQueue* proto = shown->add_queue();
    proto->set_name(queue.name);
    proto->set_title(queue.title);
    proto->set_seniors_only(queue.seniors_only);
  }
  for (const config::v1::RoutingRule& rule : routing.rules()) {
    // Its words were checked when it was read.
    *shown->add_rule() = wire::ToWire(rule).value();
  }
}

void AddRetention(const RetentionRules& retention,
                  v1::GetConfigurationResponse* shown) {
  using storage::RetentionClass;
  for (RetentionClass of :
       {RetentionClass::kUnproven, RetentionClass::kProven,
        RetentionClass::kDecided, RetentionClass::kReferred}) {
    v1::RetentionClock* clock = shown->add_retention_clock();
    // Their numbers are the same.
    clock->set_retention_class(static_cast<v1::RetentionClass>(of));
    clock->set_keep_ms(retention.TimeOf(of));
  }
  shown->set_keep_audit_ms(retention.audit());
}

v1::ConfiguredTarget ToProto(const Targets::Rule& rule) {
  v1::ConfiguredTarget proto;
  *proto.mutable_queue() = {rule.queues.begin(), rule.queues.end()};
  *proto.mutable_reason() = {rule.reasons.begin(), rule.reasons.end()};
  proto.set_first_action_ms(rule.target.first_action);
  proto.set_decision_ms(rule.target.decision);
  proto.set_in_time_per_mille(rule.target.in_time_per_mille);
  proto.set_upheld_per_mille(rule.target.upheld_per_mille);
  return proto;
}

v1::ConfiguredExposure ToProto(const ExposureRules& rules) {
  v1::ConfiguredExposure proto;
  proto.set_shift_ms(rules.shift);
  proto.set_break_ms(rules.break_length);
  proto.set_break_due_load(rules.break_due_load);
  for (const auto& [category, budget] : rules.budgets) {
    v1::ConfiguredExposure::Budget* shown = proto.add_budget();
    shown->set_category(static_cast<v1::ExposureCategory>(category));
    shown->set_pieces(budget.pieces);
    shown->set_load(budget.load);
  }
  return proto;
}

}  // namespace

v1::GetConfigurationResponse Describe(const InForce& in_force) {
  v1::GetConfigurationResponse shown;
  AddRouting(in_force.routing, &shown);
  AddRetention(in_force.retention, &shown);
  for (const Targets::Rule& rule : in_force.targets.rules()) {
    *shown.add_target() = ToProto(rule);
  }
  *shown.mutable_exposure() = ToProto(in_force.exposure);
  shown.set_lease_ms(in_force.lease_time);
  shown.set_hand_over_ms(in_force.hand_over_time);
  shown.set_undo_window_ms(in_force.timing.undo_window);
  shown.set_least_effect_delay_ms(in_force.timing.least_delay);
  shown.set_most_effect_delay_ms(in_force.timing.most_delay);
  shown.set_reason_version(in_force.reasons.newest());
  shown.set_policy_version(in_force.policies.version());
  return shown;
}

}  // namespace frank::moderation
