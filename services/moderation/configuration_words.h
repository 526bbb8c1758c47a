// The configuration as the wire shows it.
#ifndef FRANK_SERVICES_MODERATION_CONFIGURATION_WORDS_H_
#define FRANK_SERVICES_MODERATION_CONFIGURATION_WORDS_H_

#include "core/clock.h"
#include "core/taxonomy.h"
#include "frank/v1/configuration.pb.h"
#include "services/moderation/decision_timing.h"
#include "services/moderation/exposure_rules.h"
#include "services/moderation/policy_book.h"
#include "services/moderation/retention_rules.h"
#include "services/moderation/routing.h"
#include "services/moderation/targets.h"

namespace frank::moderation {

// What is in force, read and checked.
struct InForce {
  const Routing& routing;
  const ReasonTable& reasons;
  const PolicyBook& policies;
  const RetentionRules& retention;
  const Targets& targets;
  const ExposureRules& exposure;
  DecisionTiming timing;
  UnixMillis lease_time = 0;
  UnixMillis hand_over_time = 0;
};
v1::GetConfigurationResponse Describe(const InForce& in_force);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CONFIGURATION_WORDS_H_
