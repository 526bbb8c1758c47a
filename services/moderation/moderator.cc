#include "services/moderation/moderator.h"

#include "absl/strings/strip.h"
#include "core/status.h"
#include "services/common/config.h"
#include "services/oidc/token_verifier.h"

namespace frank::moderation {

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kReviewer:
      return "reviewer";
    case Role::kSenior:
      return "senior";
    case Role::kAuditor:
      return "auditor";
    case Role::kAdministrator:
      return "administrator";
  }
  Die("a role without a name");
}

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  for (Role role : kRoles) {
    if (RoleName(role) == name) return role;
  }
  return FieldError("role",
                    "must be reviewer, senior, auditor or administrator");
}

bool IsLocalModeratorId(absl::string_view id) {
  return services::IsModeratorId(id);
}

bool IsProviderModeratorId(absl::string_view id) {
  return absl::ConsumePrefix(&id, kProviderPrefix) && oidc::IsSubject(id);
}

absl::Status CheckModeratorId(absl::string_view field, absl::string_view id) {
  if (IsLocalModeratorId(id) || IsProviderModeratorId(id)) {
    return absl::OkStatus();
  }
  return FieldError(field,
                    "must be 1 to 64 of a-z, 0-9, '.', '-', '_', or 'oidc:' "
                    "and a subject");
}

}  // namespace frank::moderation
