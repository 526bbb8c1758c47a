// Checks of DecisionService's requests; as validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_DECISION_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_DECISION_H_

#include "absl/status/status.h"
#include "core/clock.h"
#include "frank/v1/decision.pb.h"

namespace frank::moderation {

// All but the times, which only a first request must keep, and whether there
// are such a policy and such a reason.
absl::Status Check(const v1::DecideCaseRequest& request);
absl::Status Check(const v1::PreviewDecisionRequest& request);
absl::Status Check(const v1::UndoDecisionRequest& request);
absl::Status Check(const v1::ReverseDecisionRequest& request);
absl::Status Check(const v1::ListApprovalsRequest& request);
absl::Status Check(const v1::ApproveDecisionRequest& request);
absl::Status Check(const v1::RefuseDecisionRequest& request);
absl::Status Check(const v1::WithdrawDecisionRequest& request);
absl::Status Check(const v1::DecideAppealRequest& request);
absl::Status Check(const v1::ListPoliciesRequest& request);
absl::Status Check(const v1::ListStrikesRequest& request);

// When suspensions and limits end: for good, or within the next ten years.
absl::Status CheckEnds(
    const google::protobuf::RepeatedPtrField<v1::Action>& actions,
    UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_DECISION_H_
