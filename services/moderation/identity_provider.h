// The OpenID Connect provider that vouches for moderators, if there is one.
#ifndef FRANK_SERVICES_MODERATION_IDENTITY_PROVIDER_H_
#define FRANK_SERVICES_MODERATION_IDENTITY_PROVIDER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/config/v1/config.pb.h"
#include "services/common/wait.h"
#include "services/oidc/key_source.h"
#include "services/oidc/token_verifier.h"

namespace frank::moderation {

// Where the configuration says that the provider's keys are; null without a
// provider. A key set in a file must be one; one that has to be fetched may
// come later. kFailedPrecondition names the file or the field.
absl::StatusOr<std::unique_ptr<oidc::JwksFetcher>> MakeProviderKeys(
    const config::v1::ModerationConfig& config);

// Verifies tokens, and keeps the keys up to date on a thread of its own.
class IdentityProvider {
 public:
  // The clock outlives the provider.
  IdentityProvider(const config::v1::Oidc& config,
                   std::unique_ptr<oidc::JwksFetcher> fetcher,
                   const Clock& clock);

  oidc::TokenVerifier& verifier() { return verifier_; }

 private:
  oidc::KeySource keys_;
  oidc::TokenVerifier verifier_;
  services::Worker worker_;
};

// Null for a null fetcher.
std::unique_ptr<IdentityProvider> MakeIdentityProvider(
    const config::v1::Oidc& config, std::unique_ptr<oidc::JwksFetcher> fetcher,
    const Clock& clock);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_IDENTITY_PROVIDER_H_
