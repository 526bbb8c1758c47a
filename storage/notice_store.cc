#include "storage/notice_store.h"

#include <string>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "storage/expiry_store.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::Status AppendNotices(Transaction& transaction,
                           absl::string_view account_uri, UnixMillis now,
                           const std::vector<v1::NoticeRecord>& notices) {
  std::string last_key = schema::LastNoticeKey(account_uri);
  FRANK_ASSIGN_OR_RETURN(
      auto last, GetRecordOrEmpty<v1::PositionRecord>(transaction, last_key));
  for (const v1::NoticeRecord& notice : notices) {
    last.set_number(last.number() + 1);
    std::string key = schema::NoticeKey(account_uri, last.number());
    transaction.Put(key, EncodeRecord(notice));
    ExpireAt(transaction, now + limits::kMailboxRetention, key);
  }
  transaction.Put(last_key, EncodeRecord(last));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<NumberedNotice>> ListNotices(
    Engine& engine, absl::string_view account_uri, uint64_t after,
    size_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> rows,
      engine.Scan(schema::NoticesAfter(account_uri, after), limit));
  std::vector<NumberedNotice> notices;
  for (const KeyValue& row : rows) {
    NumberedNotice notice;
    FRANK_ASSIGN_OR_RETURN(notice.number, schema::ParseNoticeNumber(row.key));
    FRANK_ASSIGN_OR_RETURN(notice.notice,
                           DecodeRecord<v1::NoticeRecord>(row.value));
    notices.push_back(std::move(notice));
  }
  return notices;
}

absl::StatusOr<uint64_t> GetNoticeCursor(Engine& engine,
                                         const MailboxId& mailbox) {
  FRANK_ASSIGN_OR_RETURN(auto cursor,
                         GetRecordOrEmpty<v1::PositionRecord>(
                             engine, schema::NoticeCursorKey(mailbox)));
  return cursor.number();
}

void PutNoticeCursor(Transaction& transaction, const MailboxId& mailbox,
                     uint64_t number) {
  v1::PositionRecord cursor;
  cursor.set_number(number);
  transaction.Put(schema::NoticeCursorKey(mailbox), EncodeRecord(cursor));
}

}  // namespace frank::storage
