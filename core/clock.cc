#include "core/clock.h"

#include "absl/time/clock.h"

namespace frank {

UnixMillis SystemClock::Now() const {
  return static_cast<UnixMillis>(absl::ToUnixMillis(absl::Now()));
}

}  // namespace frank
