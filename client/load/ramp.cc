#include "client/load/ramp.h"

namespace frank::load {

namespace {

// Whether enough of `due` was done, and soon enough.
bool Keeps(uint64_t due, const Tally& tally, const Histogram& latency,
           const Bounds& bounds) {
  if (due == tally.idle) return true;
  const auto done = static_cast<double>(tally.done + tally.idle);
  if (done < bounds.completion * static_cast<double>(due)) return false;
  const auto p99 = latency.ValueAtOf(0.99, due - tally.idle);
  return p99 && *p99 <= bounds.p99_us;
}

}  // namespace

Verdict Judge(const std::vector<Operation>& operations,
              const std::vector<Tally>& steady, const Bounds& bounds) {
  Verdict verdict = Verdict::kHolds;
  uint64_t due = 0;
  for (size_t i = 0; i < steady.size(); ++i) {
    const Tally& tally = steady[i];
    due += tally.due;
    if (Keeps(tally.due, tally, tally.latency, bounds)) continue;
    // What is followed has no place while the servers are slow.
    if (operations[i].follows ||
        !Keeps(tally.due - tally.not_sent, tally, tally.answer, bounds)) {
      return Verdict::kServer;
    }
    verdict = Verdict::kGenerator;
  }
  return due == 0 ? Verdict::kGenerator : verdict;
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
