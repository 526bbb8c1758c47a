#include "services/moderation/identity_provider.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/files.h"
#include "services/oidc/https_fetcher.h"

namespace frank::moderation {
namespace {

oidc::TokenVerifier::Settings SettingsOf(const config::v1::Oidc& config) {
  return {config.issuer(), config.audience(), config.roles_claim(),
          config.child_safety_value(),
          config.clock_skew_ms() == 0 ? limits::kDefaultClockSkew
                                      : config.clock_skew_ms()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<oidc::JwksFetcher>> MakeProviderKeys(
    const config::v1::ModerationConfig& config) {
  const std::string& jwks = config.oidc().jwks();
  if (!config.has_oidc()) return nullptr;
  if (absl::StartsWith(jwks, "https://")) {
    absl::StatusOr<std::unique_ptr<oidc::JwksFetcher>> fetcher =
        oidc::MakeHttpsFetcher(jwks, config.oidc().authority_file());
    if (fetcher.ok()) return fetcher;
    return absl::FailedPreconditionError(
        InField("oidc", fetcher.status()).message());
  }
  FRANK_ASSIGN_OR_RETURN(std::string text, wire::ReadFile(jwks));
  absl::Status parsed = oidc::Jwks::Parse(text).status();
  if (parsed.ok()) return oidc::MakeFileFetcher(jwks);
  return absl::FailedPreconditionError(
      absl::StrCat(jwks, ": ", parsed.message()));
}

IdentityProvider::IdentityProvider(const config::v1::Oidc& config,
                                   std::unique_ptr<oidc::JwksFetcher> fetcher,
                                   const Clock& clock)
    : keys_(std::move(fetcher), clock),
      verifier_(SettingsOf(config), keys_, clock),
      worker_("oidc", [this] { return keys_.Refresh(); }) {
  keys_.SetWake([this] { worker_.Wake(); });
}

std::unique_ptr<IdentityProvider> MakeIdentityProvider(
    const config::v1::Oidc& config, std::unique_ptr<oidc::JwksFetcher> fetcher,
    const Clock& clock) {
  if (fetcher == nullptr) return nullptr;
  return std::make_unique<IdentityProvider>(config, std::move(fetcher), clock);
}

}  // namespace frank::moderation
