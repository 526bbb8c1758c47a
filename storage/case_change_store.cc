#include "storage/case_change_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

// Raises the number of the bucket to that of a row.
absl::Status Raise(absl::string_view key, absl::string_view value,
                   ChangeNumbers* numbers) {
  FRANK_ASSIGN_OR_RETURN(uint8_t bucket, schema::ParseChangeBucket(key));
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::CaseChangeCountRecord>(value));
  if (bucket >= numbers->size()) return absl::OkStatus();
  uint64_t& number = (*numbers)[bucket];
  number = std::max(number, record.number());
  return absl::OkStatus();
}

absl::StatusOr<ChangeNumbers> ReadNumbers(Engine& engine,
                                          const KeyRange& range) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found, engine.Scan(range));
  ChangeNumbers numbers{};
  for (const KeyValue& entry : found) {
    FRANK_RETURN_IF_ERROR(Raise(entry.key, entry.value, &numbers));
  }
  return numbers;
}

KeyRange MarksUntil(UnixMillis time) {
  KeyRange range = schema::ChangeMarks();
  range.end = schema::ChangeMarkKey(time + 1);
  return range;
}

}  // namespace

void LogChange(Transaction& transaction, const CaseId& id,
               const v1::CaseRecord* before, const v1::CaseRecord& record) {
  v1::CaseChangeRecord change;
  change.set_case_id(ToString(id.bytes()));
  change.set_revision(record.revision());
  change.set_state(record.state());
  change.set_queue(record.queue());
  change.set_holder(record.lease().holder());
  change.set_opened_at(record.opened_at());
  if (before != nullptr) {
    change.set_state_before(before->state());
    change.set_queue_before(before->queue());
  }
  const uint8_t bucket = schema::ChangeBucketOf(id);
  const std::string count_key = schema::ChangeCountKey(bucket);
  transaction.PutAtCommit(
      count_key,
      [id, bucket, count_key,
       row = EncodeRecord(change)](absl::optional<absl::string_view> value)
          -> absl::StatusOr<std::vector<KeyValue>> {
        v1::CaseChangeCountRecord count;
        if (value) {
          FRANK_ASSIGN_OR_RETURN(
              count, DecodeRecord<v1::CaseChangeCountRecord>(*value));
        }
        count.set_number(count.number() + 1);
        return std::vector<KeyValue>{
            {count_key, EncodeRecord(count)},
            {schema::ChangeKey(bucket, count.number(), id), row}};
      });
}

absl::StatusOr<ChangeNumbers> GetLastChanges(Engine& engine) {
  return ReadNumbers(engine, schema::ChangeCounts());
}

absl::Status NoteLastChange(const KeyChange& change, ChangeNumbers* last) {
  if (!change.value) return absl::OkStatus();
  return Raise(change.key, *change.value, last);
}

absl::StatusOr<ChangeNumbers> GetFirstChanges(Engine& engine) {
  FRANK_ASSIGN_OR_RETURN(ChangeNumbers first,
                         ReadNumbers(engine, schema::FirstChanges()));
  for (uint64_t& number : first) number = std::max<uint64_t>(number, 1);
  return first;
}

absl::StatusOr<ChangePage> ListChanges(Engine& engine, uint8_t bucket,
                                       uint64_t after, uint64_t last,
                                       size_t limit) {
  last = std::min(last, after + limit);
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> found,
      engine.Scan(schema::Changes(bucket, after + 1, last + 1)));
  ChangePage page;
  page.reached = last;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(auto change,
                           DecodeRecord<v1::CaseChangeRecord>(entry.value));
    page.changes.push_back(std::move(change));
  }
  return page;
}

void PutChangeMark(Transaction& transaction, UnixMillis now,
                   const ChangeNumbers& last) {
  v1::CaseChangeMarkRecord mark;
  mark.set_marked_at(now);
  for (uint64_t number : last) mark.add_number(number);
  transaction.Put(schema::ChangeMarkKey(now), EncodeRecord(mark));
}

absl::StatusOr<absl::optional<v1::CaseChangeMarkRecord>> FindChangeMark(
    Engine& engine, UnixMillis time) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> found,
      engine.Scan(MarksUntil(time), 1, ScanOrder::kDescending));
  if (found.empty()) return absl::optional<v1::CaseChangeMarkRecord>();
  FRANK_ASSIGN_OR_RETURN(
      auto mark, DecodeRecord<v1::CaseChangeMarkRecord>(found[0].value));
  return absl::make_optional(std::move(mark));
}

absl::Status DeleteChangeMarks(Transaction& transaction, UnixMillis time) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         transaction.ScanUntracked(MarksUntil(time)));
  for (const KeyValue& entry : found) transaction.Delete(entry.key);
  return absl::OkStatus();
}

absl::StatusOr<bool> TrimChanges(Transaction& transaction, uint8_t bucket,
                                 uint64_t end, size_t limit) {
  std::string first_key = schema::FirstChangeKey(bucket);
  FRANK_ASSIGN_OR_RETURN(
      auto first,
      GetRecordOrEmpty<v1::CaseChangeCountRecord>(transaction, first_key));
  uint64_t from = std::max<uint64_t>(first.number(), 1);
  if (from >= end) return true;
  uint64_t until = std::min(end, from + limit);
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> old,
      transaction.ScanUntracked(schema::Changes(bucket, from, until)));
  for (const KeyValue& entry : old) transaction.Delete(entry.key);
  first.set_number(until);
  transaction.Put(first_key, EncodeRecord(first));
  return until == end;
}

}  // namespace frank::storage
