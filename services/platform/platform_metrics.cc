#include "services/platform/platform_metrics.h"

namespace frank::platform {

PlatformMetrics::PlatformMetrics(services::Metrics& metrics)
    : mismatch_notices_(metrics.AddCounter(
          {"frank_mismatch_notice_total",
           services::MetricKind::kCounter,
           "Notices of devices that refused a message, each counted once",
           {}})) {}

}  // namespace frank::platform
