// HPKE (RFC 9180), single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-128-GCM, modes base and auth. A message is enc (32) || ciphertext.
#ifndef FRANK_CRYPTO_HPKE_H_
#define FRANK_CRYPTO_HPKE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/secret.h"

struct evp_pkey_st;

namespace frank::crypto {

inline constexpr uint16_t kHpkeKem = 0x0020;
inline constexpr uint16_t kHpkeKdf = 0x0001;
inline constexpr uint16_t kHpkeAead = 0x0001;
inline constexpr size_t kHpkeKeyBytes = 32;
// How much longer a message is than its plaintext: enc and the GCM tag.
inline constexpr size_t kHpkeOverhead = 32 + 16;

// An X25519 public key. Copies share one immutable key; thread-safe.
class HpkePublicKey {
 public:
  // kInvalidArgument on a length other than 32, and on the encodings of points
  // of small order (0, 1, p-1, p, p+1 and the two of order 8, bit 255 ignored),
  // with which every X25519 output is zero.
  static absl::StatusOr<HpkePublicKey> Create(ByteSpan bytes);

  const std::array<uint8_t, kHpkeKeyBytes>& bytes() const { return bytes_; }
  // Returns the first 8 bytes of SHA-256(public key).
  KeyId id() const;
  friend bool operator==(const HpkePublicKey& a, const HpkePublicKey& b) {
    return a.bytes_ == b.bytes_;
  }

 private:
  friend class X25519;
  HpkePublicKey() = default;
  std::array<uint8_t, kHpkeKeyBytes> bytes_{};
  std::shared_ptr<evp_pkey_st> key_;
};

// An X25519 private key, a handle: it cannot be read back. Copies share one
// immutable key; thread-safe.
class HpkePrivateKey {
 public:
  // Takes 32 raw bytes, clamped on use. kInvalidArgument on another length.
  static absl::StatusOr<HpkePrivateKey> Create(const Secret& bytes);

  const HpkePublicKey& public_key() const { return public_key_; }

 private:
  friend class X25519;
  HpkePrivateKey(std::shared_ptr<evp_pkey_st> key, HpkePublicKey public_key)
      : key_(std::move(key)), public_key_(std::move(public_key)) {}
  std::shared_ptr<evp_pkey_st> key_;
  HpkePublicKey public_key_;
};

// Seals to `recipient`. The ephemeral private key is the next 32 bytes of
// `random`. kInvalidArgument when an X25519 output is all zero; kInternal.
absl::StatusOr<Bytes> HpkeSeal(const HpkePublicKey& recipient, ByteSpan info,
                               ByteSpan aad, ByteSpan plaintext,
                               RandomSource& random);

// As HpkeSeal, in place: `message` is 32 bytes that are written, the plaintext,
// 16 bytes that are written.
absl::Status HpkeSealInPlace(const HpkePublicKey& recipient, ByteSpan info,
                             ByteSpan aad, absl::Span<uint8_t> message,
                             RandomSource& random);

// Opens. kUnauthenticated whenever it does not open: too short, an X25519
// output of zeros, another key, info or aad.
absl::StatusOr<Secret> HpkeOpen(const HpkePrivateKey& recipient, ByteSpan info,
                                ByteSpan aad, ByteSpan message);

// The same in auth mode: only the holder of `sender` (or of the recipient's own
// key) can have sealed what opens.
absl::StatusOr<Bytes> HpkeSealAuth(const HpkePublicKey& recipient,
                                   const HpkePrivateKey& sender, ByteSpan info,
                                   ByteSpan aad, ByteSpan plaintext,
                                   RandomSource& random);
absl::StatusOr<Secret> HpkeOpenAuth(const HpkePrivateKey& recipient,
                                    const HpkePublicKey& sender, ByteSpan info,
                                    ByteSpan aad, ByteSpan message);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_HPKE_H_
