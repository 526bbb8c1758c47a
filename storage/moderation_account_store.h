// What the moderators hold about accounts: the whole enforcement state, and
// what the platform counted about them.
#ifndef FRANK_STORAGE_MODERATION_ACCOUNT_STORE_H_
#define FRANK_STORAGE_MODERATION_ACCOUNT_STORE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// The enforcement state; number 0 when there never was one. Tracked.
absl::StatusOr<v1::AccountStateRecord> GetAccountState(
    Transaction& transaction, absl::string_view account);
void PutAccountState(Transaction& transaction,
                     const v1::AccountStateRecord& record);

// The count of mismatch notices, which the platform sends whole.
absl::StatusOr<uint64_t> GetMismatchNotices(Engine& engine,
                                            absl::string_view sender);
void PutMismatchNotices(Transaction& transaction, absl::string_view sender,
                        uint64_t count);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_MODERATION_ACCOUNT_STORE_H_
