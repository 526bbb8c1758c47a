// AuditService without gRPC: checks a request, authorizes the caller, asks the
// log.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_HANDLER_H_
#define FRANK_SERVICES_MODERATION_AUDIT_HANDLER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "frank/v1/audit.pb.h"
#include "services/common/call.h"
#include "services/moderation/audit_view.h"
#include "services/moderation/moderators.h"

namespace frank::moderation {

// Thread-safe.
class AuditHandler {
 public:
  // Both outlive the handler.
  AuditHandler(const Moderators& moderators, const AuditView& view)
      : moderators_(moderators), view_(view) {}

  void GetCheckpoint(const services::Call& call,
                     const v1::GetCheckpointRequest& request,
                     services::Done<v1::GetCheckpointResponse> done);
  void GetInclusionProof(const services::Call& call,
                         const v1::GetInclusionProofRequest& request,
                         services::Done<v1::GetInclusionProofResponse> done);
  void GetConsistencyProof(
      const services::Call& call, const v1::GetConsistencyProofRequest& request,
      services::Done<v1::GetConsistencyProofResponse> done);
  absl::StatusOr<AuditExport> ExportEntries(
      const services::Call& call, const v1::ExportEntriesRequest& request);

 private:
  const Moderators& moderators_;
  const AuditView& view_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_HANDLER_H_
