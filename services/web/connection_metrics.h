// What the web port counts.
#ifndef FRANK_SERVICES_WEB_CONNECTION_METRICS_H_
#define FRANK_SERVICES_WEB_CONNECTION_METRICS_H_

#include "services/common/metrics.h"
#include "services/web/connection_limits.h"

namespace frank::web {

// Connections by what became of them. Thread-safe.
class ConnectionMetrics {
 public:
  // The metrics outlive the object.
  explicit ConnectionMetrics(services::Metrics& metrics);

  void Count(Admission admission);
  // The process had no descriptor, thread or memory left for one.
  void CountFailed() { failed_.Add(); }

 private:
  services::Counter& served_;
  services::Counter& too_many_;
  services::Counter& too_many_of_address_;
  services::Counter& closed_;
  services::Counter& failed_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECTION_METRICS_H_
