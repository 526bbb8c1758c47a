// What the servers say of themselves while they are under load: the kernel's
// figures of their processes, and the gauges that they tell Prometheus.
#ifndef FRANK_CLIENT_LOAD_WATCH_H_
#define FRANK_CLIENT_LOAD_WATCH_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank::load {

struct ProcessFigures {
  // Of all threads, in user and kernel mode, in steps of 10 ms.
  uint64_t cpu_us = 0;
  uint64_t resident_kb = 0;
};
// Reads /proc. kNotFound: there is no such process.
absl::StatusOr<ProcessFigures> ReadProcess(uint64_t pid);
// Reads the text of /proc/PID/stat. kDataLoss on any other text.
absl::StatusOr<ProcessFigures> ParseProcessStat(absl::string_view text);

// Values by name; those of one name with different labels are added up.
using Gauges = std::map<std::string, double>;
// Takes the gauges out of Prometheus' text format.
Gauges ParseGauges(absl::string_view text);
// Fetches http://ADDRESS/metrics. kUnavailable when nobody answers in a second.
absl::StatusOr<Gauges> FetchGauges(const std::string& address);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_WATCH_H_
