// The algebra of AES-GCM, for building the attacks that the protocol has to
// refuse. GHASH is linear in each block of input under a known key, so that
// whoever knows the key can solve for input that gives a wanted tag.
#ifndef FRANK_TESTS_CRYPTO_GCM_ALGEBRA_H_
#define FRANK_TESTS_CRYPTO_GCM_ALGEBRA_H_

#include <vector>

#include "core/bytes.h"

namespace frank::crypto {

// An element of GF(2^128) as GCM writes it: bit 0 is the highest bit of the
// first byte; the polynomial is x^128 + x^7 + x^2 + x + 1.
struct Field128 {
  uint64_t high = 0;
  uint64_t low = 0;

  static Field128 FromBytes(ByteSpan up_to_16);
  static Field128 One() { return {uint64_t{1} << 63, 0}; }
  Bytes ToBytes() const;
  // The bit of x^i.
  bool Bit(int i) const;
  bool IsZero() const { return (high | low) == 0; }
};
Field128 operator+(const Field128& a, const Field128& b);
Field128 operator*(const Field128& a, const Field128& b);
Field128 Power(Field128 base, uint64_t exponent);
Field128 Inverse(const Field128& element);

// One AES-128-GCM key with one 12-byte nonce.
class GcmAlgebra {
 public:
  GcmAlgebra(ByteSpan key, ByteSpan nonce);

  const Field128& h() const { return h_; }
  // The 16 bytes that encrypt block `index` of the plaintext.
  Bytes Keystream(uint32_t index) const;
  Field128 Ghash(ByteSpan aad, ByteSpan ciphertext) const;
  // GHASH plus the encrypted first counter: the tag.
  Field128 Tag(ByteSpan aad, ByteSpan ciphertext) const;

 private:
  Bytes EncryptBlock(ByteSpan block) const;
  Bytes key_;
  Bytes nonce_;
  Field128 h_;
};

// Finds which of `columns` sum to `target`, one flag a column; empty if none
// do. Gauss over GF(2).
std::vector<bool> SolveSum(const std::vector<Field128>& columns,
                           Field128 target);

}  // namespace frank::crypto

#endif  // FRANK_TESTS_CRYPTO_GCM_ALGEBRA_H_
