// Looking for the knee: the highest rate that a server keeps up with.
#ifndef FRANK_CLIENT_LOAD_RAMP_H_
#define FRANK_CLIENT_LOAD_RAMP_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "client/load/ledger.h"

namespace frank::load {

// What a rate must keep to be held, in each operation that was due.
struct Bounds {
  // The 99th percentile of the latency of all that was due, microseconds.
  uint64_t p99_us = 100'000;
  // Of what was due: how large a part was done. What had nothing to do counts
  // as done. At 0.99 it asks for no more than p99_us does.
  double completion = 0.99;
};

// Who kept a rate from being held.
enum class Verdict : uint8_t {
  kHolds,
  // The answers, counted from when each was sent, do not keep the bounds.
  kServer,
  // They do, but too much was sent late or not at all; or nothing was due.
  kGenerator,
  // An error, or an interruption, ended it before its time.
  kCutShort,
};
Verdict Judge(const std::vector<Operation>& operations,
              const std::vector<Tally>& steady, const Bounds& bounds);

// Raises the rate by a factor from step to step. A rate that does not hold is
// tried once more, as the machine may have been busy with something else; when
// it fails again the ramp is over. The knee is the highest rate that held.
class Ramp {
 public:
  Ramp(double first_rate, double factor, size_t steps)
      : rate_(first_rate), factor_(factor), left_(steps) {}

  // The rate to try; nullopt: it is over.
  absl::optional<double> rate() const;
  // Tells whether rate() held.
  void Tell(bool holds);
  // nullopt while none held.
  absl::optional<double> knee() const { return knee_; }

 private:
  double rate_;
  const double factor_;
  size_t left_;
  bool failed_once_ = false;
  absl::optional<double> knee_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_RAMP_H_
