#include "services/moderation/held_quota.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "storage/case_list_store.h"

namespace frank::moderation {

absl::Status CheckHeldQuota(storage::Transaction& transaction,
                            absl::string_view moderator, uint32_t limit) {
  FRANK_ASSIGN_OR_RETURN(
      size_t held, storage::CountHeldCases(transaction, moderator, limit));
  if (held < limit) return absl::OkStatus();
  return WithReason(
      absl::ResourceExhaustedError(absl::StrCat(
          "the moderator holds as many cases as max_held_cases allows, ",
          limit)),
      "QUOTA_EXCEEDED");
}

}  // namespace frank::moderation
