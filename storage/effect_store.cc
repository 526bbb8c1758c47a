#include "storage/effect_store.h"

#include <algorithm>
#include <limits>

#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {
void PutEffect(Transaction& transaction, const EffectRow& at,
               const v1::EffectRecord& record) {
  transaction.Put(schema::EffectKey(at), EncodeRecord(record));
}

void DeleteEffect(Transaction& transaction, const EffectRow& at) {
  transaction.Delete(schema::EffectKey(at));
}

absl::StatusOr<absl::optional<v1::EffectRecord>> FindEffect(
    Transaction& transaction, const EffectRow& at) {
  return FindRecord<v1::EffectRecord>(transaction, schema::EffectKey(at));
}

absl::StatusOr<std::vector<StoredEffect>> ScanEffects(Engine& engine,
                                                      UnixMillis now,
                                                      size_t limit) {
  std::vector<StoredEffect> due;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(schema::Effects(bucket, now), limit));
    for (const KeyValue& entry : found) {
      StoredEffect effect;
      FRANK_ASSIGN_OR_RETURN(effect.at, schema::ParseEffectKey(entry.key));
      FRANK_ASSIGN_OR_RETURN(effect.record,
                             DecodeRecord<v1::EffectRecord>(entry.value));
      due.push_back(std::move(effect));
    }
  }
  return due;
}

absl::StatusOr<absl::optional<UnixMillis>> NextEffectDue(Engine& engine) {
  absl::optional<UnixMillis> next;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> found,
        engine.Scan(
            schema::Effects(bucket, std::numeric_limits<UnixMillis>::max()),
            1));
    if (found.empty()) continue;
    FRANK_ASSIGN_OR_RETURN(EffectRow at,
                           schema::ParseEffectKey(found.front().key));
    next = next ? std::min(*next, at.due) : at.due;
  }
  return next;
}

}  // namespace frank::storage
