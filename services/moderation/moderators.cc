#include "services/moderation/moderators.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "services/moderation/known_moderator.h"
#include "services/moderation/permissions.h"

namespace frank::moderation {
namespace {

absl::Status UnknownCredential() {
  return WithReason(absl::UnauthenticatedError("unknown credential"),
                    "CREDENTIAL_INVALID");
}

// Values of the claim that are no role are somebody else's business.
Moderator FromIdentity(const oidc::Identity& identity) {
  Moderator moderator;
  moderator.id = absl::StrCat(kProviderPrefix, identity.subject);
  for (const std::string& name : identity.roles) {
    absl::StatusOr<Role> role = ParseRole(name);
    if (role.ok()) moderator.roles.insert(*role);
  }
  moderator.child_safety = identity.child_safety;
  return moderator;
}

}  // namespace

Moderators::Moderators(const ConfiguredModerators& configured,
                       ModeratorDirectory& directory,
                       oidc::TokenVerifier* verifier)
    : configured_(configured), directory_(directory), verifier_(verifier) {}

absl::StatusOr<Moderator> Moderators::IdentifyByToken(
    const std::string& token) const {
  storage::TokenHash hash(crypto::Sha256({AsBytes(token)}));
  if (const Moderator* configured = configured_.FindByToken(hash)) {
    return *configured;
  }
  FRANK_ASSIGN_OR_RETURN(auto stored, directory_.FindByToken(hash));
  // An id is one person's: the configuration's, should both have it.
  if (!stored || configured_.Find(stored->id) != nullptr) {
    return UnknownCredential();
  }
  return AccountOf(stored->id, stored->record);
}

absl::StatusOr<Moderator> Moderators::Identify(const std::string& token) const {
  if (token.empty()) return UnknownCredential();
  if (verifier_ == nullptr || !oidc::LooksLikeJwt(token)) {
    return IdentifyByToken(token);
  }
  FRANK_ASSIGN_OR_RETURN(oidc::Identity identity, verifier_->Verify(token));
  return FromIdentity(identity);
}

absl::StatusOr<Moderator> Moderators::Authorize(
    const services::Call& call, absl::string_view method) const {
  FRANK_ASSIGN_OR_RETURN(Moderator moderator, Identify(call.bearer_token));
  FRANK_ASSIGN_OR_RETURN(storage::v1::ModeratorRecord kept,
                         directory_.Get(moderator.id));
  if (kept.disabled()) return UnknownCredential();
  AddKept(kept, &moderator);
  for (Role role : moderator.roles) {
    if (IsAllowed(method, role)) return moderator;
  }
  return WithReason(absl::PermissionDeniedError("not of a role that may"),
                    "NOT_PERMITTED");
}

}  // namespace frank::moderation
