#include "services/moderation/known_moderator.h"

#include <algorithm>

#include "absl/types/optional.h"
#include "core/status.h"
#include "services/moderation/case_access.h"
#include "services/moderation/claim_choice.h"
#include "services/moderation/permissions.h"
#include "storage/people_store.h"

namespace frank::moderation {
namespace {

using storage::v1::ModeratorRecord;

// As far as can be known; nothing of who is unknown or disabled.
absl::StatusOr<absl::optional<Moderator>> FindKnown(
    const ReceiverContext& context, const std::string& id) {
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::FindModerator(context.transaction, id));
  const ModeratorRecord kept = found ? *std::move(found) : ModeratorRecord();
  if (kept.disabled()) return absl::optional<Moderator>();
  Moderator moderator;
  if (const Moderator* named = context.configured.Find(id)) {
    moderator = *named;
  } else if (kept.local()) {
    moderator = AccountOf(id, kept);
  } else if (context.has_provider && IsProviderModeratorId(id)) {
    moderator.id = id;
    moderator.roles = {Role::kReviewer, Role::kSenior};
    moderator.child_safety = true;
  } else {
    return absl::optional<Moderator>();
  }
  AddKept(kept, &moderator);
  return absl::make_optional(std::move(moderator));
}

bool WorksOnCases(const Moderator& moderator) {
  return std::any_of(
      moderator.roles.begin(), moderator.roles.end(),
      [](Role role) { return IsAllowed("ReviewService.RenewLease", role); });
}

}  // namespace

Moderator AccountOf(const std::string& id, const ModeratorRecord& record) {
  Moderator moderator;
  moderator.id = id;
  for (uint32_t role : record.role()) {
    moderator.roles.insert(static_cast<Role>(role));
  }
  moderator.child_safety = record.child_safety();
  return moderator;
}

void AddKept(const ModeratorRecord& kept, Moderator* moderator) {
  moderator->linked_accounts.insert(kept.linked_account().begin(),
                                    kept.linked_account().end());
  for (uint32_t category : kept.opted_out()) {
    moderator->opted_out.insert(static_cast<Exposure>(category));
  }
}

absl::Status CheckMayReceive(const ReceiverContext& context,
                             const std::string& id,
                             const storage::v1::CaseRecord& record) {
  FRANK_ASSIGN_OR_RETURN(auto known, FindKnown(context, id));
  if (known && WorksOnCases(*known) && IsOfferedTo(*known, record) &&
      CheckMayHold(context.routing, *known, record).ok()) {
    return absl::OkStatus();
  }
  return FieldError("moderator", "must be somebody who may have the case");
}

}  // namespace frank::moderation
