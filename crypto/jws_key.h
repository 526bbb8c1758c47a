// Keys of an identity provider: public keys that verify a JSON Web Signature
// (RFC 7515) by RS256, ES256 (RFC 7518) or EdDSA with Ed25519 (RFC 8037).
#ifndef FRANK_CRYPTO_JWS_KEY_H_
#define FRANK_CRYPTO_JWS_KEY_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"

struct evp_pkey_st;

namespace frank::crypto {

// A key knows the one algorithm that it is for, so that no token can choose
// another. Copies share one immutable key; thread-safe.
class JwsKey {
 public:
  // Big-endian modulus of 2,048 to 8,192 bits and odd exponent of at most 4
  // bytes. kInvalidArgument otherwise.
  static absl::StatusOr<JwsKey> FromRsa(ByteSpan modulus, ByteSpan exponent);
  // Coordinates of 32 bytes each. kInvalidArgument unless they are a point of
  // P-256.
  static absl::StatusOr<JwsKey> FromP256(ByteSpan x, ByteSpan y);
  // kInvalidArgument as Ed25519PublicKey::Create.
  static absl::StatusOr<JwsKey> FromEd25519(ByteSpan bytes);

  // "RS256", "ES256" or "EdDSA".
  absl::string_view algorithm() const { return algorithm_; }

  // Verifies a signature over content. kUnauthenticated when it does not
  // verify, of whatever length.
  absl::Status Verify(ByteSpan content, ByteSpan signature) const;

 private:
  JwsKey(const char* algorithm, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  const char* algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_JWS_KEY_H_
