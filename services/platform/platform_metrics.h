// What frank-platform counts beside its calls.
#ifndef FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
#define FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_

#include "services/common/metrics.h"

namespace frank::platform {

// Thread-safe; lock-free. `metrics` outlives it.
class PlatformMetrics {
 public:
  explicit PlatformMetrics(services::Metrics& metrics);

  // A device's notice that it refused a message was counted.
  void NoticeCounted() { mismatch_notices_.Add(); }

 private:
  services::Counter& mismatch_notices_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
