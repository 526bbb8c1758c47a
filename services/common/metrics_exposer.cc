#include "services/common/metrics_exposer.h"

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/log.h"
#include "core/status.h"
#include "prometheus/client_metric.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"
#include "prometheus/metric_family.h"
#include "services/common/address.h"
#include "services/common/address_file.h"

namespace frank::services {
namespace {

// Scrapes at once; more wait.
constexpr size_t kThreads = 2;

prometheus::MetricType TypeOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricKind::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  Die("a metric of no kind");
}

prometheus::ClientMetric::Histogram HistogramOf(const MetricSample& sample) {
  prometheus::ClientMetric::Histogram histogram;
  for (size_t i = 0; i < sample.counts.size(); ++i) {
    histogram.sample_count += sample.counts[i];
    // The text adds the bound +Inf itself.
    if (i == sample.bounds.size()) break;
    histogram.bucket.push_back({histogram.sample_count, sample.bounds[i]});
  }
  histogram.sample_sum = sample.value;
  return histogram;
}

prometheus::ClientMetric MetricOf(const MetricFamily& family,
                                  const MetricSample& sample) {
  prometheus::ClientMetric metric;
  for (size_t i = 0; i < family.labels.size(); ++i) {
    metric.label.push_back({family.labels[i], sample.labels[i]});
  }
  metric.counter.value = sample.value;
  metric.gauge.value = sample.value;
  if (family.kind == MetricKind::kHistogram) {
    metric.histogram = HistogramOf(sample);
  }
  return metric;
}

class Collector final : public prometheus::Collectable {
 public:
  explicit Collector(const Metrics& metrics) : metrics_(metrics) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families;
    for (const Metrics::Reading& reading : metrics_.ReadAll()) {
      prometheus::MetricFamily& family = families.emplace_back();
      family.name = reading.family.name;
      family.help = reading.family.help;
      family.type = TypeOf(reading.family.kind);
      for (const MetricSample& sample : reading.samples) {
        family.metric.push_back(MetricOf(reading.family, sample));
      }
    }
    return families;
  }

 private:
  const Metrics& metrics_;
};

}  // namespace

struct MetricsExposer::Parts {
  Parts(const std::string& address, const Metrics& metrics)
      : collector(std::make_shared<Collector>(metrics)),
        exposer(address, kThreads) {
    exposer.RegisterCollectable(collector);
  }

  const std::shared_ptr<Collector> collector;
  prometheus::Exposer exposer;
};

absl::StatusOr<std::unique_ptr<MetricsExposer>> MetricsExposer::Start(
    const config::v1::Metrics& config, const Metrics& metrics) {
  if (config.listen_address().empty()) {
    return std::unique_ptr<MetricsExposer>();
  }
  std::unique_ptr<Parts> parts;
  // The library says so by an exception, and nothing more of it.
  try {
    parts = std::make_unique<Parts>(config.listen_address(), metrics);
  } catch (const std::exception&) {
    return absl::FailedPreconditionError(absl::StrCat(
        "metrics.listen_address: cannot listen on ", config.listen_address(),
        ": the port is in use or the address is not this machine's"));
  }
  std::unique_ptr<MetricsExposer> exposer(new MetricsExposer(
      std::string(SplitAddress(config.listen_address()).host),
      std::move(parts)));
  if (!config.address_file().empty()) {
    FRANK_RETURN_IF_ERROR(WriteAddressFile(config.address_file(),
                                           exposer->host_, exposer->port()));
  }
  return exposer;
}

MetricsExposer::MetricsExposer(std::string host, std::unique_ptr<Parts> parts)
    : host_(std::move(host)), parts_(std::move(parts)) {}

MetricsExposer::~MetricsExposer() = default;

void MetricsExposer::LogAddress() const {
  Log(Severity::kInfo, "metrics.serving",
      {LogField::Name("address", absl::StrCat(host_, ":", port()))});
}

int MetricsExposer::port() const {
  std::vector<int> ports = parts_->exposer.GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace frank::services
