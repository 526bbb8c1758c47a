#include "crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace frank::crypto {

Secret::~Secret() { Cleanse(mutable_bytes()); }

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, Bytes())) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Cleanse(mutable_bytes());
    bytes_ = std::exchange(other.bytes_, Bytes());
  }
  return *this;
}

Secret Secret::Copy(ByteSpan bytes) {
  return Secret(Bytes(bytes.begin(), bytes.end()));
}

Secret Secret::Random(RandomSource& random, size_t size) {
  Secret secret = OfSize(size);
  random.Fill(secret.mutable_bytes());
  return secret;
}

Secret Secret::OfSize(size_t size) { return Secret(Bytes(size)); }

void Secret::Shrink(size_t size) {
  if (size >= bytes_.size()) return;
  Cleanse(mutable_bytes().subspan(size));
  bytes_.resize(size);
}

bool ConstantTimeEquals(ByteSpan a, ByteSpan b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Cleanse(absl::Span<uint8_t> bytes) {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace frank::crypto
