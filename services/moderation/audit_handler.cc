#include "services/moderation/audit_handler.h"

#include "core/status.h"
#include "services/moderation/validate_audit.h"

namespace frank::moderation {
namespace {

template <typename Request>
absl::Status Admit(const Moderators& moderators, const services::Call& call,
                   absl::string_view method, const Request& request) {
  FRANK_RETURN_IF_ERROR(Check(request));
  return moderators.Authorize(call, method).status();
}

}  // namespace

void AuditHandler::GetCheckpoint(
    const services::Call& call, const v1::GetCheckpointRequest&,
    services::Done<v1::GetCheckpointResponse> done) {
  absl::Status admitted =
      moderators_.Authorize(call, "AuditService.GetCheckpoint").status();
  if (!admitted.ok()) return done(admitted);
  done(view_.Checkpoint());
}

void AuditHandler::GetInclusionProof(
    const services::Call& call, const v1::GetInclusionProofRequest& request,
    services::Done<v1::GetInclusionProofResponse> done) {
  absl::Status admitted =
      Admit(moderators_, call, "AuditService.GetInclusionProof", request);
  if (!admitted.ok()) return done(admitted);
  done(view_.Inclusion(request));
}

void AuditHandler::GetConsistencyProof(
    const services::Call& call, const v1::GetConsistencyProofRequest& request,
    services::Done<v1::GetConsistencyProofResponse> done) {
  absl::Status admitted =
      Admit(moderators_, call, "AuditService.GetConsistencyProof", request);
  if (!admitted.ok()) return done(admitted);
  done(view_.Consistency(request));
}

absl::StatusOr<AuditExport> AuditHandler::ExportEntries(
    const services::Call& call, const v1::ExportEntriesRequest& request) {
  FRANK_RETURN_IF_ERROR(
      Admit(moderators_, call, "AuditService.ExportEntries", request));
  return view_.Export(request);
}

}  // namespace frank::moderation
