// The low-level SHA-256 functions are deprecated since OpenSSL 3.0, and are
// several times as fast as EVP on short input, which is what franks are.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <type_traits>

namespace frank::crypto {
namespace {

constexpr size_t kBlockBytes = 64;
using State = std::array<uint8_t, 112>;

static_assert(sizeof(SHA256_CTX) == sizeof(State) && alignof(SHA256_CTX) <= 8);
static_assert(std::is_trivially_copyable_v<SHA256_CTX>);

SHA256_CTX* Context(State& state) {
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

}  // namespace

Sha256Hasher::Sha256Hasher() { SHA256_Init(Context(state_)); }

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
  for (uint8_t& byte : block) byte ^= 0x36 ^ 0x5C;
  outer_.Update(block);
  OPENSSL_cleanse(block.data(), block.size());
}

HmacKey::~HmacKey() {
  OPENSSL_cleanse(&inner_, sizeof(inner_));
  OPENSSL_cleanse(&outer_, sizeof(outer_));
}

Sha256Digest HmacKey::Mac(std::initializer_list<ByteSpan> pieces) const {
  Sha256Hasher inner = inner_;
  for (ByteSpan piece : pieces) inner.Update(piece);
  Sha256Digest digest = inner.Finish();
  Sha256Hasher outer = outer_;
  return outer.Update(digest).Finish();
}

}  // namespace frank::crypto
