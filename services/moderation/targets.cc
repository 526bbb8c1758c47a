#include "services/moderation/targets.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

// An empty list lets everything through.
bool Lets(const std::vector<std::string>& values, absl::string_view value) {
  return values.empty() ||
         std::find(values.begin(), values.end(), value) != values.end();
}

bool IsReason(const ReasonTable& table, absl::string_view key) {
  for (uint32_t version = kTaxonomyVersion; version <= table.newest();
       ++version) {
    if (table.Find(key, version) != nullptr) return true;
  }
  return false;
}

absl::Status Bad(absl::string_view field, absl::string_view rule) {
  return absl::FailedPreconditionError(
      absl::StrCat("targets.target.", field, ": ", rule));
}

absl::Status CheckNames(const config::v1::Target& target,
                        const Routing& routing, const ReasonTable& reasons) {
  for (const std::string& queue : target.queue()) {
    if (routing.Find(queue) == nullptr) {
      return Bad("queue", "must be one of the queues");
    }
  }
  for (const std::string& reason : target.reason()) {
    if (!IsReason(reasons, reason)) {
      return Bad("reason", "must be one of the reasons");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNumbers(const config::v1::Target& target) {
  if (target.first_action_ms() > limits::kMaxTargetTime) {
    return Bad("first_action_ms", "must be at most 365 days");
  }
  if (target.decision_ms() > limits::kMaxTargetTime) {
    return Bad("decision_ms", "must be at most 365 days");
  }
  if (target.in_time_per_mille() > 1000) {
    return Bad("in_time_per_mille", "must be at most 1000");
  }
  if (target.upheld_per_mille() > 1000) {
    return Bad("upheld_per_mille", "must be at most 1000");
  }
  return absl::OkStatus();
}

Targets::Target TargetOf(const config::v1::Target& config) {
  Targets::Target target;
  target.first_action = config.first_action_ms();
  target.decision = config.decision_ms();
  target.in_time_per_mille = config.in_time_per_mille() == 0
                                 ? limits::kDefaultInTimePerMille
                                 : config.in_time_per_mille();
  target.upheld_per_mille = config.upheld_per_mille() == 0
                                ? limits::kDefaultUpheldPerMille
                                : config.upheld_per_mille();
  return target;
}

}  // namespace

absl::StatusOr<Targets> Targets::Create(const config::v1::Targets& config,
                                        const Routing& routing,
                                        const ReasonTable& reasons) {
  Targets targets;
  for (const config::v1::Target& target : config.target()) {
    FRANK_RETURN_IF_ERROR(CheckNames(target, routing, reasons));
    FRANK_RETURN_IF_ERROR(CheckNumbers(target));
    targets.rules_.push_back({{target.queue().begin(), target.queue().end()},
                              {target.reason().begin(), target.reason().end()},
                              TargetOf(target)});
  }
  targets.rules_.push_back({{}, {}, TargetOf(config::v1::Target())});
  return targets;
}

const Targets::Target& Targets::For(absl::string_view queue,
                                    absl::string_view reason) const {
  auto rule = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& each) {
    return Lets(each.queues, queue) && Lets(each.reasons, reason);
  });
  return rule->target;
}

}  // namespace frank::moderation
