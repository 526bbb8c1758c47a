#include "crypto/jws_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/status.h"
#include "crypto/errors.h"
#include "crypto/signature.h"

namespace frank::crypto {
namespace {

constexpr char kRs256[] = "RS256";
constexpr char kEs256[] = "ES256";
constexpr char kEdDsa[] = "EdDSA";

constexpr size_t kCoordinateBytes = 32;
constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;
constexpr size_t kMaxExponentBytes = 4;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BignumPtr = std::unique_ptr<BIGNUM, Free<BN_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

BignumPtr ToBignum(ByteSpan bytes) {
  return BignumPtr(
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) {
  return std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

// Null when the parameters are no public key of the type.
std::shared_ptr<EVP_PKEY> MakeKey(const char* type, OSSL_PARAM_BLD* builder) {
  ParamsPtr params(OSSL_PARAM_BLD_to_param(builder));
  KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr ||
      EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return nullptr;
  }
  std::shared_ptr<EVP_PKEY> owned = Own(key);
  KeyContextPtr check(EVP_PKEY_CTX_new(key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    return nullptr;
  }
  return owned;
}

// r || s, as tokens have it, in the form that the library verifies.
absl::StatusOr<Bytes> ToDer(ByteSpan signature) {
  SignaturePtr pair(ECDSA_SIG_new());
  BignumPtr r = ToBignum(signature.first(kCoordinateBytes));
  BignumPtr s = ToBignum(signature.subspan(kCoordinateBytes));
  if (pair == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
    return LibraryError("ECDSA_SIG_set0");
  }
  // Owned by the pair now.
  r.release();
  s.release();
  uint8_t* der = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return LibraryError("i2d_ECDSA_SIG");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

absl::StatusOr<JwsKey> JwsKey::FromRsa(ByteSpan modulus, ByteSpan exponent) {
  BignumPtr n = ToBignum(modulus);
  BignumPtr e = ToBignum(exponent);
  BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr) {
    return LibraryError("OSSL_PARAM_BLD_new");
  }
  int bits = BN_num_bits(n.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return FieldError("n", "must have 2,048 to 8,192 bits");
  }
  if (exponent.size() > kMaxExponentBytes || !BN_is_odd(e.get()) ||
      BN_is_one(e.get())) {
    return FieldError("e", "must be odd, above 1 and at most 4 bytes");
  }
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) !=
          1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) !=
          1) {
    return LibraryError("OSSL_PARAM_BLD_push_BN");
  }
  std::shared_ptr<EVP_PKEY> key = MakeKey("RSA", builder.get());
  if (key == nullptr) return FieldError("n", "must be an RSA modulus");
  return JwsKey(kRs256, std::move(key));
}

absl::StatusOr<JwsKey> JwsKey::FromP256(ByteSpan x, ByteSpan y) {
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return FieldError("x", "must be 32 bytes, as y");
  }
  Bytes point = {POINT_CONVERSION_UNCOMPRESSED};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       point.data(), point.size()) != 1) {
    return LibraryError("OSSL_PARAM_BLD_push_octet_string");
  }
  std::shared_ptr<EVP_PKEY> key = MakeKey("EC", builder.get());
  if (key == nullptr) return FieldError("x", "must be a point of P-256");
  return JwsKey(kEs256, std::move(key));
}

absl::StatusOr<JwsKey> JwsKey::FromEd25519(ByteSpan bytes) {
  FRANK_RETURN_IF_ERROR(Ed25519PublicKey::Create(bytes).status());
  std::shared_ptr<EVP_PKEY> key = Own(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  if (key == nullptr) return LibraryError("EVP_PKEY_new_raw_public_key");
  return JwsKey(kEdDsa, std::move(key));
}

absl::Status JwsKey::Verify(ByteSpan content, ByteSpan signature) const {
  const bool hashes = algorithm_ != kEdDsa;
  Bytes der;
  if (algorithm_ == kEs256) {
    if (signature.size() != 2 * kCoordinateBytes) return Unauthenticated();
    FRANK_ASSIGN_OR_RETURN(der, ToDer(signature));
    signature = der;
  }
  ContextPtr context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr,
                           hashes ? EVP_sha256() : nullptr, nullptr,
                           key_.get()) != 1) {
    return LibraryError("EVP_DigestVerifyInit");
  }
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                       content.data(), content.size()) != 1) {
    return Unauthenticated();
  }
  return absl::OkStatus();
}

}  // namespace frank::crypto
