// Who calls: moderators by bearer token. Who may call what is in permissions.h.
#ifndef FRANK_SERVICES_MODERATION_MODERATORS_H_
#define FRANK_SERVICES_MODERATION_MODERATORS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "frank/config/v1/config.pb.h"
#include "services/common/call.h"
#include "services/moderation/moderator.h"

namespace frank::moderation {

// The moderators of the configuration. Immutable, hence thread-safe.
class Moderators {
 public:
  // kFailedPrecondition names the field and the rule.
  static absl::StatusOr<Moderators> Create(
      const config::v1::ModerationConfig& config);

  // Returns who calls. `method` is "Service.Method". kUnauthenticated
  // CREDENTIAL_INVALID without a known token; kPermissionDenied NOT_PERMITTED
  // when none of their roles may call the method.
  absl::StatusOr<Moderator> Authorize(const services::Call& call,
                                      absl::string_view method) const;

 private:
  static absl::StatusOr<Moderator> Parse(const config::v1::Moderator& config);
  // By SHA-256 of the token: a guess learns nothing from how long a miss takes.
  std::map<std::string, Moderator> by_token_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATORS_H_
