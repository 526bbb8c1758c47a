// Reports, for reporters.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_REPORT_HANDLER_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "crypto/key_ring.h"
#include "frank/v1/report.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/outbox_queue.h"
#include "services/platform/reporting_keys.h"
#include "storage/engine.h"
#include "storage/room_store.h"

namespace frank::platform {

// The methods of ReportService but mismatch notices. The platform takes a
// sealed report and franks in the clear; it checks that the franks are its own
// and that the reporter was in their rooms, and learns nothing else.
// Thread-safe.
class ReportHandler {
 public:
  // All of it outlives the handler.
  struct Options {
    storage::Engine* engine = nullptr;
    const Clock* clock = nullptr;
    Authenticator* authenticator = nullptr;
    OutboxQueue* queue = nullptr;
    const crypto::KeyRings* rings = nullptr;
    const ReportingKeys* keys = nullptr;
    // The platform's own: of the rooms under it, members are known.
    std::string authority;
  };

  explicit ReportHandler(Options options) : options_(std::move(options)) {}

  void GetReportingKeys(const services::Call& call,
                        const v1::GetReportingKeysRequest& request,
                        services::Done<v1::GetReportingKeysResponse> done);
  void SubmitReport(const services::Call& call,
                    const v1::SubmitReportRequest& request,
                    services::Done<v1::SubmitReportResponse> done);
  void GetReport(const services::Call& call,
                 const v1::GetReportRequest& request,
                 services::Done<v1::GetReportResponse> done);
  void ListReports(const services::Call& call,
                   const v1::ListReportsRequest& request,
                   services::Done<v1::ListReportsResponse> done);
  void SetReportNotices(const services::Call& call,
                        const v1::SetReportNoticesRequest& request,
                        services::Done<v1::SetReportNoticesResponse> done);

 private:
  absl::StatusOr<Subject> ReporterOf(const services::Call& call,
                                     const std::string& reporter_uri);
  absl::StatusOr<OutboxEntry> Check(const services::Call& call,
                                    const v1::SubmitReportRequest& request);
  // Both return what is known of the reporter in the room at that time, values
  // of v1::Membership: nothing where it is a room of another messenger.
  absl::StatusOr<std::vector<uint32_t>> CheckFranks(
      const std::string& reporter, const v1::SubmitReportRequest& request);
  absl::StatusOr<uint32_t> CheckFrank(const v1::Frank& frank,
                                      storage::StaysOfAccount& stays);
  absl::StatusOr<v1::GetReportResponse> Find(
      const services::Call& call, const v1::GetReportRequest& request);
  absl::StatusOr<v1::ListReportsResponse> List(
      const services::Call& call, const v1::ListReportsRequest& request);
  // Tells a reporter whose report is stored what to expect.
  absl::StatusOr<v1::SubmitReportResponse> Acknowledge(
      UnixMillis accepted_at) const;

  const Options options_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_HANDLER_H_
