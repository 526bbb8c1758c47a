#include "storage/expiry_store.h"

#include <algorithm>
#include <vector>

#include "core/bytes.h"
#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

// A note of a busy relay has some twenty KiB.
constexpr size_t kNotesPage = 16;

// Spreads notes, whose keys all begin with nearly the same time, over ranges
// that a distributed engine can split. Must never change: it is part of keys.
uint8_t BucketOf(absl::string_view key) {
  uint8_t sum = 0;
  for (uint8_t byte : AsBytes(key)) sum = static_cast<uint8_t>(sum * 31 + byte);
  return sum % schema::kExpiryBuckets;
}

}  // namespace

void ExpireAt(Transaction& transaction, UnixMillis time,
              absl::string_view key) {
  ExpireAllAt(transaction, time, {key});
}

void ExpireAllAt(Transaction& transaction, UnixMillis time,
                 absl::Span<const absl::string_view> keys) {
  if (keys.empty()) return;
  v1::ExpiryRecord record;
  for (absl::string_view key : keys) record.add_key(key.data(), key.size());
  transaction.Put(schema::ExpiryKey(BucketOf(keys[0]), time, keys[0]),
                  EncodeRecord(record));
}

absl::StatusOr<bool> RemoveExpired(Transaction& transaction, UnixMillis now,
                                   size_t limit, std::string* position) {
  for (uint8_t bucket = 0; bucket < schema::kExpiryBuckets; ++bucket) {
    KeyRange due{std::max(schema::ExpiryPrefix(bucket), *position),
                 schema::ExpiryBound(bucket, now + 1)};
    bool full = due.begin < due.end;
    while (full) {
      FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> notes,
                             transaction.ScanUntracked(due, kNotesPage));
      for (const KeyValue& note : notes) {
        if (limit == 0) return true;
        FRANK_ASSIGN_OR_RETURN(auto record,
                               DecodeRecord<v1::ExpiryRecord>(note.value));
        for (const std::string& key : record.key()) transaction.Delete(key);
        transaction.Delete(note.key);
        *position = note.key;
        due.begin = note.key + '\0';
        limit -= std::min<size_t>(limit, record.key_size());
      }
      full = notes.size() == kNotesPage;
    }
  }
  return false;
}

}  // namespace frank::storage
