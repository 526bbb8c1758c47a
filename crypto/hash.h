// SHA-256 and HMAC-SHA-256 over input in pieces. Neither allocates.
#ifndef FRANK_CRYPTO_HASH_H_
#define FRANK_CRYPTO_HASH_H_

#include <array>
#include <cstdint>
#include <initializer_list>

#include "core/bytes.h"

namespace frank::crypto {

using Sha256Digest = std::array<uint8_t, 32>;

// SHA-256 of input that arrives piece by piece. Copying one forks the
// computation. Not thread-safe.
class Sha256Hasher {
 public:
  Sha256Hasher();
  Sha256Hasher& Update(ByteSpan bytes);
  // Returns the digest and ends the computation: the object is then only good
  // to be destroyed or assigned to.
  Sha256Digest Finish();

 private:
  // The library's SHA-256 state; its header stays out of ours.
  alignas(8) std::array<uint8_t, 112> state_;
};

// Hashes the concatenation of `pieces`.
Sha256Digest Sha256(std::initializer_list<ByteSpan> pieces);

// An HMAC-SHA-256 key (RFC 2104) with the two padded-key blocks already hashed,
// so that a MAC of a short message costs two compressions fewer:
//   mac = SHA-256((K ^ opad) || SHA-256((K ^ ipad) || data))
// Takes keys of any length as HMAC does; callers check lengths first, because
// HMAC gives a key and its zero extension the same MAC. Thread-safe once made;
// overwritten when destroyed.
class HmacKey {
 public:
  explicit HmacKey(ByteSpan key);
  ~HmacKey();
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;

  // Returns the MAC of the concatenation of `pieces`.
  Sha256Digest Mac(std::initializer_list<ByteSpan> pieces) const;

 private:
  Sha256Hasher inner_;
  Sha256Hasher outer_;
};

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_HASH_H_
