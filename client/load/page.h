// A result as one HTML page that needs nothing else.
#ifndef FRANK_CLIENT_LOAD_PAGE_H_
#define FRANK_CLIENT_LOAD_PAGE_H_

#include <string>

#include "client/load/result.h"

namespace frank::load {

// Settings and counts as tables; as plots the percentile curve of each
// operation of the last step, or of the knee of a ramp, throughput and latency
// second by second, what the processes used, and the gauges.
std::string ToPage(const Result& result);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_PAGE_H_
