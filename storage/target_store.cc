#include "storage/target_store.h"

#include <utility>

#include "core/status.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"

namespace frank::storage {

void PutTargetEvent(Transaction& transaction, UnixMillis now,
                    const CaseId& case_id, ByteSpan id,
                    const v1::TargetEventRecord& record) {
  transaction.Put(schema::TargetEventKey(now, case_id, record.kind(), id),
                  EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredTargetEvent>> ScanTargetEvents(Engine& engine,
                                                                size_t limit) {
  std::vector<StoredTargetEvent> events;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(schema::TargetEvents(bucket), limit));
    for (KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(auto record,
                             DecodeRecord<v1::TargetEventRecord>(entry.value));
      events.push_back({std::move(entry.key), std::move(record)});
    }
  }
  return events;
}

absl::StatusOr<bool> TakeTargetEvent(Transaction& transaction,
                                     const StoredTargetEvent& event) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         transaction.Get(event.key));
  if (!found) return false;
  transaction.Delete(event.key);
  return true;
}

absl::StatusOr<v1::TargetDayRecord> GetTargetDay(Transaction& transaction,
                                                 const TargetDay& day) {
  return GetRecordOrEmpty<v1::TargetDayRecord>(transaction,
                                               schema::TargetDayKey(day));
}

void PutTargetDay(Transaction& transaction, const TargetDay& day,
                  const v1::TargetDayRecord& record) {
  transaction.Put(schema::TargetDayKey(day), EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredTargetDay>> ListTargetDays(Engine& engine,
                                                            uint32_t first,
                                                            uint32_t end) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::TargetDays(first, end)));
  std::vector<StoredTargetDay> days;
  for (const KeyValue& entry : found) {
    StoredTargetDay stored;
    FRANK_ASSIGN_OR_RETURN(stored.day, schema::ParseTargetDay(entry.key));
    FRANK_ASSIGN_OR_RETURN(stored.record,
                           DecodeRecord<v1::TargetDayRecord>(entry.value));
    days.push_back(std::move(stored));
  }
  return days;
}

absl::StatusOr<bool> ForgetTargetDays(Transaction& transaction, uint32_t end,
                                      size_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> old,
      transaction.ScanUntracked(schema::TargetDays(0, end), limit));
  for (const KeyValue& entry : old) transaction.Delete(entry.key);
  return old.size() < limit;
}

}  // namespace frank::storage
