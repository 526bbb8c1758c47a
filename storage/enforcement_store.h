// What the moderators decided about an account, as the platform applies it.
#ifndef FRANK_STORAGE_ENFORCEMENT_STORE_H_
#define FRANK_STORAGE_ENFORCEMENT_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// The whole enforcement state of an account. Stored for accounts that do not
// exist as well: moderation may know of them before this store does.
struct Enforcement {
  // Rises with each change; the highest holds.
  uint64_t number = 0;
  bool suspended = false;
  // 0 while suspended: until further notice.
  UnixMillis suspended_until = 0;
  // Most messages in an hour; 0: not limited.
  uint32_t messages_an_hour = 0;
  // 0 while limited: no date is set.
  UnixMillis limited_until = 0;
  // The policy behind the newest change; may be empty.
  std::string policy;

  bool SuspendedAt(UnixMillis now) const {
    return suspended && (suspended_until == 0 || now < suspended_until);
  }
  // The limit that holds at `now`; 0: none.
  uint32_t MessagesAnHourAt(UnixMillis now) const {
    return limited_until == 0 || now < limited_until ? messages_an_hour : 0;
  }
};

// Reads the state of an account, tracked; nullopt when nothing was ever
// decided. kDataLoss on a record of an unknown version; errors of the engine.
absl::StatusOr<absl::optional<Enforcement>> FindEnforcement(
    Transaction& transaction, absl::string_view account_uri);

// As above, untracked: for what need not agree with a commit.
absl::StatusOr<absl::optional<Enforcement>> FindEnforcement(
    Engine& engine, absl::string_view account_uri);

// Replaces the state. The caller has compared the numbers.
void PutEnforcement(Transaction& transaction, absl::string_view account_uri,
                    const Enforcement& enforcement);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ENFORCEMENT_STORE_H_
