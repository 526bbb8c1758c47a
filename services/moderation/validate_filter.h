// Checks of what lists, searches and claims filter by.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_FILTER_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_FILTER_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/v1/review.pb.h"

namespace frank::moderation {

// kInvalidArgument names the field and the rule.
absl::Status CheckCaseFilter(const v1::CaseFilter& filter);
absl::Status CheckClaimFilter(const v1::ClaimFilter& filter);

// What requests for a page of cases have in common.
template <typename Request>
absl::Status CheckListing(const Request& request) {
  if (request.page_size() > limits::kMaxPageSize) {
    return FieldError("page_size",
                      absl::StrCat("must be 0 to ", limits::kMaxPageSize));
  }
  if (!v1::CaseOrder_IsValid(request.order())) {
    return FieldError("order", "must be a known order");
  }
  return InField("filter", CheckCaseFilter(request.filter()));
}

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_FILTER_H_
