#include "client/reporter.h"

#include <map>
#include <utility>

#include "core/status.h"
#include "crypto/hash.h"

namespace frank::client {
namespace {

constexpr uint32_t kPageSize = 200;

// Refused for good: the report as it was sealed will never be taken.
constexpr uint64_t kNeverAccepted = ~uint64_t{0};

// SHA-256 of what this device sealed, by report id.
using HashesById = std::map<std::string, std::string>;

absl::StatusOr<HashesById> SealedHere(const DeviceStore& store) {
  HashesById sealed;
  FRANK_ASSIGN_OR_RETURN(std::vector<stored::StoredReport> reports,
                         store.Reports());
  for (const stored::StoredReport& report : reports) {
    sealed[report.report_id()] = report.sealed_sha256();
  }
  return sealed;
}

absl::StatusOr<crypto::SignedReceipt> OpenReceiptOf(
    const v1::ReportStatus& status, const std::string& reporter,
    const HashesById& sealed, const crypto::Ed25519PublicKey& moderation) {
  ReportedAs report;
  FRANK_ASSIGN_OR_RETURN(report.report_id,
                         ReportId::Parse("report_id", status.report_id()));
  report.reporter_uri = reporter;
  auto found = sealed.find(status.report_id());
  if (found != sealed.end()) report.sealed_sha256 = FieldBytes(found->second);
  return OpenReceipt(status.receipt(), report, moderation);
}

}  // namespace

absl::StatusOr<stored::StoredReport> Reporter::Submit(
    const v1::ReportContent& content) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(OpenedReviewKey review_key, keys_.FetchReviewKey());
  FRANK_ASSIGN_OR_RETURN(
      SealedReport sealed,
      Seal(content, review_key, profile->account_uri(), context_.random));
  stored::StoredReport report;
  report.set_report_id(ToString(sealed.id.bytes()));
  report.set_review_key_id(ToString(sealed.review_key_id.bytes()));
  report.set_sealed_report(ToString(sealed.sealed));
  report.set_sealed_sha256(ToString(crypto::Sha256({sealed.sealed})));
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
  if (response.ok()) {
    report.set_expected_by(response->expected_by());
    *report.mutable_possible_outcome() = response->possible_outcome();
  }
  // The platform has it, or never will: the sealed bytes are not needed again.
  report.clear_sealed_report();
  report.clear_frank();
  FRANK_RETURN_IF_ERROR(context_.store.PutReport(report));
  if (!response.ok()) return response.status();
  return report;
}

absl::StatusOr<v1::ListReasonsResponse> Reporter::FetchReasons() {
  return context_.transport.ListReasons(v1::ListReasonsRequest());
}

absl::StatusOr<OwnReports> Reporter::FetchReports() {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation,
                         keys_.ModerationKey());
  FRANK_ASSIGN_OR_RETURN(HashesById sealed, SealedHere(context_.store));
  OwnReports own;
  v1::ListReportsRequest request;
  request.set_page_size(kPageSize);
  size_t pages = 0;
  do {
    FRANK_RETURN_IF_ERROR(FollowPage(&pages));
    FRANK_ASSIGN_OR_RETURN(v1::ListReportsResponse page,
                           context_.transport.ListReports(request));
    own.notices_off = page.notices_off();
    for (v1::ReportStatus& status : *page.mutable_report()) {
      OwnReport report;
      if (status.has_receipt()) {
        report.receipt =
            OpenReceiptOf(status, profile->account_uri(), sealed, moderation);
      }
      report.status = std::move(status);
      own.reports.push_back(std::move(report));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return own;
}

absl::Status Reporter::SetNotices(const absl::optional<ReportId>& report,
                                  bool on) {
  v1::SetReportNoticesRequest request;
  if (report) request.set_report_id(ToString(report->bytes()));
  request.set_off(!on);
  return context_.transport.SetReportNotices(request).status();
}

}  // namespace frank::client
