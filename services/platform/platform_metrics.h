// What frank-platform counts beside its calls.
#ifndef FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
#define FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_

#include "services/common/held_refusals.h"
#include "services/common/metrics.h"
#include "services/platform/receive_hub.h"
#include "services/platform/relay.h"
#include "storage/engine.h"

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

// What waits and who is connected.
struct Queues {
  const services::HeldRefusals& refusals;
  const Relay& relay;
  const ReceiveHub& receive_hub;
  // The store with the outbox.
  storage::Engine& engine;
};
// Adds their gauges; they outlive what reads them.
void AddQueueGauges(const Queues& queues, services::Metrics& metrics);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_PLATFORM_METRICS_H_
