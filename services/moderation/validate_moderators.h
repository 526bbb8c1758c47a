// Checks of ModeratorService's requests, as validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_MODERATORS_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_MODERATORS_H_

#include "absl/status/status.h"
#include "frank/v1/moderators.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::AddModeratorRequest& request);
absl::Status Check(const v1::GetModeratorRequest& request);
absl::Status Check(const v1::ListModeratorsRequest& request);
absl::Status Check(const v1::SetModeratorRolesRequest& request);
absl::Status Check(const v1::LinkAccountRequest& request);
absl::Status Check(const v1::EnableModeratorRequest& request);
absl::Status Check(const v1::ReplaceModeratorTokenRequest& request);
absl::Status Check(const v1::ListModeratorActsRequest& request);
absl::Status Check(const v1::ListExposureRequest& request);
absl::Status Check(const v1::GetSelfRequest& request);
absl::Status Check(const v1::GetExposureRequest& request);
absl::Status Check(const v1::ListColleaguesRequest& request);
absl::Status Check(const v1::SetOptOutsRequest& request);
absl::Status Check(const v1::ReplaceOwnTokenRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_MODERATORS_H_
