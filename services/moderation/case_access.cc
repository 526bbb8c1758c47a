#include "services/moderation/case_access.h"

#include "core/status.h"
#include "services/moderation/case_lease.h"
#include "storage/people_store.h"

namespace frank::moderation {

using storage::v1::CaseRecord;

absl::Status CheckAccess(const Moderator& moderator, const CaseRecord& record) {
  if (record.policy_area() == kChildSafetyArea && !moderator.child_safety) {
    return WithReason(absl::PermissionDeniedError(
                          "cases of child safety need a permission of their "
                          "own"),
                      "CHILD_SAFETY_NEEDED");
  }
  if (moderator.linked_accounts.count(record.accused_uri()) > 0) {
    return WithReason(
        absl::PermissionDeniedError("the case is about an account that the "
                                    "moderator is linked to"),
        "LINKED_ACCOUNT");
  }
  return absl::OkStatus();
}

absl::StatusOr<Moderator> AsOfNow(storage::Transaction& transaction,
                                  const Moderator& moderator) {
  FRANK_ASSIGN_OR_RETURN(auto kept,
                         storage::FindModerator(transaction, moderator.id));
  if (!kept) return moderator;
  if (kept->disabled()) {
    return WithReason(
        absl::PermissionDeniedError("the moderator has been disabled"),
        "NOT_PERMITTED");
  }
  // What was taken from them since they were authorized.
  Moderator now = moderator;
  if (kept->local() && !kept->child_safety()) now.child_safety = false;
  now.linked_accounts.insert(kept->linked_account().begin(),
                             kept->linked_account().end());
  return now;
}

absl::Status CheckAccess(storage::Transaction& transaction,
                         const Moderator& moderator, const CaseRecord& record) {
  FRANK_ASSIGN_OR_RETURN(Moderator now, AsOfNow(transaction, moderator));
  return CheckAccess(now, record);
}

absl::Status CheckAccess(storage::Transaction& transaction,
                         const Moderator& moderator, const CaseId& id) {
  FRANK_ASSIGN_OR_RETURN(CaseRecord record, GetCase(transaction, id));
  return CheckAccess(transaction, moderator, record);
}

bool IsOfferedTo(const Moderator& moderator, const CaseRecord& record) {
  return CheckAccess(moderator, record).ok() &&
         moderator.opted_out.count(ExposureOf(record)) == 0;
}

Exposure ExposureOf(const CaseRecord& record) {
  // Cases from before the category was kept.
  if (record.exposure() == 0) return Exposure::kText;
  return static_cast<Exposure>(record.exposure());
}

}  // namespace frank::moderation
