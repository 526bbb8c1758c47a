// The plots of a result's page.
#ifndef FRANK_CLIENT_LOAD_PAGE_PLOTS_H_
#define FRANK_CLIENT_LOAD_PAGE_PLOTS_H_

#include <string>

#include "client/load/result.h"

namespace frank::load {

// Percentiles of each operation, at the knee or the last rate; of a ramp its
// latency by rate; second by second throughput and latency of each operation,
// what the processes used, and the gauges. Needs a step.
std::string Plots(const Result& result);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_PAGE_PLOTS_H_
