// Accounts, their device lists and their devices' tokens. Reads are tracked
// when they go through a transaction and untracked through the engine; each
// may return kDataLoss on a damaged record and the engine's own errors.
#ifndef FRANK_STORAGE_ACCOUNT_STORE_H_
#define FRANK_STORAGE_ACCOUNT_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/platform.pb.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::AccountRecord>> FindAccount(
    Transaction& transaction, absl::string_view account_uri);
absl::StatusOr<absl::optional<v1::AccountRecord>> FindAccount(
    Engine& engine, absl::string_view account_uri);
void PutAccount(Transaction& transaction, absl::string_view account_uri,
                const v1::AccountRecord& account);

// Returns the device of the current list or null.
const v1::DeviceRecord* FindDevice(const v1::AccountRecord& account,
                                   const DeviceId& device_id);

// Returns the account that has or had the device; empty if none did.
absl::StatusOr<std::string> FindDeviceOwner(Transaction& transaction,
                                            const DeviceId& device_id);
// Makes a device the account's for good: envelopes name devices by id alone.
// kAlreadyExists, ID_CONFLICT, when it is another's.
absl::Status ClaimDevice(Transaction& transaction,
                         absl::string_view account_uri,
                         const DeviceId& device_id);

// Keeps a list that was replaced, for limits::kDeviceListRetention.
void AddPastList(Transaction& transaction, absl::string_view account_uri,
                 const v1::DeviceListRecord& list);
// Returns the lists that were replaced after `since`, oldest first. Stops when
// they are more than `max_bytes`: the newest of them, more than that. Lists of
// one account follow one another in time.
absl::StatusOr<std::vector<v1::DeviceListRecord>> ListPastLists(
    Engine& engine, absl::string_view account_uri, UnixMillis since,
    size_t max_bytes);

absl::StatusOr<absl::optional<v1::TokenRecord>> FindToken(
    Engine& engine, const TokenHash& hash);

// Gives a device a new token; every other token of it ends.
absl::Status IssueToken(Transaction& transaction, absl::string_view account_uri,
                        const DeviceId& device_id, const MailboxId& mailbox,
                        const TokenHash& hash);

// Gives a device a new token beside `current`, which ends with the first use of
// the new one or at `current_until`. kNotFound when `current` has ended.
absl::Status RotateToken(Transaction& transaction, const TokenHash& current,
                         const TokenHash& next, UnixMillis current_until);

// Ends the token that `hash` replaces.
absl::Status EndReplacedToken(Transaction& transaction, const TokenHash& hash);

// Ends a device's tokens and has its mailbox emptied in the background.
absl::Status RemoveDevice(Transaction& transaction,
                          absl::string_view account_uri,
                          const v1::DeviceRecord& device);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ACCOUNT_STORE_H_
