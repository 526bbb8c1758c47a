#include "services/platform/stamp_clock.h"

#include <algorithm>
#include <thread>

#include "core/limits.h"
#include "core/status.h"
#include "storage/stamp_store.h"

namespace frank::platform {
namespace {

constexpr UnixMillis kRecordInterval = 10 * kSecond;

void RaiseTo(std::atomic<UnixMillis>& value, UnixMillis to) {
  UnixMillis seen = value.load(std::memory_order_relaxed);
  while (seen < to && !value.compare_exchange_weak(seen, to)) {
  }
}

}  // namespace

absl::Status CannotStamp(absl::string_view why) {
  return WithReason(absl::FailedPreconditionError(why), "CANNOT_STAMP");
}
absl::Status NoKeysForAuthority() {
  return CannotStamp("the platform holds no keys for the room's authority");
}
absl::Status NoKeyForThisTime() {
  return CannotStamp("the platform holds no key for this time");
}

absl::StatusOr<std::unique_ptr<StampClock>> StampClock::Open(
    storage::Engine& engine, const Clock& clock) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis newest, storage::GetNewestStamp(engine));
  return std::unique_ptr<StampClock>(new StampClock(engine, clock, newest));
}

StampClock::~StampClock() {
  while (recording_.load(std::memory_order_acquire)) std::this_thread::yield();
}

absl::StatusOr<UnixMillis> StampClock::Now() {
  UnixMillis now = clock_.Now();
  if (now + limits::kMaxClockBehind < newest_.load(std::memory_order_relaxed)) {
    return WithReason(
        absl::UnavailableError("the server's clock is behind its own franks"),
        "CANNOT_STAMP");
  }
  RaiseTo(newest_, now);
  if (now >= recorded_.load(std::memory_order_relaxed) + kRecordInterval &&
      !recording_.exchange(true)) {
    Record(now);
  }
  return now;
}

// Reading the stored time, to raise it, also learns how far other instances
// have come.
void StampClock::Record(UnixMillis newest) {
  recorded_.store(newest);
  storage::RunTransaction(
      engine_,
      [this, newest](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(UnixMillis stored,
                               storage::GetNewestStamp(transaction));
        RaiseTo(newest_, stored);
        if (stored < newest) storage::PutNewestStamp(transaction, newest);
        return absl::OkStatus();
      },
      // A write that failed is made good by the next, ten seconds on.
      [this](absl::Status) {
        recording_.store(false, std::memory_order_release);
      });
}

}  // namespace frank::platform
