#include "storage/file_store.h"

#include <algorithm>

#include "core/status.h"
#include "storage/record_table.h"
#include "storage/schema.h"

namespace frank::storage {
namespace {

void PutFileUsage(Transaction& transaction, absl::string_view account_uri,
                  uint64_t bytes) {
  v1::FileUsageRecord usage;
  usage.set_bytes(bytes);
  transaction.Put(schema::FileUsageKey(account_uri), EncodeRecord(usage));
}

absl::StatusOr<bool> ExpireFile(Transaction& transaction,
                                const std::string& due_key, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(FrankingTag tag, schema::ParseFileExpiry(due_key));
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> chunks,
                         transaction.ScanUntracked(schema::Chunks(tag), limit));
  for (const KeyValue& chunk : chunks) transaction.Delete(chunk.key);
  if (chunks.size() == limit) return true;
  FRANK_ASSIGN_OR_RETURN(absl::optional<v1::FileRecord> file,
                         FindFile(transaction, tag));
  if (file) {
    FRANK_ASSIGN_OR_RETURN(uint64_t used,
                           GetFileUsage(transaction, file->owner_uri()));
    PutFileUsage(transaction, file->owner_uri(),
                 used - std::min<uint64_t>(used, file->ciphertext_bytes()));
    transaction.Delete(schema::FileKey(tag));
  }
  transaction.Delete(due_key);
  return true;
}

}  // namespace

absl::StatusOr<absl::optional<v1::FileRecord>> FindFile(
    Transaction& transaction, const FrankingTag& tag) {
  return FindRecord<v1::FileRecord>(transaction, schema::FileKey(tag));
}

absl::StatusOr<absl::optional<v1::FileRecord>> FindFile(
    Engine& engine, const FrankingTag& tag) {
  return FindRecord<v1::FileRecord>(engine, schema::FileKey(tag));
}

void AddFile(Transaction& transaction, const FrankingTag& tag,
             const v1::FileRecord& file, uint64_t owner_usage) {
  PutFile(transaction, tag, file);
  transaction.Put(schema::FileExpiryKey(file.expires_at(), tag), "");
  PutFileUsage(transaction, file.owner_uri(), owner_usage);
}

void PutFile(Transaction& transaction, const FrankingTag& tag,
             const v1::FileRecord& file) {
  transaction.Put(schema::FileKey(tag), EncodeRecord(file));
}

void PutChunk(Transaction& transaction, const FrankingTag& tag, uint32_t index,
              absl::string_view ciphertext) {
  transaction.Put(schema::ChunkKey(tag, index), std::string(ciphertext));
}

absl::StatusOr<absl::optional<std::string>> FindChunk(Engine& engine,
                                                      const FrankingTag& tag,
                                                      uint32_t index) {
  return engine.Get(schema::ChunkKey(tag, index));
}

absl::StatusOr<uint64_t> GetFileUsage(Transaction& transaction,
                                      absl::string_view account_uri) {
  FRANK_ASSIGN_OR_RETURN(auto usage,
                         GetRecordOrEmpty<v1::FileUsageRecord>(
                             transaction, schema::FileUsageKey(account_uri)));
  return usage.bytes();
}

absl::StatusOr<bool> ExpireFiles(Transaction& transaction, UnixMillis now,
                                 size_t limit) {
  for (uint8_t bucket = 0; bucket < schema::kTimeBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(
        std::vector<KeyValue> due,
        transaction.ScanUntracked(schema::DueFiles(bucket, now), 1));
    if (!due.empty()) return ExpireFile(transaction, due[0].key, limit);
  }
  return false;
}

}  // namespace frank::storage
