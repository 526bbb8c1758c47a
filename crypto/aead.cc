#include "crypto/aead.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "core/status.h"
#include "crypto/errors.h"
#include "crypto/secret.h"

namespace frank::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};

// Fetching an algorithm costs more than encrypting a short message.
const EVP_CIPHER* Aes128Gcm() {
  static const EVP_CIPHER* const cipher =
      EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  return cipher;
}

EVP_CIPHER_CTX* ThreadContext() {
  static thread_local std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(
      EVP_CIPHER_CTX_new());
  return context.get();
}

absl::Status CheckLengths(ByteSpan key, ByteSpan nonce) {
  if (key.size() != kAeadKeyBytes) {
    return FieldError("key", "must be 16 bytes");
  }
  if (nonce.size() != kAeadNonceBytes) {
    return FieldError("nonce", "must be 12 bytes");
  }
  return absl::OkStatus();
}

bool Update(EVP_CIPHER_CTX* context, uint8_t* out, ByteSpan in) {
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(),
                          static_cast<int>(in.size())) == 1;
}

// Runs a cipher up to its final step.
absl::StatusOr<EVP_CIPHER_CTX*> Run(bool encrypt, ByteSpan key, ByteSpan nonce,
                                    ByteSpan aad, ByteSpan in, uint8_t* out) {
  EVP_CIPHER_CTX* context = ThreadContext();
  if (EVP_CipherInit_ex2(context, Aes128Gcm(), key.data(), nonce.data(),
                         encrypt ? 1 : 0, nullptr) != 1) {
    return LibraryError("EVP_CipherInit_ex2");
  }
  if ((!aad.empty() && !Update(context, nullptr, aad)) ||
      (!in.empty() && !Update(context, out, in))) {
    return LibraryError("EVP_CipherUpdate");
  }
  return context;
}

}  // namespace

absl::Status AeadSeal(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan plaintext, absl::Span<uint8_t> out) {
  FRANK_RETURN_IF_ERROR(CheckLengths(key, nonce));
  if (out.size() != plaintext.size() + kAeadTagBytes) {
    return FieldError("out", "must be 16 bytes longer than the plaintext");
  }
  FRANK_ASSIGN_OR_RETURN(
      EVP_CIPHER_CTX * context,
      Run(/*encrypt=*/true, key, nonce, aad, plaintext, out.data()));
  uint8_t none[16];
  int written = 0;
  if (EVP_CipherFinal_ex(context, none, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes,
                          out.data() + plaintext.size()) != 1) {
    return LibraryError("EVP_CipherFinal_ex");
  }
  return absl::OkStatus();
}

absl::Status AeadOpen(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan ciphertext, absl::Span<uint8_t> out) {
  FRANK_RETURN_IF_ERROR(CheckLengths(key, nonce));
  if (ciphertext.size() < kAeadTagBytes) {
    std::fill(out.begin(), out.end(), 0);
    return Unauthenticated();
  }
  if (out.size() + kAeadTagBytes != ciphertext.size()) {
    return FieldError("out", "must be 16 bytes shorter than the ciphertext");
  }
  uint8_t tag[kAeadTagBytes];
  ByteSpan sealed_tag = ciphertext.subspan(out.size());
  std::copy(sealed_tag.begin(), sealed_tag.end(), tag);
  FRANK_ASSIGN_OR_RETURN(EVP_CIPHER_CTX * context,
                         Run(/*encrypt=*/false, key, nonce, aad,
                             ciphertext.subspan(0, out.size()), out.data()));
  uint8_t none[16];
  int written = 0;
  if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes,
                          tag) != 1 ||
      EVP_CipherFinal_ex(context, none, &written) != 1) {
    Cleanse(out);
    return Unauthenticated();
  }
  return absl::OkStatus();
}

}  // namespace frank::crypto
