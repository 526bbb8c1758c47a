// What a run draws: when something arrives, who does it, how much it is. From a
// seed, so that two runs do the same; ids and keys are not drawn here.
#ifndef FRANK_CLIENT_LOAD_DRAW_H_
#define FRANK_CLIENT_LOAD_DRAW_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace frank::load {

using Nanos = uint64_t;
inline constexpr Nanos kNanosPerSecond = 1'000'000'000;
inline constexpr Nanos kNanosPerMicro = 1000;

// Not thread-safe.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  // In [0, 1).
  double Unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  // In [0, count).
  size_t Below(size_t count) { return static_cast<size_t>(engine_() % count); }
  // From the standard normal distribution.
  double Normal() { return normal_(engine_); }

 private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
};

enum class ArrivalKind : uint8_t {
  // Independent of one another: the gaps are exponential.
  kPoisson = 0,
  // One after the other at equal gaps.
  kConstant = 1,
};

// When each arrival is due, whatever became of those before: an open loop.
class Schedule {
 public:
  // `rate` a second, above zero.
  Schedule(ArrivalKind kind, double rate, uint64_t seed)
      : kind_(kind), gap_(1e9 / rate), dice_(seed) {}

  // Returns the next arrival, in nanoseconds from the beginning.
  Nanos Next();

 private:
  const ArrivalKind kind_;
  const double gap_;
  Dice dice_;
  double at_ = 0;
};

// Ranks in which the k-th of `count` comes up in proportion to 1 / k^exponent;
// exponent 0: all alike. Immutable.
class Zipf {
 public:
  Zipf(size_t count, double exponent);
  // In [0, count).
  size_t Draw(Dice* dice) const;

 private:
  std::vector<double> cumulative_;
};

// Sizes of contents in bytes. Immutable.
class Sizes {
 public:
  // 1,024 bytes each.
  Sizes() : Sizes(Kind::kUniform, 1024, 1024) {}
  // "fixed:N", "uniform:FROM:TO" or "lognormal:MEDIAN:SIGMA"; what is drawn
  // above kMaxBytes counts as that, and below 1 as 1. kInvalidArgument names
  // the field "size" and the rule.
  static absl::StatusOr<Sizes> Parse(absl::string_view text);
  static constexpr size_t kMaxBytes = 256 * 1024;

  size_t Draw(Dice* dice) const;

 private:
  enum class Kind : uint8_t { kUniform, kLogNormal };
  Sizes(Kind kind, double a, double b) : kind_(kind), a_(a), b_(b) {}
  Kind kind_;
  double a_;
  double b_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_DRAW_H_
