#include "crypto/signature.h"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"

namespace frank::crypto {
namespace {

using KeyBytes = std::array<uint8_t, kEd25519KeyBytes>;

constexpr KeyBytes Filled(uint8_t first, uint8_t middle, uint8_t last) {
  KeyBytes bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = middle;
  bytes.front() = first;
  bytes.back() = last;
  return bytes;
}

// The y of the points of small order below p, little-endian. With either sign
// bit they are 10 of the 14 encodings; the other 4 have y >= p.
constexpr KeyBytes kSmallOrderY[] = {
    Filled(0x00, 0x00, 0x00),  // order 4
    Filled(0x01, 0x00, 0x00),  // order 1
    Filled(0xEC, 0xFF, 0x7F),  // order 2: p - 1
    {0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4,
     0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6,
     0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05},
    {0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B,
     0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39,
     0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A}};
constexpr KeyBytes kP = Filled(0xED, 0xFF, 0x7F);

absl::Status CheckPublicKey(const KeyBytes& bytes) {
  KeyBytes y = bytes;
  y.back() &= 0x7F;
  if (!std::lexicographical_compare(y.rbegin(), y.rend(), kP.rbegin(),
                                    kP.rend())) {
    return FieldError("public_key", "must be a canonical point");
  }
  if (std::find(std::begin(kSmallOrderY), std::end(kSmallOrderY), y) !=
      std::end(kSmallOrderY)) {
    return FieldError("public_key", "must not be a point of small order");
  }
  return absl::OkStatus();
}

// vec("MLS 1.0 " || label) || vec(content)
Bytes SignContent(absl::string_view label, ByteSpan content) {
  constexpr absl::string_view kPrefix = "MLS 1.0 ";
  size_t label_size = kPrefix.size() + label.size();
  return Encoder(label_size + content.size() + 8)
      .VecHeader(label_size)
      .Label(kPrefix)
      .Label(label)
      .Vec(content)
      .Take();
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) {
  return std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

}  // namespace

absl::StatusOr<Ed25519PublicKey> Ed25519PublicKey::Create(ByteSpan bytes) {
  if (bytes.size() != kEd25519KeyBytes) {
    return FieldError("public_key", "must be 32 bytes");
  }
  Ed25519PublicKey key;
  key.bytes_ = ToArray<kEd25519KeyBytes>(bytes);
  FRANK_RETURN_IF_ERROR(CheckPublicKey(key.bytes_));
  key.key_ = Own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                             bytes.data(), bytes.size()));
  if (key.key_ == nullptr) return LibraryError("loading an Ed25519 key");
  return key;
}

absl::Status Ed25519PublicKey::VerifyWithLabel(absl::string_view label,
                                               ByteSpan content,
                                               ByteSpan signature) const {
  return VerifyPlain(SignContent(label, content), signature);
}

absl::Status Ed25519PublicKey::VerifyPlain(ByteSpan message,
                                           ByteSpan signature) const {
  if (signature.size() != kSignatureBytes) {
    return FieldError("signature", "must be 64 bytes");
  }
  ContextPtr context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           key_.get()) != 1) {
    return LibraryError("Ed25519 verification");
  }
  int verified =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                       message.data(), message.size());
  // A library that fails must not become a verdict.
  if (verified < 0) return LibraryError("Ed25519 verification");
  return verified == 1 ? absl::OkStatus() : Unauthenticated();
}

absl::StatusOr<Ed25519PrivateKey> Ed25519PrivateKey::FromSeed(
    const Secret& seed) {
  if (seed.size() != kEd25519KeyBytes) {
    return FieldError("private_key", "must be 32 bytes");
  }
  std::shared_ptr<EVP_PKEY> key = Own(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.size()));
  KeyBytes public_bytes;
  size_t size = public_bytes.size();
  if (key == nullptr ||
      EVP_PKEY_get_raw_public_key(key.get(), public_bytes.data(), &size) != 1) {
    return LibraryError("loading an Ed25519 key");
  }
  FRANK_ASSIGN_OR_RETURN(Ed25519PublicKey public_key,
                         Ed25519PublicKey::Create(public_bytes));
  return Ed25519PrivateKey(std::move(key), std::move(public_key));
}

absl::StatusOr<Signature> Ed25519PrivateKey::SignWithLabel(
    absl::string_view label, ByteSpan content) const {
  return SignPlain(SignContent(label, content));
}

absl::StatusOr<Signature> Ed25519PrivateKey::SignPlain(ByteSpan message) const {
  ContextPtr context(EVP_MD_CTX_new());
  Signature signature;
  size_t size = signature.size();
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                         key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                     message.size()) != 1) {
    return LibraryError("Ed25519 signing");
  }
  return signature;
}

}  // namespace frank::crypto
