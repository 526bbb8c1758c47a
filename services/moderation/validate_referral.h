// Checks of ReferralService's requests, as validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_REFERRAL_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_REFERRAL_H_

#include "absl/status/status.h"
#include "frank/v1/referral.pb.h"

namespace frank::moderation {

// All but whether a page token is one that was returned, and whether an
// authority is one of the configuration.
absl::Status Check(const v1::ListReferralsRequest& request);
absl::Status Check(const v1::AssignReferralRequest& request);
absl::Status Check(const v1::RecordHandoverRequest& request);
absl::Status Check(const v1::WithdrawReferralRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_REFERRAL_H_
