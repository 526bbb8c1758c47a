// Who calls. Accounts of the store and moderators of the configuration come
// with a bearer token, those of an identity provider with its JWT. Who may call
// what is in permissions.h.
#ifndef FRANK_SERVICES_MODERATION_MODERATORS_H_
#define FRANK_SERVICES_MODERATION_MODERATORS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call.h"
#include "services/moderation/configured_moderators.h"
#include "services/moderation/moderator.h"
#include "services/moderation/moderator_directory.h"
#include "services/oidc/token_verifier.h"

namespace frank::moderation {

// Thread-safe.
class Moderators {
 public:
  // All outlive the object. `verifier` is null without an identity provider.
  Moderators(const ConfiguredModerators& configured,
             ModeratorDirectory& directory, oidc::TokenVerifier* verifier);

  // Returns who calls. `method` is "Service.Method". kUnauthenticated
  // CREDENTIAL_INVALID without a good credential, and for who was disabled;
  // kPermissionDenied NOT_PERMITTED when none of their roles may call the
  // method; kUnavailable when it cannot be known now.
  absl::StatusOr<Moderator> Authorize(const services::Call& call,
                                      absl::string_view method) const;

 private:
  // Who bears the credential, by what it alone says.
  absl::StatusOr<Moderator> Identify(const std::string& token) const;
  absl::StatusOr<Moderator> IdentifyByToken(const std::string& token) const;

  const ConfiguredModerators& configured_;
  ModeratorDirectory& directory_;
  oidc::TokenVerifier* const verifier_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATORS_H_
