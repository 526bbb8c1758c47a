// An identity provider for tests: makes keys, publishes them, signs tokens.
#ifndef FRANK_TESTS_SERVICES_OIDC_PROVIDER_KEYS_H_
#define FRANK_TESTS_SERVICES_OIDC_PROVIDER_KEYS_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct evp_pkey_st;

namespace frank::oidc {

// base64url without padding.
std::string Encode(absl::string_view bytes);

// A key pair for one algorithm: "RS256", "ES256" or "EdDSA".
class ProviderKey {
 public:
  ProviderKey(const std::string& algorithm, std::string id,
              int rsa_bits = 2048);

  const std::string& algorithm() const { return algorithm_; }
  const std::string& id() const { return id_; }
  // Its member of a key set; `more` is put in: ",\"use\":\"enc\"".
  std::string Jwk(const std::string& more = "") const;
  // Signs header and claims, JSON both, as they are.
  std::string Sign(const std::string& header, const std::string& claims) const;
  // The same under the header that belongs to the key.
  std::string Token(const std::string& claims) const;
  // The public key as PEM: what an attacker would use as an HMAC key.
  std::string PublicPem() const;

 private:
  std::string Signature(const std::string& content) const;

  const std::string algorithm_;
  const std::string id_;
  std::shared_ptr<evp_pkey_st> key_;
};

// A key set of members.
std::string KeySet(std::initializer_list<std::string> jwks);

}  // namespace frank::oidc

#endif  // FRANK_TESTS_SERVICES_OIDC_PROVIDER_KEYS_H_
