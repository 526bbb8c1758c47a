#include "storage/attendance_store.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "storage/attendance_schema.h"
#include "storage/record_table.h"

namespace frank::storage {

void PutAttendance(Transaction& transaction, const CaseId& id,
                   const StoredAttendance& attendance) {
  transaction.Put(schema::AttendanceKey(id, attendance.moderator),
                  EncodeRecord(attendance.record));
}
void DeleteAttendance(Transaction& transaction, const CaseId& id,
                      absl::string_view moderator) {
  transaction.Delete(schema::AttendanceKey(id, moderator));
}

absl::StatusOr<std::vector<StoredAttendance>> ListAttendance(Engine& engine,
                                                             const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::AttendanceOf(id)));
  std::vector<StoredAttendance> rows;
  for (const KeyValue& entry : found) {
    StoredAttendance row;
    FRANK_ASSIGN_OR_RETURN(row.moderator, schema::ParseAttendant(entry.key));
    FRANK_ASSIGN_OR_RETURN(row.record,
                           DecodeRecord<v1::AttendanceRecord>(entry.value));
    rows.push_back(std::move(row));
  }
  // Keys sort by length first.
  std::sort(rows.begin(), rows.end(),
            [](const StoredAttendance& a, const StoredAttendance& b) {
              return a.moderator < b.moderator;
            });
  return rows;
}

absl::StatusOr<std::string> SweepAttendance(Transaction& transaction,
                                            UnixMillis before,
                                            absl::string_view after,
                                            size_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> found,
      transaction.ScanUntracked(schema::AttendanceAfter(after), limit));
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(auto seen,
                           DecodeRecord<v1::AttendanceRecord>(entry.value));
    if (seen.last_seen_at() >= before) continue;
    FRANK_ASSIGN_OR_RETURN(auto now, GetRecordOrEmpty<v1::AttendanceRecord>(
                                         transaction, entry.key));
    if (now.last_seen_at() < before) transaction.Delete(entry.key);
  }
  return found.size() < limit ? "" : found.back().key;
}

}  // namespace frank::storage
