// Checks of ReviewService's requests: every field against its limit, before
// anything else costs. kInvalidArgument names the field and the rule.
#ifndef FRANK_SERVICES_MODERATION_VALIDATE_H_
#define FRANK_SERVICES_MODERATION_VALIDATE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "frank/v1/review.pb.h"

namespace frank::moderation {

absl::Status Check(const v1::ListCasesRequest& request);
absl::Status Check(const v1::ClaimCaseRequest& request);
absl::Status Check(const v1::RenewLeaseRequest& request);
absl::Status Check(const v1::GetCaseRequest& request);
absl::Status Check(const v1::ReleaseCaseRequest& request);
absl::Status Check(const v1::ListActsRequest& request);

// Whether a text is UTF-8 of so many bytes.
absl::Status CheckText(absl::string_view field, const std::string& text,
                       size_t min, size_t max);
// Whether a token is absent, or one behind which there are so many bytes.
absl::Status CheckPageToken(absl::string_view field, const std::string& token,
                            size_t size);
// 0 to the largest page.
absl::Status CheckPageSize(uint32_t page_size);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_VALIDATE_H_
