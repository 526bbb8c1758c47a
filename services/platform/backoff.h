// How long to wait before the next try.
#ifndef FRANK_SERVICES_PLATFORM_BACKOFF_H_
#define FRANK_SERVICES_PLATFORM_BACKOFF_H_

#include "core/clock.h"
#include "core/random.h"

namespace frank::platform {

// Doubles from `first` to `longest`; each wait is drawn between half of that
// and the whole, so that instances do not return all at once. Not thread-safe.
class Backoff {
 public:
  Backoff(UnixMillis first, UnixMillis longest, RandomSource& random)
      : first_(first), longest_(longest), random_(random), next_(first) {}

  // The wait after one more failure.
  UnixMillis Next();
  // After a success: the next wait is the first again.
  void Reset() { next_ = first_; }

 private:
  const UnixMillis first_;
  const UnixMillis longest_;
  RandomSource& random_;
  UnixMillis next_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_BACKOFF_H_
