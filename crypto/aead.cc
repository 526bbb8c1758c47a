#include "crypto/aead.h"

#include <openssl/evp.h>

#include <limits>
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
using ContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum Direction { kOpen = 0, kSeal = 1 };

ContextPtr NewContext(Direction direction) {
  static const EVP_CIPHER* const cipher =
      EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  ContextPtr context(EVP_CIPHER_CTX_new());
  if (cipher == nullptr || context == nullptr ||
      EVP_CipherInit_ex2(context.get(), cipher, nullptr, nullptr, direction,
                         nullptr) != 1) {
    return nullptr;
  }
  return context;
}

// The contexts of this thread; null when the library has none to give.
EVP_CIPHER_CTX* ThreadContext(Direction direction) {
  thread_local ContextPtr contexts[2];
  ContextPtr& context = contexts[direction];
  if (context == nullptr) context = NewContext(direction);
  return context.get();
}

absl::Status CheckLengths(ByteSpan key, ByteSpan nonce, size_t shorter,
                          size_t longer) {
  if (key.size() != kAeadKeyBytes) {
    return FieldError("key", "must be 16 bytes");
  }
  if (nonce.size() != kAeadNonceBytes) {
    return FieldError("nonce", "must be 12 bytes");
  }
  if (longer != shorter + kAeadTagBytes) {
    return FieldError("output", "must differ from the input by the tag");
  }
  if (longer > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return FieldError("input", "must be below 2 GiB");
  }
  return absl::OkStatus();
}

// Runs all of the operation but the tag. An empty input is passed over: to the
// library, data without an output is associated data.
bool Process(EVP_CIPHER_CTX* context, Direction direction, ByteSpan key,
             ByteSpan nonce, ByteSpan aad, ByteSpan in, uint8_t* out) {
  int written = 0;
  return EVP_CipherInit_ex2(context, nullptr, key.data(), nonce.data(),
                            direction, nullptr) == 1 &&
         (aad.empty() ||
          EVP_CipherUpdate(context, nullptr, &written, aad.data(),
                           static_cast<int>(aad.size())) == 1) &&
         (in.empty() || EVP_CipherUpdate(context, out, &written, in.data(),
                                         static_cast<int>(in.size())) == 1);
}

}  // namespace

absl::Status AeadSeal(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan plaintext, absl::Span<uint8_t> out) {
  FRANK_RETURN_IF_ERROR(CheckLengths(key, nonce, plaintext.size(), out.size()));
  EVP_CIPHER_CTX* context = ThreadContext(kSeal);
  uint8_t* tag = out.data() + plaintext.size();
  int written = 0;
  if (context == nullptr ||
      !Process(context, kSeal, key, nonce, aad, plaintext, out.data()) ||
      EVP_CipherFinal_ex(context, tag, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag) !=
          1) {
    return LibraryError("AES-128-GCM encryption");
  }
  return absl::OkStatus();
}

absl::Status AeadOpen(ByteSpan key, ByteSpan nonce, ByteSpan aad,
                      ByteSpan ciphertext, absl::Span<uint8_t> out) {
  if (ciphertext.size() < kAeadTagBytes) return Unauthenticated();
  FRANK_RETURN_IF_ERROR(
      CheckLengths(key, nonce, out.size(), ciphertext.size()));
  EVP_CIPHER_CTX* context = ThreadContext(kOpen);
  std::array<uint8_t, kAeadTagBytes> tag =
      ToArray<kAeadTagBytes>(ciphertext.subspan(out.size()));
  if (context == nullptr ||
      !Process(context, kOpen, key, nonce, aad, ciphertext.first(out.size()),
               out.data()) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes,
                          tag.data()) != 1) {
    Cleanse(out);
    return LibraryError("AES-128-GCM decryption");
  }
  std::array<uint8_t, kAeadTagBytes> none;
  int written = 0;
  if (EVP_CipherFinal_ex(context, none.data(), &written) != 1) {
    Cleanse(out);
    return Unauthenticated();
  }
  return absl::OkStatus();
}

}  // namespace frank::crypto
