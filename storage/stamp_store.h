// The newest time that franks were stamped with.
#ifndef FRANK_STORAGE_STAMP_STORE_H_
#define FRANK_STORAGE_STAMP_STORE_H_

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// 0 when none was stored. The first is tracked.
absl::StatusOr<UnixMillis> GetNewestStamp(Transaction& transaction);
absl::StatusOr<UnixMillis> GetNewestStamp(Engine& engine);
void PutNewestStamp(Transaction& transaction, UnixMillis newest);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_STAMP_STORE_H_
