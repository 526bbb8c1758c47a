// Checks of AuditService's requests, as validate.h of ReviewService's.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_AUDIT_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_AUDIT_H_

#include "absl/status/status.h"
#include "frank/v1/audit.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::GetInclusionProofRequest& request);
// All but what only the newest checkpoint tells, like the last.
absl::Status Check(const v1::GetConsistencyProofRequest& request);
absl::Status Check(const v1::ExportEntriesRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_AUDIT_H_
