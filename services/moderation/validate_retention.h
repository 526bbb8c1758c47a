// Checks of RetentionService's requests, as validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_RETENTION_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_RETENTION_H_

#include "absl/status/status.h"
#include "frank/v1/retention.pb.h"

namespace frank::moderation {

// All but whether a page token is one that was returned.
absl::Status Check(const v1::ListDueRequest& request);
absl::Status Check(const v1::PlaceLegalHoldRequest& request);
absl::Status Check(const v1::LiftLegalHoldRequest& request);
absl::Status Check(const v1::ListLegalHoldsRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_RETENTION_H_
