#include "storage/moderation_account_store.h"

#include "core/status.h"
#include "storage/moderation_schema.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::StatusOr<v1::AccountStateRecord> GetAccountState(
    Transaction& transaction, absl::string_view account) {
  return GetRecordOrEmpty<v1::AccountStateRecord>(
      transaction, schema::AccountStateKey(account));
}

void PutAccountState(Transaction& transaction,
                     const v1::AccountStateRecord& record) {
  transaction.Put(schema::AccountStateKey(record.account_uri()),
                  EncodeRecord(record));
}

absl::StatusOr<uint64_t> GetMismatchNotices(Engine& engine,
                                            absl::string_view sender) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::SenderSignalRecord>(
                             engine, schema::SenderSignalKey(sender)));
  return record.mismatch_notices();
}

void PutMismatchNotices(Transaction& transaction, absl::string_view sender,
                        uint64_t count) {
  v1::SenderSignalRecord record;
  record.set_mismatch_notices(count);
  transaction.Put(schema::SenderSignalKey(sender), EncodeRecord(record));
}

}  // namespace frank::storage
