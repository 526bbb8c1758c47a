#include "services/moderation/decision_timing.h"

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {

absl::StatusOr<DecisionTiming> DecisionTiming::FromConfig(
    const config::v1::ModerationConfig& config) {
  DecisionTiming timing;
  timing.undo_window = config.has_undo_window_ms() ? config.undo_window_ms()
                                                   : limits::kDefaultUndoWindow;
  timing.least_delay = config.least_effect_delay_ms();
  timing.most_delay = config.most_effect_delay_ms();
  const std::string rule =
      absl::StrCat("must be 0 to ", limits::kMaxEffectDelay);
  if (timing.undo_window > limits::kMaxEffectDelay) {
    return FieldError("undo_window_ms", rule);
  }
  if (timing.most_delay > limits::kMaxEffectDelay) {
    return FieldError("most_effect_delay_ms", rule);
  }
  if (timing.least_delay > timing.most_delay) {
    return FieldError("least_effect_delay_ms",
                      "must be at most most_effect_delay_ms");
  }
  return timing;
}

UnixMillis DecisionTiming::DueAt(UnixMillis now, RandomSource& random) const {
  // The range is so much smaller than 2^64 that the remainder is even enough.
  const uint64_t range = most_delay - least_delay + 1;
  const uint64_t drawn = range == 1 ? 0 : ReadU64(random.Draw<8>()) % range;
  return now + undo_window + least_delay + drawn;
}

}  // namespace frank::moderation
