// A histogram of latencies: log-linear, so that a value of any size is known to
// within one part in 128, in a few thousand counters.
#ifndef FRANK_CLIENT_LOAD_HISTOGRAM_H_
#define FRANK_CLIENT_LOAD_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/optional.h"

namespace frank::load {

// Values are whole numbers, here microseconds. Those below 256 are counted each
// for itself; above, each power of two is divided into 128 equal buckets, and a
// value is told as the largest of its bucket: never too low, and too high by
// less than 1/128 of it. Not thread-safe.
class Histogram {
 public:
  // Larger values count as this one: 2^42 µs are fifty days.
  static constexpr uint64_t kMaxValue = (uint64_t{1} << 42) - 1;

  void Add(uint64_t value);

  uint64_t count() const { return count_; }
  // Exact; 0 when it is empty.
  uint64_t min() const { return count_ == 0 ? 0 : min_; }
  uint64_t max() const { return max_; }
  double Mean() const;

  // Returns the value that so large a part of all values, 0 to 1, do not
  // exceed: that of rank ceil(quantile * count), at least the first. At most
  // max(). 0 when it is empty.
  uint64_t ValueAt(double quantile) const;
  // The same of `total` values, of which those that were not added are larger
  // than all others. nullopt: it is one of them, or there are none.
  absl::optional<uint64_t> ValueAtOf(double quantile, uint64_t total) const;

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t min_ = kMaxValue;
  uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_HISTOGRAM_H_
