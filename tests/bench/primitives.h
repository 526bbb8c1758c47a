// The bare primitives that no implementation of the protocol can do without,
// through OpenSSL alone, as fast as it goes: key states prepared, contexts
// reused, nothing allocated.
#ifndef FRANK_TESTS_BENCH_PRIMITIVES_H_
#define FRANK_TESTS_BENCH_PRIMITIVES_H_

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>

#include "core/bytes.h"

namespace frank::bench {

using Digest = std::array<uint8_t, 32>;

Digest BareSha256(ByteSpan data);
// Constant-time, as what is secret must be compared.
bool BareEquals(ByteSpan a, ByteSpan b);

// HMAC-SHA256 with the two key states prepared.
class BareHmac {
 public:
  explicit BareHmac(ByteSpan key);
  Digest Mac(ByteSpan data) const;

 private:
  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

// AES-128-GCM with one context, keyed anew for each message.
class BareGcm {
 public:
  BareGcm();
  void Seal(ByteSpan key, ByteSpan nonce, ByteSpan aad, ByteSpan plaintext,
            uint8_t* out);
  // Aborts if the tag is wrong.
  void Open(ByteSpan key, ByteSpan nonce, ByteSpan aad, ByteSpan ciphertext,
            uint8_t* out);

 private:
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> seal_;
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> open_;
};

// Ed25519 with a loaded key.
class BareEd25519 {
 public:
  BareEd25519();
  std::array<uint8_t, 64> Sign(ByteSpan message);
  bool Verify(ByteSpan message, ByteSpan signature);

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// X25519 between two loaded keys.
class BareX25519 {
 public:
  BareX25519();
  Digest Derive();

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> mine_, theirs_;
};

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_PRIMITIVES_H_
