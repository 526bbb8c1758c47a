#include "client/load/ramp.h"

namespace frank::load {

bool Holds(const std::vector<Tally>& steady, const Bounds& bounds) {
  for (const Tally& tally : steady) {
    if (tally.due == 0) continue;
    const double done = static_cast<double>(tally.done + tally.idle);
    if (done < bounds.completion * static_cast<double>(tally.due)) return false;
    if (tally.latency.ValueAt(0.99) > bounds.p99_us) return false;
  }
  return true;
}

absl::optional<double> Ramp::rate() const {
  if (left_ == 0) return absl::nullopt;
  return rate_;
}

void Ramp::Tell(bool holds) {
  if (holds) {
    knee_ = rate_;
    rate_ *= factor_;
    --left_;
    failed_once_ = false;
  } else if (!failed_once_) {
    failed_once_ = true;
  } else {
    left_ = 0;
  }
}

}  // namespace frank::load
