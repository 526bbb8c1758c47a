// The time that franks are made with.
#ifndef FRANK_SERVICES_PLATFORM_STAMP_CLOCK_H_
#define FRANK_SERVICES_PLATFORM_STAMP_CLOCK_H_

#include <atomic>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::platform {

// kFailedPrecondition, CANNOT_STAMP.
absl::Status CannotStamp(absl::string_view why);
absl::Status NoKeysForAuthority();
absl::Status NoKeyForThisTime();

// Refuses to stamp when this machine's clock is more than 60 s behind the
// newest stored timestamp (protocol section 4): its franks could fall into a
// window that ended, or before messages that were accepted already.
//
// The newest time is kept in memory, and every ten seconds of its advance
// raised in the store, where other instances and the next start find it; so the
// stored one is at most that much older than the newest frank. Thread-safe.
class StampClock {
 public:
  // Reads the newest stored timestamp. Errors of the engine. Both arguments
  // outlive the clock.
  static absl::StatusOr<std::unique_ptr<StampClock>> Open(
      storage::Engine& engine, const Clock& clock);
  // Waits for a write under way.
  ~StampClock();

  // Returns the time to stamp with. kUnavailable, CANNOT_STAMP, when the clock
  // is behind: it catches up, or another instance is right.
  absl::StatusOr<UnixMillis> Now();

 private:
  StampClock(storage::Engine& engine, const Clock& clock, UnixMillis newest)
      : engine_(engine), clock_(clock), newest_(newest), recorded_(newest) {}

  void Record(UnixMillis newest);

  storage::Engine& engine_;
  const Clock& clock_;
  std::atomic<UnixMillis> newest_;
  std::atomic<UnixMillis> recorded_;
  std::atomic<bool> recording_{false};
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_STAMP_CLOCK_H_
