#include "client/command/evidence_check.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/evidence.h"
#include "proto/evidence_archive.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

using evidence::v1::Report;

// What is wrong with a package, whatever it is, makes it no evidence.
absl::Status Refused(const absl::Status& status) {
  if (status.ok() || absl::IsFailedPrecondition(status)) return status;
  return NotAuthentic(absl::StrCat("the package is not what moderation made: ",
                                   status.message()));
}

absl::StatusOr<absl::optional<v1::ReportContent>> ReadContent(
    const wire::OpenArchive& archive, const Report& report) {
  if (report.content().empty()) return absl::optional<v1::ReportContent>();
  auto member = archive.members.find(report.content());
  if (member == archive.members.end()) {
    return NotAuthentic("the content of a report is missing");
  }
  absl::StatusOr<v1::ReportContent> content =
      wire::ParseReportContent(member->second);
  if (!content.ok() || content->message_size() < report.verdict_size()) {
    return NotAuthentic("the content of a report is not what was judged");
  }
  return absl::make_optional(*std::move(content));
}

// As the audit log names a report, without saying who made it.
std::string SubjectOf(const Report& report) {
  const crypto::Sha256Digest hash =
      crypto::Sha256({AsBytes(report.reporter())});
  return absl::StrCat("report:", ToHex(ByteSpan(hash).first(8)), ":",
                      report.report_id());
}

absl::Status CheckReport(const wire::OpenArchive& archive,
                         const std::string& name, const EvidenceKeys& keys,
                         EvidenceFindings* findings) {
  Report report;
  FRANK_RETURN_IF_ERROR(archive.Read(name, &report));
  if (findings->custody.act_counts.count(SubjectOf(report)) == 0) {
    return NotAuthentic("the acts about a report are not counted");
  }
  FRANK_ASSIGN_OR_RETURN(auto content, ReadContent(archive, report));
  for (int i = 0; i < report.verdict_size(); ++i) {
    FRANK_ASSIGN_OR_RETURN(
        MessageFinding finding,
        CheckMessage(report, i, content ? &content->message(i) : nullptr,
                     archive.key.public_key, keys));
    auto viewed =
        findings->custody.viewings.find(finding.verdict.franking_tag());
    if (viewed != findings->custody.viewings.end()) {
      finding.viewings = viewed->second;
    }
    findings->messages.push_back(std::move(finding));
  }
  const int message_count = content ? content->message_size() : 0;
  for (int i = report.verdict_size(); i < message_count; ++i) {
    findings->unjudged.push_back(
        {findings->reports.size(), static_cast<uint32_t>(i) + 1});
  }
  findings->reports.push_back(std::move(report));
  return absl::OkStatus();
}

absl::Status CheckMembers(const wire::OpenArchive& archive,
                          const EvidenceKeys& keys,
                          EvidenceFindings* findings) {
  FRANK_RETURN_IF_ERROR(archive.Read("case.json", &findings->about));
  FRANK_RETURN_IF_ERROR(archive.Read("decisions.json", &findings->decisions));
  evidence::v1::Custody custody;
  FRANK_RETURN_IF_ERROR(archive.Read("custody.json", &custody));
  auto checkpoint = archive.members.find("checkpoint");
  if (checkpoint == archive.members.end()) {
    return NotAuthentic("the checkpoint is missing");
  }
  FRANK_ASSIGN_OR_RETURN(findings->custody,
                         CheckCustody(custody, AsText(checkpoint->second),
                                      archive.manifest, keys.log));
  if (findings->about.case_id() != archive.manifest.case_id()) {
    return NotAuthentic("the manifest is about another case");
  }
  for (const auto& [name, bytes] : archive.members) {
    if (!absl::StartsWith(name, "reports/") || !absl::EndsWith(name, ".json")) {
      continue;
    }
    FRANK_RETURN_IF_ERROR(CheckReport(archive, name, keys, findings));
  }
  return absl::OkStatus();
}

absl::StatusOr<EvidenceFindings> Check(ByteSpan package,
                                       const EvidenceKeys& keys) {
  FRANK_ASSIGN_OR_RETURN(crypto::OpenedEvidence opened,
                         crypto::OpenEvidence(package, keys.recipient));
  FRANK_ASSIGN_OR_RETURN(
      wire::OpenArchive archive,
      wire::ReadArchive(opened.archive.bytes(), keys.moderation));
  if (archive.manifest.export_id() != opened.id.Hex() ||
      archive.manifest.recipient_key() !=
          ToHex(keys.recipient.public_key().bytes())) {
    return NotAuthentic("what was signed was sealed for something else");
  }
  EvidenceFindings findings;
  findings.package_sha256 = crypto::Sha256({package});
  findings.manifest = archive.manifest;
  FRANK_RETURN_IF_ERROR(CheckMembers(archive, keys, &findings));
  return findings;
}

}  // namespace

absl::StatusOr<EvidenceFindings> CheckEvidence(ByteSpan package,
                                               const EvidenceKeys& keys) {
  absl::StatusOr<EvidenceFindings> findings = Check(package, keys);
  if (!findings.ok() && FindReason(findings.status()) != "NOT_AUTHENTIC") {
    return Refused(findings.status());
  }
  return findings;
}

}  // namespace frank::client
