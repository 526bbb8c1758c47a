// What moderation aims at: how soon cases are taken and decided, and how many
// decisions stand.
#ifndef FRANK_SERVICES_MODERATION_TARGETS_H_
#define FRANK_SERVICES_MODERATION_TARGETS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/taxonomy.h"
#include "frank/config/v1/metrics.pb.h"
#include "services/moderation/routing.h"

namespace frank::moderation {

// Immutable, hence thread-safe.
class Targets {
 public:
  struct Target {
    // From the opening of a case; 0: by its deadline.
    UnixMillis first_action = 0;
    UnixMillis decision = 0;
    uint32_t in_time_per_mille = 0;
    uint32_t upheld_per_mille = 0;
  };

  // kFailedPrecondition names the field and the rule; queues and reasons must
  // be there.
  static absl::StatusOr<Targets> Create(const config::v1::Targets& config,
                                        const Routing& routing,
                                        const ReasonTable& reasons);

  // The first that matches; every queue and reason has one.
  const Target& For(absl::string_view queue, absl::string_view reason) const;

  // Of a list that is empty everything matches.
  struct Rule {
    std::vector<std::string> queues;
    std::vector<std::string> reasons;
    Target target;
  };
  // In order; the last one matches everything.
  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGETS_H_
