// A JSON Web Key Set (RFC 7517): the public keys of a provider.
#ifndef FRANK_SERVICES_OIDC_JWKS_H_
#define FRANK_SERVICES_OIDC_JWKS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/jws_key.h"

namespace frank::oidc {

// Immutable, hence thread-safe.
class Jwks {
 public:
  // Keeps the keys that verify RS256, ES256 or EdDSA; the others, such as those
  // for encryption, are passed over. kInvalidArgument unless the text is a set
  // of at most limits::kMaxJwks keys with one of that kind.
  static absl::StatusOr<Jwks> Parse(absl::string_view text);

  // Returns the key of that id for that algorithm, or null. Without an id: the
  // only one for the algorithm.
  const crypto::JwsKey* Find(const std::string& key_id,
                             absl::string_view algorithm) const;

  size_t size() const { return keys_.size(); }

 private:
  // By key id; the id may be empty, and one id may be of keys of several kinds.
  std::multimap<std::string, crypto::JwsKey> keys_;
};

}  // namespace frank::oidc

#endif  // FRANK_SERVICES_OIDC_JWKS_H_
