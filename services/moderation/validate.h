// Checks of ReviewService's requests: every field against its limit, before
// anything else costs. kInvalidArgument names the field and the rule.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_H_

#include "absl/status/status.h"
#include "frank/v1/review.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::ListCasesRequest& request);
absl::Status Check(const v1::ClaimCaseRequest& request);
absl::Status Check(const v1::RenewLeaseRequest& request);
absl::Status Check(const v1::GetCaseRequest& request);
// All but the times, which only a first request must keep.
absl::Status Check(const v1::DecideCaseRequest& request);
absl::Status Check(const v1::ReleaseCaseRequest& request);
absl::Status Check(const v1::ListActsRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_H_
