// What is due, as those see it who answer for it.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_VIEW_H_
#define FRANK_SERVICES_MODERATION_RETENTION_VIEW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/v1/retention.pb.h"
#include "services/moderation/moderator.h"
#include "services/moderation/retention_rules.h"
#include "services/moderation/review_keys.h"
#include "storage/engine.h"
#include "storage/retention_store.h"

namespace frank::moderation {

// Reads without a transaction. Thread-safe. Requests have been checked.
class RetentionView {
 public:
  // All outlive the view.
  struct Dependencies {
    storage::Engine& engine;
    const RetentionRules& rules;
    const std::vector<ReviewKeyStatus>& review_keys;
    const Clock& clock;
  };
  explicit RetentionView(const Dependencies& dependencies) : d_(dependencies) {}

  // Nothing about accounts that the reader is linked to. kInvalidArgument
  // "page_token".
  absl::StatusOr<v1::ListDueResponse> Due(
      const Moderator& reader, const v1::ListDueRequest& request) const;
  absl::StatusOr<v1::ListLegalHoldsResponse> Holds(
      const Moderator& reader, const v1::ListLegalHoldsRequest& request) const;

 private:
  // A closed case by when it is due, the order of the list.
  struct Row {
    UnixMillis due_at = 0;
    storage::ClosedCase closed;
    storage::RetentionClass retention_class{};
  };

  // The first `limit` rows behind a page token, due until a time.
  absl::StatusOr<std::vector<Row>> ScanDue(const std::string& page_token,
                                           UnixMillis until,
                                           size_t limit) const;
  absl::Status AddRow(const Moderator& reader, const Row& row,
                      v1::ListDueResponse* response) const;
  void AddReviewKeys(v1::ListDueResponse* response) const;
  // The time before which entries of the log are older than they need be; 0
  // when none is.
  absl::StatusOr<UnixMillis> AuditDueBefore() const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_VIEW_H_
