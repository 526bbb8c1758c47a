// EvidenceService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_EXPORT_HANDLER_H_
#define FRANK_SERVICES_MODERATION_EXPORT_HANDLER_H_

#include "absl/status/statusor.h"
#include "frank/v1/evidence.pb.h"
#include "services/common/call.h"
#include "services/moderation/export_desk.h"
#include "services/moderation/moderators.h"

namespace frank::moderation {

// Check requests by the limits of evidence.proto. kInvalidArgument names the
// field and the rule.
absl::Status Check(const v1::RequestExportRequest& request);
absl::Status Check(const v1::ReleaseExportRequest& request);
absl::Status Check(const v1::CancelExportRequest& request);
absl::Status Check(const v1::ListExportsRequest& request);
absl::Status Check(const v1::FetchExportRequest& request);

// Thread-safe. Requests live until the answer is given.
class ExportHandler {
 public:
  // Both outlive the handler.
  ExportHandler(const Moderators& moderators, ExportDesk& desk)
      : moderators_(moderators), desk_(desk) {}

  void RequestExport(const services::Call& call,
                     const v1::RequestExportRequest& request,
                     services::Done<v1::RequestExportResponse> done);
  void ReleaseExport(const services::Call& call,
                     const v1::ReleaseExportRequest& request,
                     services::Done<v1::ReleaseExportResponse> done);
  void CancelExport(const services::Call& call,
                    const v1::CancelExportRequest& request,
                    services::Done<v1::CancelExportResponse> done);
  void ListExports(const services::Call& call,
                   const v1::ListExportsRequest& request,
                   services::Done<v1::ListExportsResponse> done);
  // Answers with the whole package, to be sent in pieces.
  void FetchExport(const services::Call& call,
                   const v1::FetchExportRequest& request,
                   ExportDesk::FetchDone done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Moderators& moderators_;
  ExportDesk& desk_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPORT_HANDLER_H_
