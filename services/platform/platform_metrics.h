// What frank-platform counts beside its calls.
#ifndef FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
#define FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_

#include "services/common/held_refusals.h"
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

// Adds how many refusals are held; these outlive what reads it.
void AddRefusalGauge(const services::HeldRefusals& refusals,
                     services::Metrics& metrics);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
