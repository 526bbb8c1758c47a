// How much one moderator may be shown, and when they have to rest.
#ifndef FRANK_SERVICES_MODERATION_EXPOSURE_RULES_H_
#define FRANK_SERVICES_MODERATION_EXPOSURE_RULES_H_

#include <cstdint>
#include <map>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/taxonomy.h"
#include "frank/config/v1/config.pb.h"

namespace frank::moderation {

struct ExposureRules {
  struct Budget {
    // Pieces of evidence in a shift.
    uint32_t pieces = 0;
    // What each weighs towards the next break.
    uint32_t load = 0;
  };

  // The defaults of core/limits.h where the configuration says nothing.
  // kFailedPrecondition names the field and the rule.
  static absl::StatusOr<ExposureRules> Create(
      const config::v1::ExposureRules& config);

  UnixMillis shift = 0;
  UnixMillis break_length = 0;
  uint32_t break_due_load = 0;
  // Of every category that counts.
  std::map<Exposure, Budget> budgets;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPOSURE_RULES_H_
