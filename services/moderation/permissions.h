// Which role may call which method of the moderators' services.
#ifndef FRANK_SERVICES_MODERATION_PERMISSIONS_H_
#define FRANK_SERVICES_MODERATION_PERMISSIONS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/moderation/moderator.h"

namespace frank::moderation {

// A line of the table: a method as "Service.Method", and who may call it.
struct Permission {
  std::string method;
  std::set<Role> roles;
};

// The table, in permissions.cc. Every method of every service that moderators
// call has its line there.
const std::vector<Permission>& Permissions();

// Whether a role may call a method; what the table does not name nobody may.
bool IsAllowed(absl::string_view method, Role role);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_PERMISSIONS_H_
