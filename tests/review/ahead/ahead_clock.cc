// The SystemClock of the programs that make the past of the tool's pictures. It
// takes the place of core/clock.cc: what runs is what is shipped but for the
// time, which is ahead of the machine's by the milliseconds in the file that
// FRANK_CLOCK_AHEAD names.
#include <cstdlib>
#include <fstream>

#include "absl/time/clock.h"
#include "core/clock.h"

namespace frank {

UnixMillis SystemClock::Now() const {
  UnixMillis ahead = 0;
  if (const char* path = std::getenv("FRANK_CLOCK_AHEAD")) {
    std::ifstream(path) >> ahead;
  }
  return static_cast<UnixMillis>(absl::ToUnixMillis(absl::Now())) + ahead;
}

}  // namespace frank
