#include "services/moderation/moderator.h"

#include "core/status.h"

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

}  // namespace frank::moderation
