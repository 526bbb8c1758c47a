#include "services/platform/platform_metrics.h"

#include <vector>

namespace frank::platform {

PlatformMetrics::PlatformMetrics(services::Metrics& metrics)
    : mismatch_notices_(metrics.AddCounter(
          {"frank_mismatch_notice_total",
           services::MetricKind::kCounter,
           "Notices of devices that refused a message, each counted once",
           {}})) {}

void AddRefusalGauge(const services::HeldRefusals& refusals,
                     services::Metrics& metrics) {
  metrics.AddSource(
      {"frank_refusals_held",
       services::MetricKind::kGauge,
       "Refused messages whose senders are answered when they may ask again",
       {}},
      [&refusals] {
        std::vector<services::MetricSample> samples(1);
        samples[0].value = static_cast<double>(refusals.count());
        return samples;
      });
}

}  // namespace frank::platform
