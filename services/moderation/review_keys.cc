#include "services/moderation/review_keys.h"

#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"

namespace frank::moderation {

UnixMillis DestroyAt(const crypto::ReviewKeyRecord& record) {
  return record.not_after + limits::kKeepReviewKey;
}

void LogOverdue(const ReviewKeyId& id) {
  Log(Severity::kError, "review_key.overdue", {LogField("review_key_id", id)});
}

absl::StatusOr<ReviewKeys> LoadReviewKeys(absl::Span<const std::string> paths,
                                          UnixMillis now) {
  ReviewKeys keys;
  for (const std::string& path : paths) {
    FRANK_ASSIGN_OR_RETURN(wire::ReviewKey key, wire::LoadReviewKey(path));
    ReviewKeyStatus status;
    status.id = key.id;
    status.not_after = key.record.not_after;
    status.destroy_at = DestroyAt(key.record);
    status.destroyed = !key.private_key.has_value();
    keys.known.push_back(status);
    if (status.destroyed) continue;
    if (now >= status.destroy_at) {
      LogOverdue(status.id);
      continue;
    }
    keys.usable.push_back(std::move(key));
  }
  return keys;
}

}  // namespace frank::moderation
