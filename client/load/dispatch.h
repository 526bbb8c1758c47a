// The open loop: sends what is due when it is due, whatever becomes of it.
#ifndef FRANK_CLIENT_LOAD_DISPATCH_H_
#define FRANK_CLIENT_LOAD_DISPATCH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "client/load/draw.h"
#include "client/load/ledger.h"
#include "client/load/workload.h"

namespace frank::load {

// Time as the loop sees it, in nanoseconds since the run began. Thread-safe.
class Ticker {
 public:
  virtual ~Ticker() = default;
  virtual Nanos Now() const = 0;
  virtual void SleepUntil(Nanos time) = 0;
};

// The machine's monotonic clock.
class MonotonicTicker final : public Ticker {
 public:
  MonotonicTicker();
  Nanos Now() const override;
  void SleepUntil(Nanos time) override;

 private:
  const Nanos origin_;
};

struct LoadPlan {
  ArrivalKind arrivals = ArrivalKind::kPoisson;
  // Arrivals a second.
  double rate = 1;
  // Arrivals are due until here; and no more than so many of those that are due
  // from `warm_up` on.
  Nanos length = 0;
  Nanos warm_up = 0;
  uint64_t max_count = ~uint64_t{0};
  // So many are on their way at a time at most.
  size_t outstanding = 64;
  // Who found nothing free for so long after they were due are not sent.
  Nanos lateness = kNanosPerSecond;
  // How long is waited for answers after the last arrival.
  Nanos patience = 5 * kNanosPerSecond;
  // Each has its share of the rate and composes for itself.
  size_t threads = 1;
  uint64_t seed = 1;
  // Becomes true where the run should end now; nullptr: never.
  const std::atomic<bool>* interrupted = nullptr;
};

struct DispatchEnd {
  // Arrivals were due until here.
  Nanos length = 0;
  // An error of the workload, or kCancelled: it was interrupted.
  absl::Status status;
};

// Composes each job before it is due, sends it when it is due and a place is
// free, and counts it in the ledger as due, sent, not sent, finished. What
// waits for a place is late, not lost, and its latency says so. Returns when
// nothing is on its way any more, or the patience is over: what is answered
// later counts nowhere but among the unfinished. After an error nothing more is
// sent; after an interruption answers have a second.
DispatchEnd Dispatch(const LoadPlan& plan, Workload& workload, Ledger& ledger,
                     Ticker& ticker);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_DISPATCH_H_
