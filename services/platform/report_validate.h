// What ReportService asks of its requests before anything is looked up. Each
// answers kInvalidArgument with the field and the rule.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_VALIDATE_H_
#define FRANK_SERVICES_PLATFORM_REPORT_VALIDATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "frank/v1/report.pb.h"
#include "storage/report_store.h"

namespace frank::platform {

absl::Status Validate(const v1::GetReportingKeysRequest& request);
// All but the franks, which are checked one by one.
absl::Status Validate(const v1::SubmitReportRequest& request);
absl::Status Validate(const v1::GetReportRequest& request);
absl::Status Validate(const v1::ListReportsRequest& request);
absl::Status Validate(const v1::SetReportNoticesRequest& request);
absl::Status Validate(const v1::SubmitMismatchNoticeRequest& request);

// Page tokens: base64url of the last report of the page before.
std::string ToPageToken(const storage::ReportPlace& place);
// nullopt for the first page.
absl::StatusOr<absl::optional<storage::ReportPlace>> ParsePageToken(
    absl::string_view token);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_VALIDATE_H_
