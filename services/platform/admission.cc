#include "services/platform/admission.h"

#include "core/status.h"
#include "storage/enforcement_store.h"

namespace frank::platform {
namespace {

template <typename Source>
absl::Status Refuse(Source& source, absl::string_view account_uri,
                    UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(auto enforcement,
                         storage::FindEnforcement(source, account_uri));
  if (!enforcement || !enforcement->SuspendedAt(now)) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError("the account is suspended"),
                    "NOT_PERMITTED");
}

}  // namespace

absl::Status RefuseSuspended(storage::Transaction& transaction,
                             absl::string_view account_uri, UnixMillis now) {
  return Refuse(transaction, account_uri, now);
}

absl::Status RefuseSuspended(storage::Engine& engine,
                             absl::string_view account_uri, UnixMillis now) {
  return Refuse(engine, account_uri, now);
}

}  // namespace frank::platform
