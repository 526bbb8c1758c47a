// Who looks at which case, so that two people do not unknowingly read the same.
#ifndef FRANK_SERVICES_MODERATION_ATTENDANCE_DESK_H_
#define FRANK_SERVICES_MODERATION_ATTENDANCE_DESK_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "frank/v1/queue.pb.h"
#include "services/common/call.h"
#include "services/moderation/moderator.h"
#include "storage/engine.h"

namespace frank::moderation {

// Kept in the store, so that it works for several instances, as one row for
// each who looks, which they write without tracking anything: it stands in
// nobody's way, and nothing rests on it. QueueKeeper sweeps what is old.
// Thread-safe; never blocks on a commit.
class AttendanceDesk {
 public:
  // Both outlive the desk and its commits.
  AttendanceDesk(storage::Engine& engine, const Clock& clock)
      : engine_(engine), clock_(clock) {}

  // Says that somebody looks at a case, or has turned away; answers with the
  // others. The caller is authorized, the request checked. kNotFound; as
  // CheckAccess; kResourceExhausted QUOTA_EXCEEDED.
  void Attend(const Moderator& moderator, const v1::AttendCaseRequest& request,
              services::Done<v1::AttendCaseResponse> done);

 private:
  // Whether a moderator may call once more in this minute, at this instance.
  absl::Status TakeTurn(const std::string& moderator, UnixMillis now);

  storage::Engine& engine_;
  const Clock& clock_;
  absl::Mutex mutex_;
  uint64_t minute_ ABSL_GUARDED_BY(mutex_) = 0;
  // Calls in that minute.
  std::map<std::string, uint32_t> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_ATTENDANCE_DESK_H_
