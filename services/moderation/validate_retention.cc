#include "services/moderation/validate_retention.h"

#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/validate.h"
#include "storage/retention_schema.h"

namespace frank::moderation {
namespace {

// What placing a hold and lifting it have in common.
template <typename Request>
absl::Status CheckHold(const Request& request) {
  FRANK_RETURN_IF_ERROR(CaseId::Parse("case_id", request.case_id()).status());
  FRANK_RETURN_IF_ERROR(
      storage::LegalHoldId::Parse("hold_id", request.hold_id()).status());
  return CheckText("reason", request.reason(), 1,
                   limits::kMaxLegalHoldReasonBytes);
}

}  // namespace

absl::Status Check(const v1::ListDueRequest& request) {
  if (request.due_until() > limits::kMaxRetentionTime) {
    return FieldError("due_until", "must be before the year 10000");
  }
  return CheckPageSize(request.page_size());
}
absl::Status Check(const v1::PlaceLegalHoldRequest& request) {
  return CheckHold(request);
}
absl::Status Check(const v1::LiftLegalHoldRequest& request) {
  return CheckHold(request);
}
absl::Status Check(const v1::ListLegalHoldsRequest& request) {
  return CheckPageSize(request.page_size());
}

}  // namespace frank::moderation
