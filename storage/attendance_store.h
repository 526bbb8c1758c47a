// Who looks at which case: rows that their owners write without reading
// anything, so that they meet nobody, and that are swept soon after.
#ifndef FRANK_STORAGE_ATTENDANCE_STORE_H_
#define FRANK_STORAGE_ATTENDANCE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/attendance.pb.h"
#include "storage/engine.h"

namespace frank::storage {

struct StoredAttendance {
  std::string moderator;
  v1::AttendanceRecord record;
};

void PutAttendance(Transaction& transaction, const CaseId& id,
                   const StoredAttendance& attendance);
void DeleteAttendance(Transaction& transaction, const CaseId& id,
                      absl::string_view moderator);
// Everybody of whom there is a row, however old, by moderator; untracked.
absl::StatusOr<std::vector<StoredAttendance>> ListAttendance(Engine& engine,
                                                             const CaseId& id);

// Looks at some rows behind a key, empty for the start, and deletes those of
// who was last seen before a time; tracks what it deletes, so that who comes
// back meanwhile stays. Returns where to go on; empty: that was all.
absl::StatusOr<std::string> SweepAttendance(Transaction& transaction,
                                            UnixMillis before,
                                            absl::string_view after,
                                            size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ATTENDANCE_STORE_H_
