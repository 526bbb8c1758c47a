// Keys that are deleted when their time comes.
#ifndef FRANK_STORAGE_EXPIRY_STORE_H_
#define FRANK_STORAGE_EXPIRY_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// Notes that `key` shall be deleted at `time`. For keys that are never written
// again with a later time.
void ExpireAt(Transaction& transaction, UnixMillis time, absl::string_view key);
// The same of several, none twice, in one note.
void ExpireAllAt(Transaction& transaction, UnixMillis time,
                 absl::Span<const absl::string_view> keys);

// Deletes about `limit` keys whose time has come, with their notes: it finishes
// the note that it is at. Returns
// whether there may be more. `position` is where the next piece goes on, so
// that a round passes once over what it has deleted; empty for a round's first.
absl::StatusOr<bool> RemoveExpired(Transaction& transaction, UnixMillis now,
                                   size_t limit, std::string* position);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_EXPIRY_STORE_H_
