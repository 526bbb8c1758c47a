#include "services/common/metrics.h"

#include <algorithm>
#include <utility>

#include "core/status.h"

namespace frank::services {

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::Observe(double value) {
  auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<size_t>(bound - bounds_.begin())].fetch_add(
      1, std::memory_order_relaxed);
  double sum = sum_.load(std::memory_order_relaxed);
  while (!sum_.compare_exchange_weak(sum, sum + value,
                                     std::memory_order_relaxed)) {
  }
}

std::vector<uint64_t> Histogram::counts() const {
  std::vector<uint64_t> counts;
  counts.reserve(counts_.size());
  for (const auto& count : counts_) {
    counts.push_back(count.load(std::memory_order_relaxed));
  }
  return counts;
}

MetricSample SampleOf(std::vector<std::string> labels,
                      const Histogram& histogram) {
  return {std::move(labels), histogram.sum(), histogram.bounds(),
          histogram.counts()};
}

Metrics::Entry& Metrics::EntryOf(const MetricFamily& family, MetricKind kind,
                                 const std::vector<std::string>& values) {
  if (family.kind != kind || family.labels.size() != values.size()) {
    Die("a metric of another kind, or with other labels, than its family");
  }
  Entry& entry = entries_[family.name];
  entry.family = family;
  return entry;
}

Counter& Metrics::AddCounter(const MetricFamily& family,
                             std::vector<std::string> values) {
  absl::MutexLock lock(&mutex_);
  auto& counter =
      EntryOf(family, MetricKind::kCounter, values).counters[std::move(values)];
  if (counter == nullptr) counter = std::make_unique<Counter>();
  return *counter;
}

Histogram& Metrics::AddHistogram(const MetricFamily& family,
                                 std::vector<double> bounds,
                                 std::vector<std::string> values) {
  absl::MutexLock lock(&mutex_);
  auto& histogram = EntryOf(family, MetricKind::kHistogram, values)
                        .histograms[std::move(values)];
  if (histogram == nullptr) {
    histogram = std::make_unique<Histogram>(std::move(bounds));
  }
  return *histogram;
}

void Metrics::AddSource(const MetricFamily& family, Read read) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[family.name];
  entry.family = family;
  entry.read = std::move(read);
}

std::vector<Metrics::Reading> Metrics::ReadAll() const {
  absl::MutexLock lock(&mutex_);
  std::vector<Reading> all;
  for (const auto& [name, entry] : entries_) {
    Reading& reading = all.emplace_back();
    reading.family = entry.family;
    if (entry.read) reading.samples = entry.read();
    for (const auto& [labels, counter] : entry.counters) {
      reading.samples.push_back(
          {labels, static_cast<double>(counter->value()), {}, {}});
    }
    for (const auto& [labels, histogram] : entry.histograms) {
      reading.samples.push_back(SampleOf(labels, *histogram));
    }
  }
  return all;
}

}  // namespace frank::services
