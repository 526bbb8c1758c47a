// What a moderator's decision keeps an account from.
#ifndef FRANK_SERVICES_PLATFORM_ADMISSION_H_
#define FRANK_SERVICES_PLATFORM_ADMISSION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::platform {

// kPermissionDenied, NOT_PERMITTED, while the account is suspended. The read is
// tracked.
absl::Status RefuseSuspended(storage::Transaction& transaction,
                             absl::string_view account_uri, UnixMillis now);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ADMISSION_H_
