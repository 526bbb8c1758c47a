#include "services/platform/platform_metrics.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/forwarding_store.h"

namespace frank::platform {
namespace {

// A gauge without labels, which has no sample while it cannot be read.
void AddGauge(std::string name, std::string help,
              std::function<absl::StatusOr<size_t>()> read,
              services::Metrics& metrics) {
  metrics.AddSource(
      {std::move(name), services::MetricKind::kGauge, std::move(help), {}},
      [read = std::move(read)] {
        std::vector<services::MetricSample> samples;
        if (const absl::StatusOr<size_t> value = read(); value.ok()) {
          samples.emplace_back();
          samples[0].value = static_cast<double>(*value);
        }
        return samples;
      });
}

}  // namespace

PlatformMetrics::PlatformMetrics(services::Metrics& metrics)
    : mismatch_notices_(metrics.AddCounter(
          {"frank_mismatch_notice_total",
           services::MetricKind::kCounter,
           "Notices of devices that refused a message, each counted once",
           {}})) {}

void AddQueueGauges(const Queues& queues, services::Metrics& metrics) {
  AddGauge(
      "frank_refusals_held",
      "Refused messages whose senders are answered when they may ask again",
      [&refusals = queues.refusals] { return refusals.count(); }, metrics);
  AddGauge(
      "frank_sends_waiting", "Messages that were taken and are not durable",
      [&relay = queues.relay] { return relay.queued().sends; }, metrics);
  AddGauge(
      "frank_sends_waiting_bytes", "What those take in memory, about",
      [&relay = queues.relay] { return relay.queued().bytes; }, metrics);
  AddGauge(
      "frank_outbox_waiting",
      "Reports and appeals that moderation has not acknowledged",
      [&engine = queues.engine] {
        return storage::CountUnacknowledged(engine);
      },
      metrics);
  AddGauge(
      "frank_devices_connected", "Devices with an open stream",
      [&hub = queues.receive_hub] { return hub.devices(); }, metrics);
}

}  // namespace frank::platform
