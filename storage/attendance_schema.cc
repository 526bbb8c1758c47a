#include "storage/attendance_schema.h"

#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
constexpr uint8_t kAttendance = 0xD8;

}  // namespace

std::string AttendanceKey(const CaseId& id, absl::string_view moderator) {
  return Key(kAttendance).Raw(id.bytes()).Text(moderator).Take();
}
KeyRange AttendanceOf(const CaseId& id) {
  return Key(kAttendance).Raw(id.bytes()).Range();
}
KeyRange AttendanceAfter(absl::string_view key) {
  KeyRange range = Key(kAttendance).Range();
  if (!key.empty()) {
    range.begin.assign(key.data(), key.size());
    range.begin.push_back('\0');
  }
  return range;
}
absl::StatusOr<std::string> ParseAttendant(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(CaseId::kSize);
  std::string moderator = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return moderator;
}

}  // namespace frank::storage::schema
