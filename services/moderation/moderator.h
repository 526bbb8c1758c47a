// Who calls: a moderator, as authorization found them.
#ifndef FRANK_SERVICES_MODERATION_MODERATOR_H_
#define FRANK_SERVICES_MODERATION_MODERATOR_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/taxonomy.h"

namespace frank::moderation {

// On disk; never renumbered.
enum class Role : uint8_t {
  kReviewer = 1,
  kSenior = 2,
  kAuditor = 3,
  kAdministrator = 4,
};
inline constexpr Role kRoles[] = {Role::kReviewer, Role::kSenior,
                                  Role::kAuditor, Role::kAdministrator};

// "reviewer": as configurations, claims and audit entries name a role.
absl::string_view RoleName(Role role);
// kInvalidArgument "role" on another name.
absl::StatusOr<Role> ParseRole(absl::string_view name);

// The ids of an identity provider's moderators are this and the subject; no
// other id has a colon in it.
inline constexpr char kProviderPrefix[] = "oidc:";

// Whether an id can be one of the configuration or of the store's accounts, or
// one of the provider's.
bool IsLocalModeratorId(absl::string_view id);
bool IsProviderModeratorId(absl::string_view id);
// One of the two. kInvalidArgument names the field.
absl::Status CheckModeratorId(absl::string_view field, absl::string_view id);

struct Moderator {
  // Unique whatever vouches for it; leases, acts and decisions bear it.
  std::string id;
  std::set<Role> roles;
  // May claim, see and decide cases of the policy area child_safety.
  bool child_safety = false;
  // URIs of accounts that are theirs or close to them: they may do nothing
  // about these.
  std::set<std::string> linked_accounts;
  // What they do not want to see.
  std::set<Exposure> opted_out;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATOR_H_
