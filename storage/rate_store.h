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
enum class RateKind : uint8_t { kReports = 1, kMismatchNotices = 2 };

// Counts one act of `subject` in the hour that holds `now`. The read is
// tracked. kResourceExhausted, QUOTA_EXCEEDED with the time until the next
// hour, when `limit` is used up; the caller then gives up its transaction.
absl::Status CountInHour(Transaction& transaction, RateKind kind,
                         absl::string_view subject, UnixMillis now,
                         uint64_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RATE_STORE_H_
