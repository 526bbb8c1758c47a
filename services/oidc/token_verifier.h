// Whether a token of the identity provider lets somebody in, and whom.
#ifndef FRANK_SERVICES_OIDC_TOKEN_VERIFIER_H_
#define FRANK_SERVICES_OIDC_TOKEN_VERIFIER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "services/oidc/jwt.h"
#include "services/oidc/key_source.h"

namespace frank::oidc {

// Whom a token is about.
struct Identity {
  // As IsSubject.
  std::string subject;
  // Values of the roles claim.
  std::vector<std::string> roles;
  bool child_safety = false;
};

// Whether a subject can be a part of ids here: 1 to 128 visible ASCII
// characters without quotes and backslashes. It is taken as it is, so that no
// two subjects become one.
bool IsSubject(absl::string_view text);

// Thread-safe.
class TokenVerifier {
 public:
  struct Settings {
    std::string issuer;
    std::string audience;
    std::string roles_claim;
    // Empty: none gives the permission.
    std::string child_safety_value;
    UnixMillis clock_skew = 0;
  };
  // Source and clock outlive the verifier.
  TokenVerifier(Settings settings, KeySource& keys, const Clock& clock);

  // kUnauthenticated CREDENTIAL_INVALID, with one text for all causes: form,
  // algorithm, key, signature, issuer, audience, subject, times. kUnavailable
  // while the provider's keys are not here.
  absl::StatusOr<Identity> Verify(absl::string_view token);

 private:
  // Names the claim that does not hold; null: all do.
  const char* FindBadClaim(const google::protobuf::Struct& claims) const;
  const char* FindBadTime(const google::protobuf::Struct& claims) const;
  Identity ReadIdentity(const google::protobuf::Struct& claims) const;

  const Settings settings_;
  KeySource& keys_;
  const Clock& clock_;
};

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_TOKEN_VERIFIER_H_
