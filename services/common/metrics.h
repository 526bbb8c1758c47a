// What a server counts about itself, for whoever watches over it. Nothing here
// is anybody's: labels are names of enums, methods and configured queues, never
// ids, so their number is bounded.
#ifndef FRANK_SERVICES_COMMON_METRICS_H_
#define FRANK_SERVICES_COMMON_METRICS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace frank::services {

// A number that only rises, from zero at the start of the process. Lock-free.
class Counter {
 public:
  void Add(uint64_t count = 1) {
    value_.fetch_add(count, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// How many observations fell up to each bound, and their sum. Lock-free: what
// is read while others observe may lack the newest of one or the other.
class Histogram {
 public:
  // Upper bounds, ascending; what lies above the last counts too.
  explicit Histogram(std::vector<double> bounds);

  void Observe(double value);

  const std::vector<double>& bounds() const { return bounds_; }
  // By bound, and one more for what is above all; not cumulative.
  std::vector<uint64_t> counts() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

enum class MetricKind { kCounter, kGauge, kHistogram };

// A metric with all its labels' values: name and unit by Prometheus' rules.
struct MetricFamily {
  std::string name;
  MetricKind kind = MetricKind::kCounter;
  std::string help;
  // Names of the labels; each sample has a value for each.
  std::vector<std::string> labels;
};

struct MetricSample {
  std::vector<std::string> labels;
  // Of counters and gauges.
  double value = 0;
  // Of histograms, as Histogram tells them.
  std::vector<double> bounds;
  std::vector<uint64_t> counts;
};
// Of a histogram, with its value the sum.
MetricSample SampleOf(std::vector<std::string> labels,
                      const Histogram& histogram);

// All metrics of one server. Whoever counts is given it by constructor, keeps
// the counters that it makes and never looks one up again. Thread-safe.
class Metrics {
 public:
  // A counter of a family, which the first call makes; valid as long as the
  // object. `values` must be of a closed set.
  Counter& AddCounter(const MetricFamily& family,
                      std::vector<std::string> values = {});
  Histogram& AddHistogram(const MetricFamily& family,
                          std::vector<double> bounds,
                          std::vector<std::string> values = {});
  // A family whose samples are read whenever somebody looks; `read` is called
  // on their threads, and must be cheap. What it reads outlives whoever looks.
  using Read = std::function<std::vector<MetricSample>()>;
  void AddSource(const MetricFamily& family, Read read);

  struct Reading {
    MetricFamily family;
    std::vector<MetricSample> samples;
  };
  // Everything as it is now, by name.
  std::vector<Reading> ReadAll() const;

 private:
  struct Entry {
    MetricFamily family;
    std::map<std::vector<std::string>, std::unique_ptr<Counter>> counters;
    std::map<std::vector<std::string>, std::unique_ptr<Histogram>> histograms;
    Read read;
  };
  Entry& EntryOf(const MetricFamily& family, MetricKind kind,
                 const std::vector<std::string>& values)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_METRICS_H_
