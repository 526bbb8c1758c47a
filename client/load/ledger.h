// What became of everything that was due in a run: counted once, by operation.
#ifndef FRANK_CLIENT_LOAD_LEDGER_H_
#define FRANK_CLIENT_LOAD_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "client/load/draw.h"
#include "client/load/histogram.h"

namespace frank::load {

// A kind of thing that is done.
struct Operation {
  std::string name;
  // No item of its own: another that is followed further than its answer.
  bool follows = false;
  // Of stamps in batches: how many one item asks for.
  size_t stamps_per_item = 0;
};

// The reason of a NOT_FOUND by which an operation says that it had nothing to
// do: a claim where no case waits.
inline constexpr char kReasonIdle[] = "NOTHING_WAITING";

struct Tally {
  // What the schedule asked for. Each ends in one of the next five, or was
  // unfinished when the run ended.
  uint64_t due = 0;
  uint64_t done = 0;
  // The server said RESOURCE_EXHAUSTED: it sheds load, which is no failure;
  // and in how many of these cases it said when to come again.
  uint64_t shed = 0;
  uint64_t shed_with_retry = 0;
  uint64_t failed = 0;
  uint64_t idle = 0;
  // Never sent, since nothing was free to send it until it was too late.
  uint64_t not_sent = 0;
  // Of what was done: microseconds from when it was due, and from when it was
  // sent.
  Histogram latency;
  Histogram answer;
  // Of what was sent: microseconds from when it was due until it was sent.
  // Where this is not small, the generator or its bound is what was measured.
  Histogram lag;
  // By reason of the wire, else by code; what was shed, by what was said too.
  std::map<std::string, uint64_t> failures;
  std::map<std::string, uint64_t> shed_reasons;

  // The quantile of the latency over all that was due but idle, where what was
  // not done comes last. nullopt: it lies among that, or nothing was due.
  absl::optional<uint64_t> OfDue(double quantile) const;

  uint64_t unfinished() const {
    return due - done - shed - failed - idle - not_sent;
  }
};

// Thread-safe. Times are nanoseconds since the run began.
class Ledger {
 public:
  // What is due in [begin, end) is the steady phase; the rest warms up.
  Ledger(size_t operations, Nanos begin, Nanos end)
      : begin_(begin), end_(end), steady_(operations), window_(operations) {}

  void Due(size_t operation, Nanos due);
  void Sent(size_t operation, Nanos due, Nanos now);
  void NotSent(size_t operation, Nanos due);
  void Finish(size_t operation, Nanos due, Nanos sent, Nanos now,
              const absl::Status& status);

  // Returns what happened since the last call, whenever it had been due: the
  // unfinished of a window are no number of anything.
  std::vector<Tally> TakeWindow();
  // Returns what was due in the steady phase.
  std::vector<Tally> Steady() const;

 private:
  template <typename Note>
  void Record(size_t operation, Nanos due, Note note);

  const Nanos begin_;
  const Nanos end_;
  mutable absl::Mutex mutex_;
  std::vector<Tally> steady_ ABSL_GUARDED_BY(mutex_);
  std::vector<Tally> window_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_LEDGER_H_
