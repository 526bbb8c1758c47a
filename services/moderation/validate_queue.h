// Checks of QueueService's requests; see validate.h.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_QUEUE_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_QUEUE_H_

#include "absl/status/status.h"
#include "frank/v1/queue.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::ListQueuesRequest& request);
// All but the times, which are compared with the clock in the transaction.
absl::Status Check(const v1::HoldCaseRequest& request);
absl::Status Check(const v1::WakeCaseRequest& request);
absl::Status Check(const v1::HandOverCaseRequest& request);
absl::Status Check(const v1::TakeOverCaseRequest& request);
absl::Status Check(const v1::EscalateCaseRequest& request);
absl::Status Check(const v1::AddNoteRequest& request);
absl::Status Check(const v1::TagCaseRequest& request);
absl::Status Check(const v1::UntagCaseRequest& request);
absl::Status Check(const v1::LinkCasesRequest& request);
absl::Status Check(const v1::UnlinkCasesRequest& request);
absl::Status Check(const v1::MarkDuplicateRequest& request);
absl::Status Check(const v1::SearchNotesRequest& request);
absl::Status Check(const v1::AttendCaseRequest& request);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_QUEUE_H_
