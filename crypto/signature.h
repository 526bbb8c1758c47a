// Ed25519 with the labels of RFC 9420 section 5.1.2, and without for the one
// format of others that we sign.
#ifndef FRANK_CRYPTO_SIGNATURE_H_
#define FRANK_CRYPTO_SIGNATURE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "crypto/secret.h"

struct evp_pkey_st;

namespace frank::crypto {

inline constexpr size_t kEd25519KeyBytes = 32;
inline constexpr size_t kSignatureBytes = 64;
using Signature = std::array<uint8_t, kSignatureBytes>;

// A public key that is safe to verify with. Copies share one immutable key;
// thread-safe.
class Ed25519PublicKey {
 public:
  // Refuses what OpenSSL does not: kInvalidArgument on a length other than 32,
  // on y >= p, and on each of the 14 encodings of points of small order, under
  // which signatures hold for any message.
  static absl::StatusOr<Ed25519PublicKey> Create(ByteSpan bytes);

  // Verifies Ed25519 over vec("MLS 1.0 " || label) || vec(content), RFC 8032
  // section 5.1.7 without the cofactor. kInvalidArgument on a signature that is
  // not 64 bytes; kUnauthenticated when it does not verify.
  absl::Status VerifyWithLabel(absl::string_view label, ByteSpan content,
                               ByteSpan signature) const;

  // As above, over `message` as it is. For signed notes (crypto/checkpoint.h),
  // whose text names what it is; everything of our own has a label.
  absl::Status VerifyPlain(ByteSpan message, ByteSpan signature) const;

  const std::array<uint8_t, kEd25519KeyBytes>& bytes() const { return bytes_; }
  friend bool operator==(const Ed25519PublicKey& a, const Ed25519PublicKey& b) {
    return a.bytes_ == b.bytes_;
  }
  friend bool operator!=(const Ed25519PublicKey& a, const Ed25519PublicKey& b) {
    return !(a == b);
  }

 private:
  Ed25519PublicKey() = default;
  std::array<uint8_t, kEd25519KeyBytes> bytes_{};
  std::shared_ptr<evp_pkey_st> key_;
};

// A private key, held as a handle: its seed cannot be read back. Copies share
// one immutable key; thread-safe.
class Ed25519PrivateKey {
 public:
  // Loads the 32-byte seed of RFC 8032. kInvalidArgument on another length.
  static absl::StatusOr<Ed25519PrivateKey> FromSeed(const Secret& seed);

  // Signs vec("MLS 1.0 " || label) || vec(content). kInternal if OpenSSL fails.
  absl::StatusOr<Signature> SignWithLabel(absl::string_view label,
                                          ByteSpan content) const;
  // Signs `message` as it is; see VerifyPlain.
  absl::StatusOr<Signature> SignPlain(ByteSpan message) const;

  const Ed25519PublicKey& public_key() const { return public_key_; }

 private:
  Ed25519PrivateKey(std::shared_ptr<evp_pkey_st> key,
                    Ed25519PublicKey public_key)
      : key_(std::move(key)), public_key_(std::move(public_key)) {}
  std::shared_ptr<evp_pkey_st> key_;
  Ed25519PublicKey public_key_;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_SIGNATURE_H_
