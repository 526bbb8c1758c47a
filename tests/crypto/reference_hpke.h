// HPKE once more, written from RFC 9180 with every intermediate in sight. Tests
// compare the product with it, and forge with it what the product does not
// make: whoever holds a recipient's private key can seal as any sender to it.
#ifndef FRANK_TESTS_CRYPTO_REFERENCE_HPKE_H_
#define FRANK_TESTS_CRYPTO_REFERENCE_HPKE_H_

#include "core/bytes.h"

namespace frank::crypto {

// X25519 on raw bytes; the public key of a private one.
Bytes ReferenceX25519(ByteSpan private_key, ByteSpan public_key);
Bytes ReferencePublicKey(ByteSpan private_key);

// DeriveKeyPair of section 7.1.3: the private key.
Bytes ReferenceDeriveKeyPair(ByteSpan ikm);

// ExtractAndExpand of section 4.1.
Bytes ReferenceSharedSecret(ByteSpan dh, ByteSpan kem_context);

// KeySchedule of section 5.1 with an empty psk.
struct ReferenceSchedule {
  Bytes key_schedule_context;
  Bytes secret;
  Bytes key;
  Bytes base_nonce;
  Bytes exporter_secret;

  // The nonce of sequence number `sequence`.
  Bytes Nonce(uint64_t sequence) const;
};
enum class HpkeMode : uint8_t { kBase = 0, kAuth = 2 };
ReferenceSchedule ReferenceKeySchedule(HpkeMode mode, ByteSpan shared_secret,
                                       ByteSpan info);

// Seals in auth mode to the owner of `recipient_private_key` so that it looks
// like a message of the owner of `sender_public_key`, whose private key is not
// needed: DH(skR, pkS) = DH(skS, pkR). Returns enc || ciphertext.
Bytes ForgeSealAuth(ByteSpan recipient_private_key, ByteSpan sender_public_key,
                    ByteSpan ephemeral_private_key, ByteSpan info, ByteSpan aad,
                    ByteSpan plaintext);

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_REFERENCE_HPKE_H_
