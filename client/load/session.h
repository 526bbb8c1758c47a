// A whole run: one rate, or a ramp of them, watched second by second.
#ifndef FRANK_CLIENT_LOAD_SESSION_H_
#define FRANK_CLIENT_LOAD_SESSION_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "client/load/dispatch.h"
#include "client/load/ramp.h"
#include "client/load/result.h"
#include "client/load/workload.h"

namespace frank::load {

struct RampOptions {
  double factor = 1.5;
  size_t steps = 10;
};

struct WatchedProcess {
  std::string name;
  uint64_t pid = 0;
};

struct SessionOptions {
  // Its rate is that of the first step; its length is set by the next two.
  LoadPlan plan;
  Nanos warm_up = 5 * kNanosPerSecond;
  Nanos steady = 30 * kNanosPerSecond;
  // Absent: one step.
  absl::optional<RampOptions> ramp;
  Bounds bounds;
  std::vector<WatchedProcess> processes;
  // "host:port" of Prometheus endpoints.
  std::vector<std::string> metrics;
  // Told a line a second.
  std::function<void(const std::string& line)> progress;
};

// Runs the workload. An error is the workload's, or that a watched process is
// not there. What a server refuses or a metrics address does not answer is no
// error: it stands, or is missing, in the result.
absl::StatusOr<Result> RunSession(const SessionOptions& options,
                                  Workload& workload);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_SESSION_H_
