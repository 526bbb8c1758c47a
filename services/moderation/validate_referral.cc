#include "services/moderation/validate_referral.h"

#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/authorities.h"
#include "services/moderation/validate.h"

namespace frank::moderation {
namespace {

absl::Status CheckDecisionId(const std::string& id) {
  return DecisionId::Parse("decision_id", id).status();
}

absl::Status CheckAuthority(const std::string& name) {
  if (IsAuthorityName(name)) return absl::OkStatus();
  return FieldError("authority",
                    "must be 1 to 32 characters a-z, 0-9, '-', '_'");
}

}  // namespace

absl::Status Check(const v1::ListReferralsRequest& request) {
  if (!v1::ReferralState_IsValid(request.state())) {
    return FieldError("state", "must be one of the schema");
  }
  if (!request.authority().empty()) {
    FRANK_RETURN_IF_ERROR(CheckAuthority(request.authority()));
  }
  return CheckPageSize(request.page_size());
}
absl::Status Check(const v1::AssignReferralRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckDecisionId(request.decision_id()));
  return CheckAuthority(request.authority());
}
absl::Status Check(const v1::RecordHandoverRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckDecisionId(request.decision_id()));
  FRANK_RETURN_IF_ERROR(CheckAuthority(request.authority()));
  FRANK_RETURN_IF_ERROR(CheckText("reference", request.reference(), 1,
                                  limits::kMaxReferenceBytes));
  if (request.handed_over_at() == 0) {
    return FieldError("handed_over_at", "must be set");
  }
  if (request.export_id().empty()) return absl::OkStatus();
  return ExportId::Parse("export_id", request.export_id()).status();
}
absl::Status Check(const v1::WithdrawReferralRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckDecisionId(request.decision_id()));
  return CheckText("reason", request.reason(), 1,
                   limits::kMaxReferralReasonBytes);
}

}  // namespace frank::moderation
