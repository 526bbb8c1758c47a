// How many cases one moderator may hold at once.
#ifndef FRANK_SERVICES_MODERATION_HELD_QUOTA_H_
#define FRANK_SERVICES_MODERATION_HELD_QUOTA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/engine.h"

namespace frank::moderation {

// Whether a moderator holds fewer cases than `limit`, so that they may be given
// one more: tracked, so that two who do at once do not both. kResourceExhausted
// QUOTA_EXCEEDED.
absl::Status CheckHeldQuota(storage::Transaction& transaction,
                            absl::string_view moderator, uint32_t limit);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_HELD_QUOTA_H_
