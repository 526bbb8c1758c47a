// Reporting: from stored messages to a report that the platform has
// acknowledged.
#ifndef FRANK_CLIENT_REPORTER_H_
#define FRANK_CLIENT_REPORTER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "client/device_context.h"
#include "client/key_book.h"
#include "client/receipts.h"
#include "client/report_builder.h"
#include "frank/v1/reason.pb.h"
#include "frank/v1/report.pb.h"

namespace frank::client {

struct OwnReport {
  v1::ReportStatus status;
  // None until the platform has one. An error: what it has is not moderation's
  // word that it holds what was sealed.
  absl::optional<absl::StatusOr<crypto::SignedReceipt>> receipt;
};
struct OwnReports {
  std::vector<OwnReport> reports;
  // No notices about any report.
  bool notices_off = false;
};

class Reporter {
 public:
  Reporter(const DeviceContext& context, KeyBook& keys)
      : context_(context), keys_(keys) {}

  // Seals to the review key in force, stores the sealed bytes, and sends them.
  // kUnavailable: not known whether it arrived; Resume sends the same bytes.
  absl::StatusOr<stored::StoredReport> Submit(const v1::ReportContent& content);

  // Sends what earlier calls left unacknowledged.
  absl::StatusOr<std::vector<stored::StoredReport>> Resume();

  // The newest table of reasons that reports may give.
  absl::StatusOr<v1::ListReasonsResponse> FetchReasons();

  // The platform's word on all own reports, newest first, with moderation's.
  absl::StatusOr<OwnReports> FetchReports();

  // Switches notices about one report, or about all (nullopt), on or off.
  absl::Status SetNotices(const absl::optional<ReportId>& report, bool on);

 private:
  absl::StatusOr<stored::StoredReport> Send(stored::StoredReport report);

  DeviceContext context_;
  KeyBook& keys_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_REPORTER_H_
