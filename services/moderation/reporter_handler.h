// ReporterService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_REPORTER_HANDLER_H_
#define FRANK_SERVICES_MODERATION_REPORTER_HANDLER_H_

#include "absl/status/status.h"
#include "frank/v1/reporters.pb.h"
#include "services/common/call.h"
#include "services/moderation/moderators.h"
#include "services/moderation/reporter_desk.h"

namespace frank::moderation {

// Check requests by the limits of reporters.proto. kInvalidArgument names the
// field and the rule.
absl::Status Check(const v1::GetReporterRequest& request);
// All but whether the time is a good one, which is the desk's to say.
absl::Status Check(const v1::MuteReporterRequest& request);
absl::Status Check(const v1::UnmuteReporterRequest& request);
absl::Status Check(const v1::ReleaseReportsRequest& request);
absl::Status Check(const v1::ListMutesRequest& request);

// Thread-safe. Requests live until the answer is given.
class ReporterHandler {
 public:
  // Both outlive the handler.
  ReporterHandler(const Moderators& moderators, ReporterDesk& desk)
      : moderators_(moderators), desk_(desk) {}

  void GetReporter(const services::Call& call,
                   const v1::GetReporterRequest& request,
                   services::Done<v1::GetReporterResponse> done);
  void MuteReporter(const services::Call& call,
                    const v1::MuteReporterRequest& request,
                    services::Done<v1::MuteReporterResponse> done);
  void UnmuteReporter(const services::Call& call,
                      const v1::UnmuteReporterRequest& request,
                      services::Done<v1::UnmuteReporterResponse> done);
  void ReleaseReports(const services::Call& call,
                      const v1::ReleaseReportsRequest& request,
                      services::Done<v1::ReleaseReportsResponse> done);
  void ListMutes(const services::Call& call,
                 const v1::ListMutesRequest& request,
                 services::Done<v1::ListMutesResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Moderators& moderators_;
  ReporterDesk& desk_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORTER_HANDLER_H_
