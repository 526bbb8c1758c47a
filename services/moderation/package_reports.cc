#include "services/moderation/package_reports.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/evidence.h"
#include "crypto/frank.h"
#include "frank/v1/review.pb.h"
#include "proto/canonical_json.h"
#include "services/moderation/sealed_original.h"
#include "storage/case_store.h"
#include "storage/intake_store.h"

namespace frank::moderation {
namespace {

using storage::v1::IntakeReportRecord;
using storage::v1::MessageVerdictRecord;

std::string Short(const std::string& name, absl::string_view prefix) {
  return ToString(AsBytes(absl::StripPrefix(name, prefix)));
}

crypto::VerdictStatement StatementOf(const storage::ReportRef& report,
                                     const IntakeReportRecord& record,
                                     int message, UnixMillis now) {
  const MessageVerdictRecord& verdict = record.message(message);
  crypto::VerdictStatement statement;
  statement.report_id = report.id;
  statement.sealed_sha256 =
      ToArray<sizeof(crypto::Sha256Digest)>(AsBytes(record.sealed_sha256()));
  statement.message = static_cast<uint32_t>(message);
  statement.verdict = static_cast<crypto::Verdict>(verdict.verdict());
  statement.franking_tag = ToBytes(verdict.franking_tag());
  if (!verdict.franking_tag().empty()) {
    statement.context =
        crypto::EncodeContext({verdict.sender_uri(), verdict.room_uri(),
                               verdict.accepted_timestamp()});
  }
  statement.form = static_cast<uint8_t>(verdict.form());
  statement.window_not_before = verdict.window_not_before();
  statement.window_not_after = verdict.window_not_after();
  statement.stated_at = now;
  return statement;
}

evidence::v1::Verdict ToEvidence(const MessageVerdictRecord& record) {
  evidence::v1::Verdict verdict;
  verdict.set_verdict(
      Short(v1::Verdict_Name(static_cast<v1::Verdict>(record.verdict())),
            "VERDICT_"));
  verdict.set_detail(record.detail());
  verdict.set_franking_tag(ToHex(AsBytes(record.franking_tag())));
  verdict.set_sender(record.sender_uri());
  verdict.set_room(record.room_uri());
  verdict.set_accepted_at(record.accepted_timestamp());
  verdict.set_form(record.form());
  verdict.set_window_not_before(record.window_not_before());
  verdict.set_window_not_after(record.window_not_after());
  return verdict;
}

evidence::v1::Report ToEvidence(const storage::ReportRef& report,
                                const IntakeReportRecord& record) {
  evidence::v1::Report shown;
  shown.set_report_id(report.id.Hex());
  shown.set_reporter(report.reporter_uri);
  shown.set_platform(record.platform());
  shown.set_reported_at(record.reported_at());
  shown.set_accepted_at(record.accepted_at());
  shown.set_received_at(record.received_at());
  shown.set_reason(record.reason());
  shown.set_taxonomy_version(record.taxonomy_version());
  shown.set_condition(
      Short(v1::ReportCondition_Name(
                static_cast<v1::ReportCondition>(record.condition())),
            "REPORT_CONDITION_"));
  shown.set_sealed_sha256(ToHex(AsBytes(record.sealed_sha256())));
  shown.set_clear_mismatch(record.clear_mismatch());
  return shown;
}

}  // namespace

absl::Status PackageReports::AddContent(const storage::ReportRef& report,
                                        const IntakeReportRecord& record,
                                        Shown* shown) const {
  if (record.condition() != kReportOpened) {
    shown->report.set_content_missing("no review key opens the report");
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(DataKey key, d_.vault.ReportKey(d_.engine, report));
  FRANK_ASSIGN_OR_RETURN(
      auto pieces,
      storage::GetSealedPieces(d_.engine, report, record.sealed_piece_count()));
  FRANK_ASSIGN_OR_RETURN(Bytes sealed, OpenOriginal(key, report, pieces));
  absl::StatusOr<crypto::Secret> content =
      d_.judge.OpenSealed(report, record, sealed);
  if (absl::IsFailedPrecondition(content.status())) {
    shown->report.set_content_missing(
        "the review key that opened the report has been destroyed");
    return absl::OkStatus();
  }
  if (!content.ok()) return absl::DataLossError("a report does not open");
  shown->content = *std::move(content);
  return absl::OkStatus();
}

absl::Status PackageReports::AddVerdicts(const storage::ReportRef& report,
                                         const IntakeReportRecord& record,
                                         evidence::v1::Report* shown) const {
  for (int i = 0; i < record.message_size(); ++i) {
    evidence::v1::Verdict& verdict = *shown->add_verdict();
    verdict = ToEvidence(record.message(i));
    verdict.set_stated_at(now_);
    FRANK_ASSIGN_OR_RETURN(
        crypto::Signature signature,
        crypto::SignVerdict(StatementOf(report, record, i, now_),
                            d_.key.private_key));
    verdict.set_signature(ToHex(signature));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<PackageReports::Shown>> PackageReports::Show(
    const CaseId& id, const storage::ReportRef& report) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindIntakeReport(d_.engine, report));
  if (!record) return absl::DataLossError("a report of a case is missing");
  // It moved, and a case that has been decided keeps its row: who may see this
  // case need not be who may see that one.
  if (record->case_id() != ToString(id.bytes())) {
    return absl::optional<Shown>();
  }
  Shown shown;
  shown.report = ToEvidence(report, *record);
  FRANK_RETURN_IF_ERROR(AddContent(report, *record, &shown));
  FRANK_RETURN_IF_ERROR(AddVerdicts(report, *record, &shown.report));
  return absl::optional<Shown>(std::move(shown));
}

absl::StatusOr<std::vector<storage::ReportRef>> PackageReports::Add(
    const CaseId& id, wire::EvidenceArchive* archive) const {
  FRANK_ASSIGN_OR_RETURN(auto reports, storage::ListCaseReports(d_.engine, id));
  std::stable_partition(
      reports.begin(), reports.end(),
      [](const storage::CaseReport& report) { return report.proves; });
  std::vector<storage::ReportRef> added;
  for (const storage::CaseReport& report : reports) {
    if (added.size() == limits::kMaxReportsOfPackage) break;
    FRANK_ASSIGN_OR_RETURN(auto found, Show(id, report.report));
    if (!found) continue;
    Shown shown = *std::move(found);
    std::string stem = absl::StrFormat("reports/%04d", added.size() + 1);
    if (!shown.content.empty()) shown.report.set_content(stem + ".content");
    std::string json = wire::ToCanonicalJson(shown.report);
    if (archive->size() + json.size() + shown.content.size() >
        limits::kMaxReportBytesOfPackage) {
      break;
    }
    archive->Add(stem + ".json", json);
    if (!shown.content.empty()) {
      archive->Add(stem + ".content", AsText(shown.content.bytes()));
    }
    added.push_back(report.report);
  }
  return added;
}

}  // namespace frank::moderation
