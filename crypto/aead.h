// AES-128-GCM. Output is ciphertext || 16-byte tag (protocol section 2).
#ifndef FRANK_CRYPTO_AEAD_H_
#define FRANK_CRYPTO_AEAD_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/bytes.h"

namespace frank::crypto {

inline constexpr size_t kAeadKeyBytes = 16;
inline constexpr size_t kAeadNonceBytes = 12;
inline constexpr size_t kAeadTagBytes = 16;

// Encrypts `plaintext` into `out`, which is kAeadTagBytes longer and may begin
// at the plaintext itself (in place) but not overlap it otherwise. GCM commits
// neither to its key nor to `aad`; a nonce is never used twice under a key.
// Each thread reuses one context, which holds the last key schedule until the
// next call. kInvalidArgument on a key, nonce or output of another length.
absl::Status AeadSeal(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan plaintext, absl::Span<uint8_t> out);

// Decrypts `ciphertext` into `out`, which is kAeadTagBytes shorter and may
// begin at the ciphertext (in place). kInvalidArgument on a wrong length of
// key, nonce or output; kUnauthenticated when the tag does not verify (a
// ciphertext shorter than a tag included), and then `out` holds zeros.
absl::Status AeadOpen(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan ciphertext, absl::Span<uint8_t> out);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_AEAD_H_
