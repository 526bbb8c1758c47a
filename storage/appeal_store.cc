#include "storage/appeal_store.h"

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "storage/record_table.h"
#include "storage/reporter_schema.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::AppealRecord>> FindAppeal(
    Transaction& transaction, const DecisionId& id) {
  return FindRecord<v1::AppealRecord>(transaction, schema::AppealKey(id));
}

absl::StatusOr<absl::optional<v1::AppealRecord>> FindAppeal(
    Engine& engine, const DecisionId& id) {
  return FindRecord<v1::AppealRecord>(engine, schema::AppealKey(id));
}

void PutAppeal(Transaction& transaction, const DecisionId& id,
               const v1::AppealRecord& record) {
  transaction.Put(schema::AppealKey(id), EncodeRecord(record));
  std::string waits = schema::WaitingAppealKey(record.received_at(), id);
  if (record.state() == kAppealWaiting) {
    transaction.Put(waits, "");
  } else {
    transaction.Delete(waits);
  }
}

absl::StatusOr<std::vector<WaitingAppeal>> ListWaitingAppeals(Engine& engine,
                                                              size_t limit) {
  std::vector<WaitingAppeal> appeals;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> found,
        engine.Scan(schema::WaitingAppealsIn(bucket), limit));
    for (const KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(DecisionId id,
                             schema::TrailingDecisionId(entry.key));
      FRANK_ASSIGN_OR_RETURN(auto record, FindAppeal(engine, id));
      // Resolved between the two reads.
      if (!record || record->state() != kAppealWaiting) continue;
      appeals.push_back({id, *std::move(record)});
    }
  }
  std::sort(appeals.begin(), appeals.end(),
            [](const WaitingAppeal& a, const WaitingAppeal& b) {
              return a.record.received_at() < b.record.received_at();
            });
  return appeals;
}

KeyRange WaitingAppealRange() { return schema::WaitingAppeals(); }

}  // namespace frank::storage
