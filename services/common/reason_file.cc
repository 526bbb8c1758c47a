#include "services/common/reason_file.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::services {
namespace {

absl::StatusOr<Exposure> ParseExposure(const std::string& name) {
  for (Exposure exposure : kExposures) {
    if (ExposureName(exposure) == name) return exposure;
  }
  return FieldError("exposure", "must be none, text, graphic or child_safety");
}

absl::StatusOr<ReasonText> FromProto(const config::v1::Reason& proto) {
  ReasonText reason;
  reason.key = proto.key();
  reason.policy_area = proto.policy_area();
  reason.title = proto.title();
  FRANK_ASSIGN_OR_RETURN(reason.severity, ParseSeverity(proto.severity()));
  reason.deadline = proto.time_to_decide_ms();
  FRANK_ASSIGN_OR_RETURN(reason.exposure, ParseExposure(proto.exposure()));
  reason.queue = proto.queue();
  reason.second_person = proto.needs_second_person();
  reason.trusted_unproven = proto.trusted_unproven();
  return reason;
}

v1::ListReasonsResponse::Reason ToProto(const ReportReason& reason) {
  v1::ListReasonsResponse::Reason proto;
  proto.set_key(ToString(AsBytes(reason.key)));
  proto.set_title(ToString(AsBytes(reason.title)));
  proto.set_policy_area(ToString(AsBytes(reason.policy_area)));
  proto.set_severity(static_cast<v1::Severity>(reason.severity));
  proto.set_time_to_decide(reason.deadline);
  proto.set_queue(ToString(AsBytes(reason.queue)));
  proto.set_needs_second_person(reason.second_person);
  proto.set_exposure(static_cast<v1::ExposureCategory>(reason.exposure));
  proto.set_trusted_unproven(reason.trusted_unproven);
  return proto;
}

absl::StatusOr<UnprovenCaps> CapsOf(const config::v1::ReasonTable& file) {
  UnprovenCaps caps;
  if (!file.unproven_max_severity().empty()) {
    absl::StatusOr<ReasonSeverity> most =
        ParseSeverity(file.unproven_max_severity());
    if (!most.ok()) {
      return FieldError("unproven_max_severity",
                        "must be low, medium, high or critical");
    }
    caps.max_severity = *most;
  }
  if (file.unproven_min_time_to_decide_ms() != 0) {
    caps.min_deadline = file.unproven_min_time_to_decide_ms();
  }
  return caps;
}

}  // namespace

absl::StatusOr<ReasonSeverity> ParseSeverity(const std::string& name) {
  for (ReasonSeverity severity : kSeverities) {
    if (SeverityName(severity) == name) return severity;
  }
  return FieldError("severity", "must be low, medium, high or critical");
}

absl::StatusOr<ReasonTable> MakeReasonTable(
    const config::v1::ReasonTable& file) {
  ReasonTable table;
  FRANK_ASSIGN_OR_RETURN(UnprovenCaps caps, CapsOf(file));
  table.SetUnprovenCaps(caps);
  for (int i = 0; i < file.version_size(); ++i) {
    const config::v1::ReasonTableVersion& version = file.version(i);
    std::vector<ReasonText> reasons;
    for (int j = 0; j < version.reason_size(); ++j) {
      absl::StatusOr<ReasonText> reason = FromProto(version.reason(j));
      if (!reason.ok()) {
        return InField(absl::StrCat("version[", i, "].reason[", j, "]"),
                       reason.status());
      }
      reasons.push_back(*std::move(reason));
    }
    FRANK_RETURN_IF_ERROR(
        InField(absl::StrCat("version[", i, "]"),
                table.AddVersion(version.version(), std::move(reasons))));
  }
  return table;
}

absl::StatusOr<ReasonTable> LoadReasonTable(const std::string& path) {
  if (path.empty()) return ReasonTable();
  FRANK_ASSIGN_OR_RETURN(auto file,
                         wire::ReadTextProto<config::v1::ReasonTable>(path));
  absl::StatusOr<ReasonTable> table = MakeReasonTable(file);
  if (!table.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", table.status().message()));
  }
  return table;
}

absl::StatusOr<v1::ListReasonsResponse> ListReasons(
    const ReasonTable& table, const v1::ListReasonsRequest& request) {
  v1::ListReasonsResponse response;
  response.set_version(request.version() == 0 ? table.newest()
                                              : request.version());
  absl::Span<const ReportReason> reasons = table.Reasons(response.version());
  if (reasons.empty()) {
    return WithReason(absl::NotFoundError("no such version"), "NOT_FOUND");
  }
  for (const ReportReason& reason : reasons) {
    *response.add_reason() = ToProto(reason);
  }
  return response;
}

}  // namespace frank::services
