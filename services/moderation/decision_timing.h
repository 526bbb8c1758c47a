// When the effects of a decision go out.
#ifndef FRANK_SERVICES_MODERATION_DECISION_TIMING_H_
#define FRANK_SERVICES_MODERATION_DECISION_TIMING_H_

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/config/v1/config.pb.h"

namespace frank::moderation {

// The undo window, then a random time, so that nobody learns by probing what
// was noticed. It can be undone until the effects leave.
struct DecisionTiming {
  UnixMillis undo_window = 0;
  UnixMillis least_delay = 0;
  UnixMillis most_delay = 0;

  // kInvalidArgument names the field.
  static absl::StatusOr<DecisionTiming> FromConfig(
      const config::v1::ModerationConfig& config);

  // Between undo_window + least_delay and undo_window + most_delay after `now`,
  // each millisecond with the same probability.
  UnixMillis DueAt(UnixMillis now, RandomSource& random) const;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_TIMING_H_
