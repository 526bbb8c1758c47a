#include "storage/people_store.h"

#include <utility>

#include "core/bytes.h"
#include "core/status.h"
#include "storage/people_schema.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

absl::StatusOr<std::vector<StoredModerator>> Decode(
    absl::StatusOr<std::vector<KeyValue>> rows) {
  FRANK_RETURN_IF_ERROR(rows.status());
  std::vector<StoredModerator> moderators;
  for (const KeyValue& row : *rows) {
    StoredModerator stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, schema::ParseModeratorKey(row.key));
    FRANK_ASSIGN_OR_RETURN(stored.record,
                           DecodeRecord<v1::ModeratorRecord>(row.value));
    moderators.push_back(std::move(stored));
  }
  return moderators;
}

template <typename Source>
absl::StatusOr<std::string> FindOwner(Source& source, const TokenHash& hash) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::ModeratorTokenRecord>(
                             source, schema::ModeratorTokenKey(hash)));
  return record.moderator();
}

}  // namespace

absl::StatusOr<absl::optional<v1::ModeratorRecord>> FindModerator(
    Transaction& transaction, absl::string_view id) {
  return FindRecord<v1::ModeratorRecord>(transaction, schema::ModeratorKey(id));
}
absl::StatusOr<absl::optional<v1::ModeratorRecord>> FindModerator(
    Engine& engine, absl::string_view id) {
  return FindRecord<v1::ModeratorRecord>(engine, schema::ModeratorKey(id));
}
void PutModerator(Transaction& transaction, absl::string_view id,
                  const v1::ModeratorRecord& record) {
  transaction.Put(schema::ModeratorKey(id), EncodeRecord(record));
}

absl::StatusOr<std::vector<StoredModerator>> ListModerators(
    Transaction& transaction) {
  return Decode(transaction.Scan(schema::ModeratorTable()));
}
absl::StatusOr<std::vector<StoredModerator>> ListModerators(
    Engine& engine, absl::string_view after, size_t limit) {
  return Decode(engine.Scan(schema::ModeratorsAfter(after), limit));
}

absl::StatusOr<std::string> FindModeratorByToken(Transaction& transaction,
                                                 const TokenHash& hash) {
  return FindOwner(transaction, hash);
}
absl::StatusOr<std::string> FindModeratorByToken(Engine& engine,
                                                 const TokenHash& hash) {
  return FindOwner(engine, hash);
}
void PutModeratorToken(Transaction& transaction, const TokenHash& hash,
                       absl::string_view moderator) {
  v1::ModeratorTokenRecord record;
  record.set_moderator(ToString(AsBytes(moderator)));
  transaction.Put(schema::ModeratorTokenKey(hash), EncodeRecord(record));
}
void DeleteModeratorToken(Transaction& transaction, const TokenHash& hash) {
  transaction.Delete(schema::ModeratorTokenKey(hash));
}

absl::StatusOr<v1::ExposureRecord> GetExposure(Transaction& transaction,
                                               absl::string_view moderator) {
  return GetRecordOrEmpty<v1::ExposureRecord>(transaction,
                                              schema::ExposureKey(moderator));
}
absl::StatusOr<v1::ExposureRecord> GetExposure(Engine& engine,
                                               absl::string_view moderator) {
  return GetRecordOrEmpty<v1::ExposureRecord>(engine,
                                              schema::ExposureKey(moderator));
}
void PutExposure(Transaction& transaction, absl::string_view moderator,
                 const v1::ExposureRecord& record) {
  transaction.Put(schema::ExposureKey(moderator), EncodeRecord(record));
}

absl::StatusOr<bool> IsCounted(Transaction& transaction,
                               absl::string_view moderator, UnixMillis shift,
                               const EvidenceId& evidence) {
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<std::string> found,
      transaction.Get(schema::CountedKey(moderator, shift, evidence)));
  return found.has_value();
}
void SetCounted(Transaction& transaction, absl::string_view moderator,
                UnixMillis shift, const EvidenceId& evidence) {
  transaction.Put(schema::CountedKey(moderator, shift, evidence), "");
}
absl::Status ForgetCounted(Transaction& transaction,
                           absl::string_view moderator, UnixMillis shift,
                           size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> rows,
                         transaction.ScanUntracked(
                             schema::CountedBefore(moderator, shift), limit));
  for (const KeyValue& row : rows) transaction.Delete(row.key);
  return absl::OkStatus();
}

}  // namespace frank::storage
