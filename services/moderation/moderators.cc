#include "services/moderation/moderators.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "services/common/config.h"
#include "services/moderation/permissions.h"

namespace frank::moderation {
absl::StatusOr<Moderator> Moderators::Parse(
    const config::v1::Moderator& config) {
  Moderator moderator;
  moderator.id = config.id();
  for (const std::string& name : config.role()) {
    FRANK_ASSIGN_OR_RETURN(Role role, ParseRole(name));
    moderator.roles.insert(role);
  }
  moderator.child_safety = config.child_safety();
  return moderator;
}

absl::StatusOr<Moderators> Moderators::Create(
    const config::v1::ModerationConfig& config) {
  Moderators moderators;
  std::set<std::string> ids;
  for (int i = 0; i < config.moderator_size(); ++i) {
    std::string field = absl::StrCat("moderator[", i, "]");
    absl::StatusOr<Moderator> moderator = Parse(config.moderator(i));
    absl::StatusOr<std::string> token = services::ParseTokenHash(
        "token_sha256", config.moderator(i).token_sha256());
    absl::Status status = moderator.ok() ? token.status() : moderator.status();
    if (status.ok() && !ids.insert(moderator->id).second) {
      status = FieldError("id", "must occur once");
    }
    if (status.ok() &&
        !moderators.by_token_.emplace(*token, *moderator).second) {
      status = FieldError("token_sha256", "must occur once");
    }
    if (!status.ok()) {
      return absl::FailedPreconditionError(InField(field, status).message());
    }
  }
  return moderators;
}

absl::StatusOr<Moderator> Moderators::Authorize(
    const services::Call& call, absl::string_view method) const {
  auto found =
      by_token_.find(ToString(crypto::Sha256({AsBytes(call.bearer_token)})));
  if (call.bearer_token.empty() || found == by_token_.end()) {
    return WithReason(absl::UnauthenticatedError("unknown credential"),
                      "CREDENTIAL_INVALID");
  }
  for (Role role : found->second.roles) {
    if (IsAllowed(method, role)) return found->second;
  }
  return WithReason(absl::PermissionDeniedError("not of a role that may"),
                    "NOT_PERMITTED");
}

}  // namespace frank::moderation
