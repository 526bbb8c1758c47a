// A result as one HTML page that needs nothing else.
#ifndef FRANK_CLIENT_LOAD_PAGE_H_
#define FRANK_CLIENT_LOAD_PAGE_H_

#include <string>

#include "client/load/result.h"

namespace frank::load {

// Settings; as tables what became of what was due, with the reasons of
// failures, latency and lag, and what the processes took; and the plots of
// page_plots.h.
std::string ToPage(const Result& result);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_PAGE_H_
