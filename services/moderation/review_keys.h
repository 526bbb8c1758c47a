// The review keys of the configuration, and how long each may be kept.
#ifndef FRANK_SERVICES_MODERATION_REVIEW_KEYS_H_
#define FRANK_SERVICES_MODERATION_REVIEW_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/records.h"
#include "proto/files.h"

namespace frank::moderation {

struct ReviewKeyStatus {
  ReviewKeyId id;
  // The end of its window, and when its private key is to be destroyed.
  UnixMillis not_after = 0;
  UnixMillis destroy_at = 0;
  // Its file holds no private key any more.
  bool destroyed = false;
};

// When the private key of a record is to be destroyed.
UnixMillis DestroyAt(const crypto::ReviewKeyRecord& record);
// Tells the log that this is overdue: its file has it still.
void LogOverdue(const ReviewKeyId& id);

struct ReviewKeys {
  // Those that open reports.
  std::vector<wire::ReviewKey> usable;
  // All that the configuration names.
  std::vector<ReviewKeyStatus> known;
};

// Reads the key files. One whose time is over is not used, whether its file was
// destroyed or not; of the latter the log tells.
absl::StatusOr<ReviewKeys> LoadReviewKeys(absl::Span<const std::string> paths,
                                          UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REVIEW_KEYS_H_
