#include "services/platform/admission.h"

#include "core/status.h"
#include "storage/enforcement_store.h"

namespace frank::platform {

absl::Status RefuseSuspended(storage::Transaction& transaction,
                             absl::string_view account_uri, UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(auto enforcement,
                         storage::FindEnforcement(transaction, account_uri));
  if (!enforcement || !enforcement->SuspendedAt(now)) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError("the account is suspended"),
                    "NOT_PERMITTED");
}

}  // namespace frank::platform
