#include "services/moderation/validate_target.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"

namespace frank::moderation {
namespace {

template <typename Values>
absl::Status CheckNames(absl::string_view field, const Values& names) {
  if (names.size() > static_cast<int>(limits::kMaxFilterValues)) {
    return FieldError(
        field, absl::StrCat("must be at most ", limits::kMaxFilterValues));
  }
  for (const std::string& name : names) {
    if (name.size() > limits::kMaxReasonBytes || !IsWellFormedUtf8(name)) {
      return FieldError(field, absl::StrCat("must be UTF-8 of at most ",
                                            limits::kMaxReasonBytes, " bytes"));
    }
  }
  return absl::OkStatus();
}

// What both requests are made of.
template <typename Request>
absl::Status CheckPeriods(const Request& request) {
  if (request.until() <= request.from()) {
    return FieldError("until", "must be later than from");
  }
  if (request.until() - request.from() > limits::kMaxReachedSpan) {
    return FieldError("until", "must be at most 1200 days after from");
  }
  // Days are numbered in 32 bits.
  if (request.until() / kDay >= UINT32_MAX) {
    return FieldError("until", "is too late");
  }
  if (request.period() == v1::REACHED_PERIOD_UNSPECIFIED ||
      !v1::ReachedPeriod_IsValid(request.period())) {
    return FieldError("period", "must be DAY or MONTH");
  }
  FRANK_RETURN_IF_ERROR(CheckNames("queue", request.queue()));
  FRANK_RETURN_IF_ERROR(CheckNames("reason", request.reason()));
  if (!request.page_token().empty() && request.page_token().size() != 4) {
    return FieldError("page_token", "must be that of an earlier answer");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const v1::GetReachedRequest& request) {
  return CheckPeriods(request);
}

absl::Status Check(const v1::GetInflowRequest& request) {
  return CheckPeriods(request);
}

}  // namespace frank::moderation
