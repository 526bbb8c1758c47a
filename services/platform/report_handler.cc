#include "services/platform/report_handler.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/frank.h"
#include "crypto/hash.h"
#include "frank/v1/intake.pb.h"
#include "proto/wire.h"
#include "services/common/receipt_record.h"
#include "services/platform/report_validate.h"
#include "services/platform/subject.h"
#include "services/platform/transact.h"
#include "storage/forwarding_store.h"
#include "storage/room_store.h"

namespace frank::platform {
namespace {

absl::Status NotFound() {
  return WithReason(absl::NotFoundError("there is no such report of yours"),
                    "NOT_FOUND");
}

// One answer for everything that is not this platform's: unknown authority,
// unknown or deleted window, a MAC that does not hold.
absl::Status NotAuthentic() {
  return WithReason(FieldError("server_frank", "must be this platform's"),
                    "NOT_AUTHENTIC");
}

// An indication: the figure is the same for every report, so that it says
// nothing of what the report is about.
UnixMillis ExpectedBy(UnixMillis accepted_at,
                      const storage::ForwardingState& forwarding) {
  return forwarding.indicative_time == 0
             ? 0
             : accepted_at + forwarding.indicative_time;
}

v1::ReportState StateOf(const storage::ReportStatus& status,
                        const storage::ForwardingState& forwarding) {
  if (status.outcome != 0) return v1::REPORT_STATE_DECIDED;
  return status.number <= forwarding.acknowledged ? v1::REPORT_STATE_FORWARDED
                                                  : v1::REPORT_STATE_ACCEPTED;
}

v1::ReportStatus ToProto(const ReportId& id, const std::string& reporter,
                         const storage::ReportStatus& status,
                         const storage::ForwardingState& forwarding) {
  v1::ReportStatus out;
  out.set_report_id(ToString(id.bytes()));
  out.set_accepted_at(status.accepted_at);
  out.set_state(StateOf(status, forwarding));
  out.set_outcome(static_cast<v1::ReportOutcome>(status.outcome));
  out.set_decided_at(status.decided_at);
  out.set_expected_by(ExpectedBy(status.accepted_at, forwarding));
  out.set_notices_off(status.notices_off);
  if (status.receipt) {
    *out.mutable_receipt() = services::ToProto(id, reporter, *status.receipt);
  }
  return out;
}

absl::Status SetAllNotices(storage::Transaction& transaction,
                           const std::string& reporter, bool off) {
  FRANK_ASSIGN_OR_RETURN(auto choices,
                         storage::GetReporterChoices(transaction, reporter));
  choices.set_notices_off(off);
  storage::PutReporterChoices(transaction, reporter, choices);
  return absl::OkStatus();
}

absl::Status SetNotices(storage::Transaction& transaction,
                        const std::string& reporter,
                        const std::string& report_id, bool off) {
  FRANK_ASSIGN_OR_RETURN(ReportId id, ReportId::Parse("report_id", report_id));
  FRANK_ASSIGN_OR_RETURN(absl::optional<storage::ReportStatus> status,
                         storage::FindReport(transaction, reporter, id));
  if (!status) return NotFound();
  status->notices_off = off;
  storage::PutReport(transaction, reporter, id, *status);
  return absl::OkStatus();
}

template <typename Response>
void AddPossibleOutcomes(Response* response) {
  for (int outcome = v1::REPORT_OUTCOME_UNSPECIFIED + 1;
       outcome <= v1::ReportOutcome_MAX; ++outcome) {
    if (!v1::ReportOutcome_IsValid(outcome)) continue;
    response->add_possible_outcome(static_cast<v1::ReportOutcome>(outcome));
  }
}

}  // namespace

void ReportHandler::GetReportingKeys(
    const services::Call& call, const v1::GetReportingKeysRequest& request,
    services::Done<v1::GetReportingKeysResponse> done) {
  absl::Status valid = Validate(request);
  if (!valid.ok()) return std::move(done)(valid);
  std::vector<std::string> authorities(request.authority().begin(),
                                       request.authority().end());
  if (authorities.empty()) authorities.push_back(options_.authority);
  std::move(done)(options_.keys->For(authorities, options_.clock->Now()));
}

void ReportHandler::SubmitReport(
    const services::Call& call, const v1::SubmitReportRequest& request,
    services::Done<v1::SubmitReportResponse> done) {
  absl::StatusOr<OutboxEntry> entry = Check(call, request);
  if (!entry.ok()) return std::move(done)(entry.status());
  options_.queue->Submit(*std::move(entry),
                         [this, done = std::move(done)](
                             absl::StatusOr<UnixMillis> stored) mutable {
                           if (!stored.ok())
                             return std::move(done)(stored.status());
                           std::move(done)(Acknowledge(*stored));
                         });
}

absl::StatusOr<v1::SubmitReportResponse> ReportHandler::Acknowledge(
    UnixMillis accepted_at) const {
  FRANK_ASSIGN_OR_RETURN(storage::ForwardingState forwarding,
                         storage::GetForwarding(*options_.engine));
  v1::SubmitReportResponse response;
  response.set_accepted_at(accepted_at);
  response.set_expected_by(ExpectedBy(accepted_at, forwarding));
  AddPossibleOutcomes(&response);
  return response;
}

void ReportHandler::GetReport(const services::Call& call,
                              const v1::GetReportRequest& request,
                              services::Done<v1::GetReportResponse> done) {
  std::move(done)(Find(call, request));
}

void ReportHandler::ListReports(const services::Call& call,
                                const v1::ListReportsRequest& request,
                                services::Done<v1::ListReportsResponse> done) {
  std::move(done)(List(call, request));
}

absl::StatusOr<Subject> ReportHandler::ReporterOf(
    const services::Call& call, const std::string& reporter_uri) {
  return SubjectOf(*options_.authenticator, call, "reporter_uri", reporter_uri);
}

absl::StatusOr<OutboxEntry> ReportHandler::Check(
    const services::Call& call, const v1::SubmitReportRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_ASSIGN_OR_RETURN(Subject reporter,
                         ReporterOf(call, request.reporter_uri()));
  storage::OutgoingReport report;
  FRANK_ASSIGN_OR_RETURN(report.members, CheckFranks(reporter.uri, request));
  report.reporter_uri = std::move(reporter.uri);
  FRANK_ASSIGN_OR_RETURN(report.id,
                         ReportId::Parse("report_id", request.report_id()));
  report.review_key_id = request.review_key_id();
  report.sealed = request.sealed_report();
  for (const v1::Frank& frank : request.frank()) {
    report.franks.push_back(frank.SerializeAsString());
  }
  std::string fingerprint =
      ToString(crypto::Sha256({AsBytes(request.sealed_report())}));
  return MakeEntry(std::move(report), std::move(fingerprint),
                   std::move(reporter.credential));
}

absl::StatusOr<std::vector<uint32_t>> ReportHandler::CheckFranks(
    const std::string& reporter, const v1::SubmitReportRequest& request) {
  storage::StaysOfAccount stays(*options_.engine, reporter);
  std::vector<uint32_t> members;
  for (int i = 0; i < request.frank_size(); ++i) {
    absl::StatusOr<uint32_t> member = CheckFrank(request.frank(i), stays);
    if (member.ok()) {
      members.push_back(*member);
      continue;
    }
    absl::Status placed =
        InField(absl::StrCat("frank[", i, "]"), member.status());
    absl::optional<std::string> reason = FindReason(member.status());
    return reason ? WithReason(std::move(placed), *reason) : placed;
  }
  return members;
}

absl::StatusOr<uint32_t> ReportHandler::CheckFrank(
    const v1::Frank& frank, storage::StaysOfAccount& stays) {
  FRANK_ASSIGN_OR_RETURN(crypto::Frank parsed, wire::FromProto(frank));
  const crypto::KeyRing* ring = options_.rings->FindForRoom(parsed.room_uri);
  if (ring == nullptr) return NotAuthentic();
  const crypto::KeyRing::Window* window =
      ring->FindWindow(parsed.accepted_timestamp);
  if (window == nullptr || !window->hub_key) return NotAuthentic();
  if (!crypto::VerifyServerFrank(parsed, *window->hub_key).ok()) {
    return NotAuthentic();
  }
  if (ring->authority() != options_.authority) {
    return v1::MEMBERSHIP_UNSPECIFIED;
  }
  FRANK_ASSIGN_OR_RETURN(
      bool was_member,
      stays.Include(frank.room_uri(), parsed.accepted_timestamp));
  if (was_member) return v1::MEMBERSHIP_MEMBER;
  return WithReason(absl::PermissionDeniedError(
                        "the reporter was not in the room at that time"),
                    "NOT_A_MEMBER");
}

absl::StatusOr<v1::GetReportResponse> ReportHandler::Find(
    const services::Call& call, const v1::GetReportRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_ASSIGN_OR_RETURN(Subject reporter,
                         ReporterOf(call, request.reporter_uri()));
  FRANK_ASSIGN_OR_RETURN(ReportId id,
                         ReportId::Parse("report_id", request.report_id()));
  FRANK_ASSIGN_OR_RETURN(
      absl::optional<storage::ReportStatus> status,
      storage::FindReport(*options_.engine, reporter.uri, id));
  if (!status) return NotFound();
  FRANK_ASSIGN_OR_RETURN(storage::ForwardingState forwarding,
                         storage::GetForwarding(*options_.engine));
  v1::GetReportResponse response;
  *response.mutable_report() = ToProto(id, reporter.uri, *status, forwarding);
  return response;
}

absl::StatusOr<v1::ListReportsResponse> ReportHandler::List(
    const services::Call& call, const v1::ListReportsRequest& request) {
  FRANK_RETURN_IF_ERROR(Validate(request));
  FRANK_ASSIGN_OR_RETURN(Subject reporter,
                         ReporterOf(call, request.reporter_uri()));
  FRANK_ASSIGN_OR_RETURN(absl::optional<storage::ReportPlace> before,
                         ParsePageToken(request.page_token()));
  size_t size =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(
      std::vector<storage::ListedReport> reports,
      storage::ListReports(*options_.engine, reporter.uri, before, size + 1));
  FRANK_ASSIGN_OR_RETURN(storage::ForwardingState forwarding,
                         storage::GetForwarding(*options_.engine));
  v1::ListReportsResponse response;
  if (reports.size() > size) {
    reports.resize(size);
    response.set_next_page_token(ToPageToken(reports.back().place));
  }
  for (const storage::ListedReport& report : reports) {
    *response.add_report() =
        ToProto(report.place.id, reporter.uri, report.status, forwarding);
  }
  FRANK_ASSIGN_OR_RETURN(auto choices, storage::GetReporterChoices(
                                           *options_.engine, reporter.uri));
  response.set_notices_off(choices.notices_off());
  AddPossibleOutcomes(&response);
  return response;
}

void ReportHandler::SetReportNotices(
    const services::Call& call, const v1::SetReportNoticesRequest& request,
    services::Done<v1::SetReportNoticesResponse> done) {
  FRANK_ANSWER_IF_ERROR(done, Validate(request));
  absl::StatusOr<Subject> reporter = ReporterOf(call, request.reporter_uri());
  FRANK_ANSWER_IF_ERROR(done, reporter.status());
  Transact<v1::SetReportNoticesResponse>(
      *options_.engine,
      [reporter = std::move(reporter->uri), id = request.report_id(),
       off = request.off()](storage::Transaction& transaction,
                            v1::SetReportNoticesResponse&) {
        return id.empty() ? SetAllNotices(transaction, reporter, off)
                          : SetNotices(transaction, reporter, id, off);
      },
      std::move(done));
}

}  // namespace frank::platform
