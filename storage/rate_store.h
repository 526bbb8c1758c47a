// Counts of what somebody did in the running hour.
#ifndef FRANK_STORAGE_RATE_STORE_H_
#define FRANK_STORAGE_RATE_STORE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// What is counted; a part of keys, never to be renumbered.
enum class RateKind : uint8_t {
  kReports = 1,
  kMismatchNotices = 2,
  kDeviceLists = 16,
  kRoomChanges = 17,
  kMembershipChanges = 18,
  kReportsOfCredential = 19,
};

// Counts an act of `subject`, or `amount` of them, in the hour that holds
// `now`. The read is tracked. kResourceExhausted, QUOTA_EXCEEDED with the time
// until the next hour, when that passes `limit`; the caller then gives up its
// transaction.
absl::Status CountInHour(Transaction& transaction, RateKind kind,
                         absl::string_view subject, UnixMillis now,
                         uint64_t limit, uint64_t amount = 1);

// Whether CountInHour would pass, without counting: for where one act counts
// twice, and what one limit refuses must not count against the other.
absl::Status CheckHour(Transaction& transaction, RateKind kind,
                       absl::string_view subject, UnixMillis now,
                       uint64_t limit, uint64_t amount = 1);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RATE_STORE_H_
