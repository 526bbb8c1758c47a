#include "storage/act_store.h"

#include "core/status.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::StatusOr<uint64_t> GetActCount(Transaction& transaction,
                                     absl::string_view subject) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::ActCountRecord>(
                             transaction, schema::ActCountKey(subject)));
  return record.count();
}

void AddActs(Transaction& transaction, absl::string_view subject,
             uint64_t count, const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    v1::ActRecord record;
    record.set_entry(entry);
    transaction.Put(schema::ActKey(subject, ++count), EncodeRecord(record));
  }
  v1::ActCountRecord record;
  record.set_count(count);
  transaction.Put(schema::ActCountKey(subject), EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredAct>> ListActs(Engine& engine,
                                                absl::string_view subject,
                                                uint64_t after, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::Acts(subject, after), limit));
  std::vector<StoredAct> acts;
  for (const KeyValue& entry : found) {
    StoredAct act;
    act.number = ReadU64(
        AsBytes(absl::string_view(entry.key).substr(entry.key.size() - 8)));
    if (act.number != after + acts.size() + 1) {
      return absl::DataLossError("an act is missing");
    }
    FRANK_ASSIGN_OR_RETURN(auto record,
                           DecodeRecord<v1::ActRecord>(entry.value));
    act.entry = record.entry();
    acts.push_back(std::move(act));
  }
  return acts;
}

}  // namespace frank::storage
