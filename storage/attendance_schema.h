// The keys of who looks at which case; part of moderation_schema.h, where the
// notation is explained. Prefixes 0xD8 to 0xDF are this file's.
//
//   0xD8 case[16] text(moderator)                      AttendanceRecord
//
// Nothing else names these rows, and no decision rests on them.
#ifndef FRANK_STORAGE_ATTENDANCE_SCHEMA_H_
#define FRANK_STORAGE_ATTENDANCE_SCHEMA_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"
#include "storage/engine.h"

namespace frank::storage::schema {

std::string AttendanceKey(const CaseId& id, absl::string_view moderator);
KeyRange AttendanceOf(const CaseId& id);
// Every row behind a key, empty for the start.
KeyRange AttendanceAfter(absl::string_view key);
// Who looks. kDataLoss on another shape.
absl::StatusOr<std::string> ParseAttendant(absl::string_view key);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_ATTENDANCE_SCHEMA_H_
