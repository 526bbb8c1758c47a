// What a run does again and again.
#ifndef FRANK_CLIENT_LOAD_WORKLOAD_H_
#define FRANK_CLIENT_LOAD_WORKLOAD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/load/draw.h"
#include "client/load/ledger.h"

namespace frank::load {

// Told once what became of a job, from any thread.
using Done = std::function<void(const absl::Status& status)>;

// One thing to do, ready to be sent.
struct Job {
  // Index into Workload::operations.
  size_t operation = 0;
  // Sends it, without waiting for the answer. `due` is when that was intended.
  std::function<void(Nanos due, Done done)> start;
};

// Where a workload counts what it follows further than its answer.
struct RunContext {
  std::shared_ptr<Ledger> ledger;
  // What stands in the ledger for the first of its operations.
  size_t first_operation = 0;
  // The clock of the run.
  std::function<Nanos()> now;
};

class Workload {
 public:
  virtual ~Workload() = default;

  // What it does, for the results. More than one where a job is one of several
  // kinds, or is followed further than its answer.
  virtual std::vector<Operation> operations() const = 0;

  // Makes ready for a run.
  virtual absl::Status Begin(const RunContext& context) = 0;

  // Makes the next job; an error ends the run. Called by one thread at a time
  // for each dice.
  virtual absl::StatusOr<Job> Compose(Dice* dice) = 0;

  // Passes over the next job, for which it is too late to be made, and returns
  // the operation that it would have been.
  virtual size_t Pass(Dice* dice) { return 0; }

  // Ends the run: waits until no call is under way, and for a while for what is
  // followed further. After an interruption it is not called.
  virtual void End() = 0;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_WORKLOAD_H_
