#include "tests/crypto/gcm_algebra.h"

#include <openssl/evp.h>

#include <memory>

#include "core/status.h"

namespace frank::crypto {

Field128 Field128::FromBytes(ByteSpan up_to_16) {
  Field128 out;
  for (size_t i = 0; i < up_to_16.size() && i < 16; ++i) {
    uint64_t& half = i < 8 ? out.high : out.low;
    half |= uint64_t{up_to_16[i]} << (56 - 8 * (i % 8));
  }
  return out;
}

Bytes Field128::ToBytes() const {
  std::string text;
  AppendU64(high, &text);
  AppendU64(low, &text);
  return frank::ToBytes(text);
}

bool Field128::Bit(int i) const {
  return ((i < 64 ? high : low) >> (63 - i % 64)) & 1;
}

Field128 operator+(const Field128& a, const Field128& b) {
  return {a.high ^ b.high, a.low ^ b.low};
}

Field128 operator*(const Field128& a, const Field128& b) {
  Field128 sum, shifted = b;
  for (int i = 0; i < 128; ++i) {
    if (a.Bit(i)) sum = sum + shifted;
    bool carry = shifted.low & 1;
    shifted.low = shifted.low >> 1 | shifted.high << 63;
    shifted.high >>= 1;
    if (carry) shifted.high ^= uint64_t{0xE1} << 56;
  }
  return sum;
}

Field128 Power(Field128 base, uint64_t exponent) {
  Field128 out = Field128::One();
  for (; exponent != 0; exponent >>= 1, base = base * base) {
    if (exponent & 1) out = out * base;
  }
  return out;
}

Field128 Inverse(const Field128& element) {
  // element^(2^128 - 2): the product of all squarings but the zeroth.
  Field128 out = Field128::One(), square = element;
  for (int i = 1; i < 128; ++i) {
    square = square * square;
    out = out * square;
  }
  return out;
}

GcmAlgebra::GcmAlgebra(ByteSpan key, ByteSpan nonce)
    : key_(key.begin(), key.end()), nonce_(nonce.begin(), nonce.end()) {
  h_ = Field128::FromBytes(EncryptBlock(Bytes(16)));
}

Bytes GcmAlgebra::EncryptBlock(ByteSpan block) const {
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Bytes out(32);
  int length = 0;
  FRANK_CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr,
                                 key_.data(), nullptr) == 1);
  FRANK_CHECK(EVP_EncryptUpdate(context.get(), out.data(), &length,
                                block.data(), 16) == 1 &&
              length == 16);
  out.resize(16);
  return out;
}

Bytes GcmAlgebra::Keystream(uint32_t index) const {
  std::string block = ToString(nonce_);
  AppendU32(index + 2, &block);
  return EncryptBlock(AsBytes(block));
}

Field128 GcmAlgebra::Ghash(ByteSpan aad, ByteSpan ciphertext) const {
  Field128 sum;
  for (ByteSpan input : {aad, ciphertext}) {
    for (size_t at = 0; at < input.size(); at += 16) {
      sum = (sum + Field128::FromBytes(input.subspan(at))) * h_;
    }
  }
  return (sum + Field128{aad.size() * 8, ciphertext.size() * 8}) * h_;
}

Field128 GcmAlgebra::Tag(ByteSpan aad, ByteSpan ciphertext) const {
  std::string first = ToString(nonce_);
  AppendU32(1, &first);
  return Ghash(aad, ciphertext) +
         Field128::FromBytes(EncryptBlock(AsBytes(first)));
}

std::vector<bool> SolveSum(const std::vector<Field128>& columns,
                           Field128 target) {
  // Each basis element remembers which columns it is a sum of.
  struct Row {
    Field128 value;
    std::vector<bool> from;
  };
  auto add = [](Row* row, const Row& other) {
    row->value = row->value + other.value;
    for (size_t i = 0; i < row->from.size(); ++i) {
      row->from[i] = row->from[i] != other.from[i];
    }
  };
  std::vector<Row> basis(128, Row{{}, std::vector<bool>(columns.size())});
  auto reduce = [&](Row* row) {
    for (int bit = 0; bit < 128; ++bit) {
      if (!row->value.Bit(bit)) continue;
      if (basis[bit].value.IsZero()) return bit;
      add(row, basis[bit]);
    }
    return -1;
  };
  for (size_t i = 0; i < columns.size(); ++i) {
    Row row{columns[i], std::vector<bool>(columns.size())};
    row.from[i] = true;
    if (int bit = reduce(&row); bit >= 0) basis[bit] = row;
  }
  Row wanted{target, std::vector<bool>(columns.size())};
  return reduce(&wanted) < 0 ? wanted.from : std::vector<bool>{};
}

}  // namespace frank::crypto
