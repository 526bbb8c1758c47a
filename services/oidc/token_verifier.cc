#include "services/oidc/token_verifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/oidc/json.h"

namespace frank::oidc {
namespace {

using google::protobuf::Struct;

absl::Status Refused() {
  return WithReason(absl::UnauthenticatedError("the token does not verify"),
                    "CREDENTIAL_INVALID");
}

// The claim is in seconds.
bool IsTime(const absl::optional<double>& claim) {
  // Up to here a double holds milliseconds exactly.
  return claim && *claim >= 0 && *claim < 9e12;
}

double ToSeconds(UnixMillis time) { return static_cast<double>(time) / 1000; }

}  // namespace

bool IsSubject(absl::string_view text) {
  return !text.empty() && text.size() <= limits::kMaxTokenSubjectBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isgraph(c) && c != '"' && c != '\'' && c != '\\';
         });
}

TokenVerifier::TokenVerifier(Settings settings, KeySource& keys,
                             const Clock& clock)
    : settings_(std::move(settings)), keys_(keys), clock_(clock) {}

absl::StatusOr<Identity> TokenVerifier::Verify(absl::string_view token) {
  absl::StatusOr<Jwt> jwt = ParseJwt(token);
  if (!jwt.ok()) return Refused();
  absl::StatusOr<crypto::JwsKey> key = keys_.Find(jwt->key_id, jwt->algorithm);
  if (absl::IsUnavailable(key.status())) return key.status();
  if (!key.ok() ||
      !key->Verify(AsBytes(jwt->signed_content), AsBytes(jwt->signature))
           .ok()) {
    return Refused();
  }
  if (const char* bad = FindBadClaim(jwt->claims)) {
    // The provider signed it: worth telling its operator.
    Log(Severity::kInfo, "oidc.refused", {LogField::Name("claim", bad)});
    return Refused();
  }
  return ReadIdentity(jwt->claims);
}

const char* TokenVerifier::FindBadClaim(const Struct& claims) const {
  if (FindText(claims, "iss") != settings_.issuer) return "iss";
  auto audience = FindTexts(claims, "aud");
  if (!audience || std::find(audience->begin(), audience->end(),
                             settings_.audience) == audience->end()) {
    return "aud";
  }
  if (!IsSubject(FindText(claims, "sub").value_or(""))) return "sub";
  auto roles = FindTexts(claims, settings_.roles_claim);
  if (FindMember(claims, settings_.roles_claim) != nullptr &&
      (!roles || roles->size() > limits::kMaxClaimedRoles)) {
    return "roles";
  }
  return FindBadTime(claims);
}

const char* TokenVerifier::FindBadTime(const Struct& claims) const {
  const double now = ToSeconds(clock_.Now());
  const double skew = ToSeconds(settings_.clock_skew);
  auto expires = FindNumber(claims, "exp");
  if (!IsTime(expires) || now >= *expires + skew) return "exp";
  auto issued = FindNumber(claims, "iat");
  if (!IsTime(issued) || now + skew < *issued) return "iat";
  if (FindMember(claims, "nbf") == nullptr) return nullptr;
  auto not_before = FindNumber(claims, "nbf");
  return IsTime(not_before) && now + skew >= *not_before ? nullptr : "nbf";
}

Identity TokenVerifier::ReadIdentity(const Struct& claims) const {
  Identity identity;
  identity.subject = FindText(claims, "sub").value_or("");
  identity.roles = FindTexts(claims, settings_.roles_claim)
                       .value_or(std::vector<std::string>());
  identity.child_safety =
      !settings_.child_safety_value.empty() &&
      std::find(identity.roles.begin(), identity.roles.end(),
                settings_.child_safety_value) != identity.roles.end();
  return identity;
}

}  // namespace frank::oidc
