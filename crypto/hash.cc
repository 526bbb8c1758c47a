// The low-level SHA-256 of OpenSSL is deprecated but is the only one whose
// state can be kept and copied without an allocation: a keyed MAC of 160 bytes
// costs a sixth of the one-shot call.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hash.h"

#include <openssl/sha.h>

#include <algorithm>

#include "crypto/secret.h"

namespace frank::crypto {
namespace {

constexpr size_t kBlockBytes = 64;

SHA256_CTX* Context(std::array<uint8_t, 112>& state) {
  static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

}  // namespace

Sha256Hasher::Sha256Hasher() : state_{} { SHA256_Init(Context(state_)); }

Sha256Hasher& Sha256Hasher::Update(ByteSpan bytes) {
  SHA256_Update(Context(state_), bytes.data(), bytes.size());
  return *this;
}

Sha256Digest Sha256Hasher::Finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), Context(state_));
  return digest;
}

Sha256Digest Sha256(std::initializer_list<ByteSpan> pieces) {
  Sha256Hasher hasher;
  for (ByteSpan piece : pieces) hasher.Update(piece);
  return hasher.Finish();
}

HmacKey::HmacKey(ByteSpan key) {
  std::array<uint8_t, kBlockBytes> block{};
  if (key.size() > kBlockBytes) {
    Sha256Digest digest = Sha256({key});
    std::copy(digest.begin(), digest.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  for (uint8_t& byte : block) byte ^= 0x36;
  inner_.Update(block);
  for (uint8_t& byte : block) byte ^= 0x36 ^ 0x5c;
  outer_.Update(block);
  Cleanse(absl::MakeSpan(block));
}

HmacKey::~HmacKey() {
  Cleanse(absl::MakeSpan(reinterpret_cast<uint8_t*>(&inner_), sizeof(inner_)));
  Cleanse(absl::MakeSpan(reinterpret_cast<uint8_t*>(&outer_), sizeof(outer_)));
}

Sha256Digest HmacKey::Mac(std::initializer_list<ByteSpan> pieces) const {
  Sha256Hasher inner = inner_;
  for (ByteSpan piece : pieces) inner.Update(piece);
  Sha256Digest digest = inner.Finish();
  Sha256Hasher outer = outer_;
  return outer.Update(digest).Finish();
}

}  // namespace frank::crypto
