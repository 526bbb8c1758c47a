// A whole run: one rate, or a ramp of them, watched second by second.
#ifndef FRANK_CLIENT_LOAD_SESSION_H_
#define FRANK_CLIENT_LOAD_SESSION_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
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

// kNotFound when a watched process is not there, kUnavailable when a metrics
// address does not answer.
absl::Status CheckWatched(const SessionOptions& options);

// Runs the workload. What a server refuses, and watched processes and addresses
// that are gone, stand in the result or are missing there. After an error of
// the workload, or an interruption, the result is what was measured until then;
// after an interruption calls may be under way, so that nothing that they need
// may be destroyed.
Result RunSession(const SessionOptions& options, Workload& workload);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_SESSION_H_
