// Between records and the wire of ReviewService.
#ifndef FRANK_SERVICES_MODERATION_REVIEW_PROTO_H_
#define FRANK_SERVICES_MODERATION_REVIEW_PROTO_H_

#include <string>

#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/v1/enforcement.pb.h"
#include "frank/v1/review.pb.h"

namespace frank::moderation {

v1::Lease ToProto(const storage::v1::LeaseRecord& lease);
v1::CaseTag ToProto(const storage::v1::CaseTagRecord& tag);
v1::CaseSummary ToProto(const CaseId& id,
                        const storage::v1::CaseRecord& record);
v1::MessageVerdict ToProto(const storage::v1::MessageVerdictRecord& record);
v1::EnforcementState ToProto(const storage::v1::AccountStateRecord& record);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REVIEW_PROTO_H_
