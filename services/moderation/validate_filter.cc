#include "services/moderation/validate_filter.h"

#include <string>

#include "core/uri.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"

namespace frank::moderation {
namespace {

// Names of queues, reasons and areas.
absl::Status CheckName(absl::string_view field, const std::string& name) {
  if (name.size() > limits::kMaxReasonBytes || !IsWellFormedUtf8(name)) {
    return FieldError(field, absl::StrCat("must be UTF-8 of at most ",
                                          limits::kMaxReasonBytes, " bytes"));
  }
  return absl::OkStatus();
}

template <typename Values>
absl::Status CheckCount(absl::string_view field, const Values& values) {
  if (values.size() <= static_cast<int>(limits::kMaxFilterValues)) {
    return absl::OkStatus();
  }
  return FieldError(field,
                    absl::StrCat("must be at most ", limits::kMaxFilterValues));
}

template <typename Values>
absl::Status CheckNames(absl::string_view field, const Values& names) {
  FRANK_RETURN_IF_ERROR(CheckCount(field, names));
  for (const std::string& name : names) {
    FRANK_RETURN_IF_ERROR(CheckName(field, name));
  }
  return absl::OkStatus();
}

template <typename Values>
absl::Status CheckKnown(absl::string_view field, const Values& values,
                        bool (*is_valid)(int)) {
  FRANK_RETURN_IF_ERROR(CheckCount(field, values));
  for (int value : values) {
    if (value == 0 || !is_valid(value)) {
      return FieldError(field, "must be known values");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOptionalUri(absl::string_view field, const std::string& uri) {
  return uri.empty() ? absl::OkStatus() : CheckUri(field, uri);
}

// What both kinds of filters have.
template <typename Filter>
absl::Status CheckCommon(const Filter& filter) {
  FRANK_RETURN_IF_ERROR(CheckNames("queue", filter.queue()));
  FRANK_RETURN_IF_ERROR(CheckNames("reason", filter.reason()));
  FRANK_RETURN_IF_ERROR(CheckNames("policy_area", filter.policy_area()));
  FRANK_RETURN_IF_ERROR(
      CheckKnown("proof", filter.proof(), &v1::ProofStatus_IsValid));
  return CheckKnown("severity", filter.severity(), &v1::Severity_IsValid);
}

}  // namespace

absl::Status CheckCaseFilter(const v1::CaseFilter& filter) {
  FRANK_RETURN_IF_ERROR(CheckCommon(filter));
  FRANK_RETURN_IF_ERROR(
      CheckKnown("state", filter.state(), &v1::CaseState_IsValid));
  if (filter.due_until() != 0 && filter.due_until() <= filter.due_from()) {
    return FieldError("due_until", "must be after due_from");
  }
  FRANK_RETURN_IF_ERROR(CheckOptionalUri("accused_uri", filter.accused_uri()));
  FRANK_RETURN_IF_ERROR(
      CheckOptionalUri("reporter_uri", filter.reporter_uri()));
  if (!filter.moderator().empty()) {
    FRANK_RETURN_IF_ERROR(CheckModeratorId("moderator", filter.moderator()));
  }
  if (!filter.tag().empty() && !IsLabel(filter.tag())) {
    return FieldError("tag", "must be 1 to 32 of a-z, 0-9, '-', '_'");
  }
  return absl::OkStatus();
}

absl::Status CheckClaimFilter(const v1::ClaimFilter& filter) {
  return InField("filter", CheckCommon(filter));
}

}  // namespace frank::moderation
