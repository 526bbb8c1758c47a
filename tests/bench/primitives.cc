// The low-level SHA-256 functions are what a prepared HMAC key needs; OpenSSL 3
// marks them deprecated but has nothing that does the same.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/bench/primitives.h"

#include <openssl/crypto.h>

#include "core/status.h"

namespace frank::bench {

Digest BareSha256(ByteSpan data) {
  Digest out;
  SHA256(data.data(), data.size(), out.data());
  return out;
}

bool BareEquals(ByteSpan a, ByteSpan b) {
  return CRYPTO_memcmp(a.data(), b.data(), b.size()) == 0;
}

BareHmac::BareHmac(ByteSpan key) {
  std::array<uint8_t, 64> inner{}, outer{};
  for (size_t i = 0; i < 64; ++i) {
    uint8_t byte = i < key.size() ? key[i] : uint8_t{0};
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  SHA256_Init(&inner_);
  SHA256_Update(&inner_, inner.data(), inner.size());
  SHA256_Init(&outer_);
  SHA256_Update(&outer_, outer.data(), outer.size());
}

Digest BareHmac::Mac(ByteSpan data) const {
  Digest out;
  SHA256_CTX state = inner_;
  SHA256_Update(&state, data.data(), data.size());
  SHA256_Final(out.data(), &state);
  state = outer_;
  SHA256_Update(&state, out.data(), out.size());
  SHA256_Final(out.data(), &state);
  return out;
}

BareGcm::BareGcm()
    : seal_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free),
      open_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
  EVP_EncryptInit_ex(seal_.get(), EVP_aes_128_gcm(), nullptr, nullptr, nullptr);
  EVP_DecryptInit_ex(open_.get(), EVP_aes_128_gcm(), nullptr, nullptr, nullptr);
}

void BareGcm::Seal(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                   ByteSpan plaintext, uint8_t* out) {
  int length = 0;
  EVP_CIPHER_CTX* context = seal_.get();
  EVP_EncryptInit_ex(context, nullptr, nullptr, key.data(), nonce.data());
  EVP_EncryptUpdate(context, nullptr, &length, aad.data(),
                    static_cast<int>(aad.size()));
  EVP_EncryptUpdate(context, out, &length, plaintext.data(),
                    static_cast<int>(plaintext.size()));
  FRANK_CHECK(EVP_EncryptFinal_ex(context, out + length, &length) == 1);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16,
                      out + plaintext.size());
}

void BareGcm::Open(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                   ByteSpan ciphertext, uint8_t* out) {
  int length = 0;
  EVP_CIPHER_CTX* context = open_.get();
  ByteSpan text = ciphertext.first(ciphertext.size() - 16);
  EVP_DecryptInit_ex(context, nullptr, nullptr, key.data(), nonce.data());
  EVP_DecryptUpdate(context, nullptr, &length, aad.data(),
                    static_cast<int>(aad.size()));
  EVP_DecryptUpdate(context, out, &length, text.data(),
                    static_cast<int>(text.size()));
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16,
                      const_cast<uint8_t*>(text.data() + text.size()));
  FRANK_CHECK(EVP_DecryptFinal_ex(context, out + length, &length) == 1);
}

BareEd25519::BareEd25519()
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free),
      context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {}

std::array<uint8_t, 64> BareEd25519::Sign(ByteSpan message) {
  std::array<uint8_t, 64> out;
  size_t size = out.size();
  EVP_MD_CTX_reset(context_.get());
  EVP_DigestSignInit(context_.get(), nullptr, nullptr, nullptr, key_.get());
  FRANK_CHECK(EVP_DigestSign(context_.get(), out.data(), &size, message.data(),
                             message.size()) == 1);
  return out;
}

bool BareEd25519::Verify(ByteSpan message, ByteSpan signature) {
  EVP_MD_CTX_reset(context_.get());
  EVP_DigestVerifyInit(context_.get(), nullptr, nullptr, nullptr, key_.get());
  return EVP_DigestVerify(context_.get(), signature.data(), signature.size(),
                          message.data(), message.size()) == 1;
}

BareX25519::BareX25519()
    : mine_(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), EVP_PKEY_free),
      theirs_(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), EVP_PKEY_free) {}

Digest BareX25519::Derive() {
  Digest out;
  size_t size = out.size();
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(mine_.get(), nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY_derive_init(context.get());
  EVP_PKEY_derive_set_peer(context.get(), theirs_.get());
  FRANK_CHECK(EVP_PKEY_derive(context.get(), out.data(), &size) == 1);
  return out;
}

}  // namespace frank::bench
