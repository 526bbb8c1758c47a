// Time. Every time in frank is milliseconds since the Unix epoch; a Clock comes
// in by constructor, so that tests decide what time it is.
#ifndef FRANK_CORE_CLOCK_H_
#define FRANK_CORE_CLOCK_H_

#include <atomic>
#include <cstdint>

namespace frank {

using UnixMillis = uint64_t;

inline constexpr UnixMillis kSecond = 1000;
inline constexpr UnixMillis kMinute = 60 * kSecond;
inline constexpr UnixMillis kHour = 60 * kMinute;
inline constexpr UnixMillis kDay = 24 * kHour;

// Tells the time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis Now() const = 0;
};

// The clock of the machine.
class SystemClock final : public Clock {
 public:
  UnixMillis Now() const override;
};

// A clock that stands still until it is told otherwise.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(UnixMillis now) : now_(now) {}
  UnixMillis Now() const override { return now_.load(); }
  void Set(UnixMillis now) { now_ = now; }
  void Advance(UnixMillis by) { now_ += by; }

 private:
  std::atomic<UnixMillis> now_;
};

}  // namespace frank

#endif  // FRANK_CORE_CLOCK_H_
