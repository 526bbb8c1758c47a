// Who may call what: moderators by bearer token, and the one table of roles.
#ifndef FRANK_SERVICES_MODERATION_MODERATORS_H_
#define FRANK_SERVICES_MODERATION_MODERATORS_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "frank/config/v1/config.pb.h"
#include "services/common/call.h"

namespace frank::moderation {

enum class Role { kReviewer, kSenior, kAuditor, kAdministrator };

enum class ReviewMethod {
  kListCases,
  kClaimCase,
  kRenewLease,
  kGetCase,
  kDecideCase,
  kReleaseCase,
  kListActs,
};

// Whether a role may call a method; what the table does not name it may not.
bool IsAllowed(ReviewMethod method, Role role);

// The moderators of the configuration. Immutable, hence thread-safe.
class Moderators {
 public:
  // kFailedPrecondition names the field and the rule.
  static absl::StatusOr<Moderators> Create(
      const config::v1::ModerationConfig& config);

  // Returns the id of the moderator who calls. kUnauthenticated
  // CREDENTIAL_INVALID without a known token; kPermissionDenied NOT_PERMITTED
  // when none of their roles may call the method.
  absl::StatusOr<std::string> Authorize(const services::Call& call,
                                        ReviewMethod method) const;

 private:
  struct Moderator {
    std::string id;
    std::set<Role> roles;
  };
  static absl::StatusOr<Moderator> Parse(const config::v1::Moderator& config);
  // By SHA-256 of the token: a guess learns nothing from how long a miss takes.
  std::map<std::string, Moderator> by_token_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATORS_H_
