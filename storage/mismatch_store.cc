#include "storage/mismatch_store.h"

#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/expiry_store.h"
#include "storage/record.h"
#include "storage/schema.h"

namespace frank::storage {
namespace {

std::string RequestKey(const MismatchNotice& notice) {
  return schema::MismatchRequestKey(notice.account_uri, notice.device_id,
                                    notice.request_id);
}

std::string MessageKey(const MismatchNotice& notice) {
  return schema::MismatchMessageKey(notice.account_uri, notice.device_id,
                                    notice.room_uri, notice.sequence);
}

absl::StatusOr<uint64_t> ReadCount(
    absl::StatusOr<absl::optional<std::string>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return 0;
  FRANK_ASSIGN_OR_RETURN(auto record, DecodeRecord<v1::NumberRecord>(**found));
  return record.value();
}

}  // namespace

absl::StatusOr<MismatchKnown> FindMismatch(Transaction& transaction,
                                           const MismatchNotice& notice) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> request,
                         transaction.Get(RequestKey(notice)));
  if (request) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           DecodeRecord<v1::MismatchRecord>(*request));
    bool same = record.room_uri() == notice.room_uri &&
                record.sequence() == notice.sequence &&
                record.kind() == notice.kind;
    return same ? MismatchKnown::kCounted : MismatchKnown::kConflict;
  }
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> message,
                         transaction.Get(MessageKey(notice)));
  return message ? MismatchKnown::kCounted : MismatchKnown::kNew;
}

absl::Status AddMismatch(Transaction& transaction, const MismatchNotice& notice,
                         const absl::optional<std::string>& sender_uri,
                         UnixMillis expires_at) {
  v1::MismatchRecord record;
  record.set_room_uri(notice.room_uri);
  record.set_sequence(notice.sequence);
  record.set_kind(notice.kind);
  std::string value = EncodeRecord(record);
  for (const std::string& key : {RequestKey(notice), MessageKey(notice)}) {
    transaction.Put(key, value);
    ExpireAt(transaction, expires_at, key);
  }
  if (!sender_uri) return absl::OkStatus();
  std::string count_key = schema::MismatchCountKey(*sender_uri);
  FRANK_ASSIGN_OR_RETURN(uint64_t count, ReadCount(transaction.Get(count_key)));
  v1::NumberRecord counter;
  counter.set_value(count + 1);
  transaction.Put(count_key, EncodeRecord(counter));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> CountMismatches(Engine& engine,
                                         absl::string_view sender_uri) {
  return ReadCount(engine.Get(schema::MismatchCountKey(sender_uri)));
}

}  // namespace frank::storage
