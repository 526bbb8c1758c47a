#include "client/load/histogram.h"

#include <algorithm>
#include <cmath>

namespace frank::load {
namespace {

constexpr int kBits = 7;
constexpr uint64_t kSteps = uint64_t{1} << kBits;

int BitWidth(uint64_t value) {
  int width = 0;
  for (; value != 0; value >>= 1) ++width;
  return width;
}

// How many low bits of a value its bucket does not tell.
int ShiftOf(uint64_t value) {
  return std::max(0, BitWidth(value) - (kBits + 1));
}

// value >> shift lies in [128, 256) where there is a shift, so that the buckets
// of each power of two follow those of the one before.
size_t BucketOf(uint64_t value) {
  const int shift = ShiftOf(value);
  return static_cast<size_t>(static_cast<uint64_t>(shift) * kSteps +
                             (value >> shift));
}

uint64_t LargestOf(size_t bucket) {
  if (bucket < 2 * kSteps) return bucket;
  const uint64_t shift = bucket / kSteps - 1;
  const uint64_t top = bucket - shift * kSteps;
  return ((top + 1) << shift) - 1;
}

}  // namespace

void Histogram::Add(uint64_t value) {
  value = std::min(value, kMaxValue);
  const size_t bucket = BucketOf(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

double Histogram::Mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

uint64_t Histogram::ValueAt(double quantile) const {
  return ValueAtOf(quantile, count_).value_or(0);
}

absl::optional<uint64_t> Histogram::ValueAtOf(double quantile,
                                              uint64_t total) const {
  const double wanted = std::ceil(quantile * static_cast<double>(total));
  const uint64_t rank = std::max<uint64_t>(1, static_cast<uint64_t>(wanted));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(LargestOf(i), max_);
  }
  return absl::nullopt;
}

}  // namespace frank::load
