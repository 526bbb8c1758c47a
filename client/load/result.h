// What a run measured, and how it is written down.
#ifndef FRANK_CLIENT_LOAD_RESULT_H_
#define FRANK_CLIENT_LOAD_RESULT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "client/load/ledger.h"
#include "client/load/ramp.h"
#include "client/load/watch.h"

namespace frank::load {

// One operation in one second.
struct OperationSecond {
  uint64_t due = 0;
  uint64_t done = 0;
  uint64_t shed = 0;
  uint64_t failed = 0;
  uint64_t not_sent = 0;
  // Of what was done in this second; 0 where nothing was.
  uint64_t p50_us = 0;
  uint64_t p99_us = 0;
  uint64_t max_us = 0;
};
OperationSecond Summarize(const Tally& window);

struct ProcessSecond {
  // What it used in this second, and what it held at its end.
  uint64_t cpu_us = 0;
  uint64_t resident_kb = 0;
};

// About a second; how long exactly, `length` says.
struct Second {
  // Since the first step began.
  double at_s = 0;
  double length_s = 0;
  size_t step = 0;
  // Whether all of it lies in the steady phase.
  bool steady = false;
  // In the order of Result::operations and Result::processes.
  std::vector<OperationSecond> operations;
  std::vector<ProcessSecond> processes;
  Gauges gauges;
};

// One rate.
struct Step {
  double rate = 0;
  double steady_s = 0;
  std::vector<Tally> operations;
  Verdict verdict = Verdict::kCutShort;

  bool holds() const { return verdict == Verdict::kHolds; }
};

// Who takes part.
struct PeopleCount {
  size_t devices = 0;
  size_t rooms = 0;
};

struct Result {
  // What was run: names and values in their order.
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<Operation> operations;
  std::vector<std::string> processes;
  std::vector<Step> steps;
  std::vector<Second> seconds;
  bool is_ramp = false;
  absl::optional<double> knee;
  // Where the workload has any.
  absl::optional<PeopleCount> population;
  // Why the run ended before its time.
  absl::Status error;
};

// What a process used in the steady seconds of a step.
struct CpuUse {
  // For one item that was done in them. That says nothing where the process had
  // all that it could have, and what was accepted piled up.
  double us_per_item = 0;
  // All of it, in cores.
  double cores = 0;
};
// nullopt when nothing was done.
absl::optional<CpuUse> CpuUseOf(const Result& result, size_t step,
                                size_t process);

// What ended a ramp that has a knee: "server", "generator", or "steps" where
// all held, so that the knee is at least that. nullptr: it has none, or was cut
// short.
const char* KneeBound(const Result& result);

// The quantiles that results tell of a latency.
inline constexpr double kQuantiles[] = {0.5, 0.9, 0.99, 0.999};

// Writes docs/load.md's "frank-load/1", on one line with a line feed.
std::string ToJson(const Result& result);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_RESULT_H_
