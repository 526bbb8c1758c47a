#include "services/platform/report_validate.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"

namespace frank::platform {
namespace {

absl::Status ValidateReporter(const std::string& reporter_uri) {
  if (reporter_uri.empty()) return absl::OkStatus();
  return CheckUri("reporter_uri", reporter_uri);
}

absl::Status ValidateReportId(const std::string& report_id) {
  return ReportId::Parse("report_id", report_id).status();
}

}  // namespace

absl::Status Validate(const v1::GetReportingKeysRequest& request) {
  if (static_cast<size_t>(request.authority_size()) >
      limits::kMaxReportingKeyAuthorities) {
    return FieldError(
        "authority",
        absl::StrCat("must be at most ", limits::kMaxReportingKeyAuthorities));
  }
  for (int i = 0; i < request.authority_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckAuthority(absl::StrCat("authority[", i, "]"),
                                         request.authority(i)));
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::SubmitReportRequest& request) {
  FRANK_RETURN_IF_ERROR(ValidateReportId(request.report_id()));
  FRANK_RETURN_IF_ERROR(
      ReviewKeyId::Parse("review_key_id", request.review_key_id()).status());
  size_t sealed = request.sealed_report().size();
  if (sealed < limits::kMinSealedReportBytes ||
      sealed > limits::kMaxSealedReportBytes) {
    return FieldError(
        "sealed_report",
        absl::StrCat("must be ", limits::kMinSealedReportBytes, " to ",
                     limits::kMaxSealedReportBytes, " bytes"));
  }
  if (static_cast<size_t>(request.frank_size()) >
      limits::kMaxReportedMessages) {
    return FieldError("frank", absl::StrCat("must be at most ",
                                            limits::kMaxReportedMessages));
  }
  return ValidateReporter(request.reporter_uri());
}

absl::Status Validate(const v1::GetReportRequest& request) {
  FRANK_RETURN_IF_ERROR(ValidateReportId(request.report_id()));
  return ValidateReporter(request.reporter_uri());
}

absl::Status Validate(const v1::ListReportsRequest& request) {
  if (request.page_size() > limits::kMaxPageSize) {
    return FieldError("page_size",
                      absl::StrCat("must be at most ", limits::kMaxPageSize));
  }
  FRANK_RETURN_IF_ERROR(ParsePageToken(request.page_token()).status());
  return ValidateReporter(request.reporter_uri());
}

absl::Status Validate(const v1::SetReportNoticesRequest& request) {
  if (!request.report_id().empty()) {
    FRANK_RETURN_IF_ERROR(ValidateReportId(request.report_id()));
  }
  return ValidateReporter(request.reporter_uri());
}

absl::Status Validate(const v1::SubmitMismatchNoticeRequest& request) {
  FRANK_RETURN_IF_ERROR(
      RequestId::Parse("request_id", request.request_id()).status());
  FRANK_RETURN_IF_ERROR(CheckUri("room_uri", request.room_uri()));
  if (request.sequence() == 0) return FieldError("sequence", "must not be 0");
  if (request.kind() == v1::MISMATCH_KIND_UNSPECIFIED ||
      !v1::MismatchKind_IsValid(request.kind())) {
    return FieldError("kind", "must be a known kind");
  }
  return absl::OkStatus();
}

std::string ToPageToken(const storage::ReportPlace& place) {
  std::string bytes;
  AppendU64(place.accepted_at, &bytes);
  bytes.append(place.id.text().data(), place.id.text().size());
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<absl::optional<storage::ReportPlace>> ParsePageToken(
    absl::string_view token) {
  if (token.empty()) return absl::optional<storage::ReportPlace>();
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() != 8 + ReportId::kSize) {
    return FieldError("page_token", "must be one that this service gave");
  }
  ByteSpan span = AsBytes(bytes);
  storage::ReportPlace place;
  place.accepted_at = ReadU64(span.subspan(0, 8));
  place.id = ReportId(ToArray<ReportId::kSize>(span.subspan(8)));
  return absl::make_optional(place);
}

}  // namespace frank::platform
