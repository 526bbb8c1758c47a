#include "client/reporter.h"

#include <utility>

#include "core/status.h"

namespace frank::client {
namespace {

constexpr uint32_t kPageSize = 200;

// Refused for good: the report as it was sealed will never be taken.
constexpr uint64_t kNeverAccepted = ~uint64_t{0};

}  // namespace

absl::StatusOr<stored::StoredReport> Reporter::Submit(
    const v1::ReportContent& content) {
  FRANK_ASSIGN_OR_RETURN(stored::DeviceProfile profile,
                         context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(OpenedReviewKey review_key, keys_.FetchReviewKey());
  FRANK_ASSIGN_OR_RETURN(
      SealedReport sealed,
      Seal(content, review_key, profile.account_uri(), context_.random));
  stored::StoredReport report;
  report.set_report_id(ToString(sealed.id.bytes()));
  report.set_review_key_id(ToString(sealed.review_key_id.bytes()));
  report.set_sealed_report(ToString(sealed.sealed));
  for (v1::Frank& frank : sealed.franks) *report.add_frank() = std::move(frank);
  report.set_created_at(context_.clock.Now());
  report.set_accused_uri(content.accused_uri());
  report.set_reason(content.reason());
  FRANK_RETURN_IF_ERROR(context_.store.PutReport(report));
  return Send(std::move(report));
}

absl::StatusOr<std::vector<stored::StoredReport>> Reporter::Resume() {
  std::vector<stored::StoredReport> sent;
  FRANK_ASSIGN_OR_RETURN(std::vector<stored::StoredReport> reports,
                         context_.store.Reports());
  for (stored::StoredReport& report : reports) {
    if (report.accepted_at() != 0) continue;
    FRANK_ASSIGN_OR_RETURN(stored::StoredReport done, Send(std::move(report)));
    sent.push_back(std::move(done));
  }
  return sent;
}

absl::StatusOr<stored::StoredReport> Reporter::Send(
    stored::StoredReport report) {
  v1::SubmitReportRequest request;
  request.set_report_id(report.report_id());
  request.set_review_key_id(report.review_key_id());
  request.set_sealed_report(report.sealed_report());
  *request.mutable_frank() = report.frank();
  absl::StatusOr<v1::SubmitReportResponse> response =
      context_.transport.SubmitReport(request);
  if (!response.ok() && !IsFinal(response.status())) return response.status();
  report.set_accepted_at(response.ok() ? response->accepted_at()
                                       : kNeverAccepted);
  // The platform has it, or never will: the sealed bytes are not needed again.
  report.clear_sealed_report();
  report.clear_frank();
  FRANK_RETURN_IF_ERROR(context_.store.PutReport(report));
  if (!response.ok()) return response.status();
  return report;
}

absl::StatusOr<std::vector<v1::ReportStatus>> Reporter::FetchStatuses() {
  std::vector<v1::ReportStatus> statuses;
  v1::ListReportsRequest request;
  request.set_page_size(kPageSize);
  do {
    FRANK_ASSIGN_OR_RETURN(v1::ListReportsResponse page,
                           context_.transport.ListReports(request));
    statuses.insert(statuses.end(), page.report().begin(), page.report().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return statuses;
}

}  // namespace frank::client
