#include "services/platform/backoff.h"

#include <algorithm>

#include "core/bytes.h"

namespace frank::platform {

UnixMillis Backoff::Next() {
  UnixMillis whole = next_;
  next_ = std::min(longest_, next_ * 2);
  UnixMillis half = whole / 2;
  uint64_t drawn = ReadU64(random_.Draw<8>());
  return whole - half + drawn % (half + 1);
}

}  // namespace frank::platform
