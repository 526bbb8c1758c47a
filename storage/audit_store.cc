#include "storage/audit_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/status.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

constexpr size_t kHashBytes = 32;

bool IsTile(const v1::AuditTileRecord& tile, uint8_t level) {
  const size_t hashes = tile.hashes().size() / kHashBytes;
  const int acts = level == 0 ? static_cast<int>(hashes) : 0;
  return hashes > 0 && hashes <= schema::kTileWidth &&
         tile.hashes().size() % kHashBytes == 0 && tile.act_size() == acts;
}

template <typename Source>
absl::StatusOr<absl::optional<v1::AuditTileRecord>> Tile(Source& source,
                                                         uint8_t level,
                                                         uint64_t index) {
  FRANK_ASSIGN_OR_RETURN(auto tile,
                         FindRecord<v1::AuditTileRecord>(
                             source, schema::AuditTileKey(level, index)));
  if (tile && !IsTile(*tile, level)) {
    return absl::DataLossError("a tile of the audit tree is damaged");
  }
  return tile;
}

template <typename Source>
absl::StatusOr<uint64_t> Progress(Source& source, absl::string_view subject) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::AuditProgressRecord>(
                             source, schema::AuditProgressKey(subject)));
  return record.number();
}

}  // namespace

void PutPending(Transaction& transaction, const PendingActs& pending) {
  transaction.Put(schema::AuditPendingKey(pending),
                  EncodeRecord(v1::AuditPendingRecord()));
}

void DeletePending(Transaction& transaction, const PendingActs& pending) {
  transaction.Delete(schema::AuditPendingKey(pending));
}

absl::StatusOr<std::vector<PendingActs>> ScanPending(Engine& engine,
                                                     size_t limit) {
  std::vector<PendingActs> pending;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(schema::AuditPending(bucket), limit));
    for (const KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(PendingActs acts,
                             schema::ParseAuditPendingKey(entry.key));
      pending.push_back(std::move(acts));
    }
  }
  std::sort(pending.begin(), pending.end(),
            [](const PendingActs& a, const PendingActs& b) {
              return std::tie(a.time, a.last.subject, a.last.number) <
                     std::tie(b.time, b.last.subject, b.last.number);
            });
  if (pending.size() > limit) pending.resize(limit);
  return pending;
}

absl::StatusOr<absl::optional<v1::AuditPlaceRecord>> FindPlace(
    Transaction& transaction, ByteSpan sha256) {
  return FindRecord<v1::AuditPlaceRecord>(transaction,
                                          schema::AuditPlaceKey(sha256));
}
absl::StatusOr<absl::optional<v1::AuditPlaceRecord>> FindPlace(
    Engine& engine, ByteSpan sha256) {
  return FindRecord<v1::AuditPlaceRecord>(engine,
                                          schema::AuditPlaceKey(sha256));
}
void PutPlace(Transaction& transaction, ByteSpan sha256,
              const v1::AuditPlaceRecord& place) {
  transaction.Put(schema::AuditPlaceKey(sha256), EncodeRecord(place));
}

absl::StatusOr<absl::optional<v1::AuditTileRecord>> FindTile(
    Transaction& transaction, uint8_t level, uint64_t index) {
  return Tile(transaction, level, index);
}
absl::StatusOr<absl::optional<v1::AuditTileRecord>> FindTile(Engine& engine,
                                                             uint8_t level,
                                                             uint64_t index) {
  return Tile(engine, level, index);
}
void PutTile(Transaction& transaction, uint8_t level, uint64_t index,
             const v1::AuditTileRecord& tile) {
  transaction.Put(schema::AuditTileKey(level, index), EncodeRecord(tile));
}

absl::StatusOr<uint64_t> GetAuditProgress(Transaction& transaction,
                                          absl::string_view subject) {
  return Progress(transaction, subject);
}
absl::StatusOr<uint64_t> GetAuditProgress(Engine& engine,
                                          absl::string_view subject) {
  return Progress(engine, subject);
}
void PutAuditProgress(Transaction& transaction, absl::string_view subject,
                      uint64_t number) {
  v1::AuditProgressRecord record;
  record.set_number(number);
  transaction.Put(schema::AuditProgressKey(subject), EncodeRecord(record));
}

absl::StatusOr<absl::optional<v1::AuditHeadRecord>> FindAuditHead(
    Transaction& transaction) {
  return FindRecord<v1::AuditHeadRecord>(transaction, schema::AuditHeadKey());
}
absl::StatusOr<absl::optional<v1::AuditHeadRecord>> FindAuditHead(
    Engine& engine) {
  return FindRecord<v1::AuditHeadRecord>(engine, schema::AuditHeadKey());
}
void PutAuditHead(Transaction& transaction, const v1::AuditHeadRecord& head) {
  transaction.Put(schema::AuditHeadKey(), EncodeRecord(head));
}

void PutLoss(Transaction& transaction, const AuditLoss& loss) {
  transaction.Put(schema::AuditLossKey(loss.first), EncodeRecord(loss.record));
}
absl::StatusOr<std::vector<AuditLoss>> ListLosses(Engine& engine,
                                                  size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::AuditLosses(), limit));
  std::vector<AuditLoss> losses;
  for (const KeyValue& entry : found) {
    AuditLoss loss;
    FRANK_ASSIGN_OR_RETURN(loss.first, schema::ParseAuditLossKey(entry.key));
    FRANK_ASSIGN_OR_RETURN(loss.record,
                           DecodeRecord<v1::AuditLossRecord>(entry.value));
    losses.push_back(std::move(loss));
  }
  return losses;
}

}  // namespace frank::storage
