#include "services/moderation/act_log.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

std::string ShortHash(absl::string_view uri) {
  crypto::Sha256Digest hash = crypto::Sha256({AsBytes(uri)});
  return ToHex(ByteSpan(hash).first(8));
}

}  // namespace

std::string CaseSubject(const CaseId& id) {
  return absl::StrCat("case:", id.Hex());
}
std::string ReportSubject(const storage::ReportRef& report) {
  return absl::StrCat("report:", ShortHash(report.reporter_uri), ":",
                      report.id.Hex());
}
std::string ReporterSubject(absl::string_view reporter_uri) {
  return absl::StrCat("reporter:", ShortHash(reporter_uri));
}
std::string ServiceActor() { return "service:moderation"; }
std::string PlatformActor(absl::string_view name) {
  return absl::StrCat("platform:", name);
}
std::string ModeratorActor(absl::string_view id) {
  return absl::StrCat("moderator:", id);
}

absl::StatusOr<crypto::Sha256Digest> ActLog::Add(
    absl::string_view subject, absl::string_view actor, absl::string_view act,
    const crypto::AuditDetails& details) {
  crypto::AuditEntry entry;
  entry.time = now_;
  entry.actor = ToString(AsBytes(actor));
  entry.act = ToString(AsBytes(act));
  entry.subject = ToString(AsBytes(subject));
  auto [found, fresh] = subjects_.try_emplace(entry.subject);
  Subject& about = found->second;
  if (fresh) {
    FRANK_ASSIGN_OR_RETURN(about.count,
                           storage::GetActCount(transaction_, subject));
  }
  crypto::AuditDetails numbered = details;
  numbered.Set(crypto::kActNumber, about.count + about.acts.size() + 1);
  entry.details = numbered.Json();
  FRANK_ASSIGN_OR_RETURN(Bytes bytes, crypto::Serialize(entry));
  crypto::Sha256Digest hash = crypto::Sha256({bytes});
  about.acts.push_back({ToString(bytes), ToString(hash)});
  return hash;
}

absl::Status ActLog::Write() {
  for (const auto& [subject, about] : subjects_) {
    FRANK_RETURN_IF_ERROR(
        storage::AddActs(transaction_, subject, about.count, now_, about.acts));
  }
  subjects_.clear();
  return absl::OkStatus();
}

}  // namespace frank::moderation
