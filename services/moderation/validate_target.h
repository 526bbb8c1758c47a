// Checks of TargetService's requests, as validate.h of ReviewService's.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_TARGET_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_TARGET_H_

#include "absl/status/status.h"
#include "frank/v1/target.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::GetReachedRequest& request);
absl::Status Check(const v1::GetInflowRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_TARGET_H_
