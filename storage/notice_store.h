// Words from the moderators to an account, for each of its devices.
#ifndef FRANK_STORAGE_NOTICE_STORE_H_
#define FRANK_STORAGE_NOTICE_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::storage {

// Appends notices to the account's; kept limits::kMailboxRetention. The caller
// sees to it that a notice is appended once. At most once for an account in a
// transaction, which does not see its own writes.
absl::Status AppendNotices(Transaction& transaction,
                           absl::string_view account_uri, UnixMillis now,
                           const std::vector<v1::NoticeRecord>& notices);

struct NumberedNotice {
  uint64_t number = 0;
  v1::NoticeRecord notice;
};
// Returns up to `limit` notices above `after`, ascending.
absl::StatusOr<std::vector<NumberedNotice>> ListNotices(
    Engine& engine, absl::string_view account_uri, uint64_t after,
    size_t limit);

// The last notice that a device was sent; 0 before the first.
absl::StatusOr<uint64_t> GetNoticeCursor(Engine& engine,
                                         const MailboxId& mailbox);
void PutNoticeCursor(Transaction& transaction, const MailboxId& mailbox,
                     uint64_t number);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_NOTICE_STORE_H_
