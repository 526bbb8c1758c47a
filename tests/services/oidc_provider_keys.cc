#include "tests/services/oidc_provider_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/status.h"

namespace frank::oidc {
namespace {

std::shared_ptr<EVP_PKEY> Generate(const std::string& algorithm, int rsa_bits) {
  EVP_PKEY* key = nullptr;
  if (algorithm == "RS256") {
    key = EVP_RSA_gen(static_cast<unsigned>(rsa_bits));
  } else if (algorithm == "ES256") {
    key = EVP_EC_gen("P-256");
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  FRANK_CHECK(key != nullptr);
  return std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

std::string Number(EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* number = nullptr;
  FRANK_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(size == 0 ? BN_num_bytes(number) : size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(&bytes[0]),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return Encode(bytes);
}

// The library's DER as r || s.
std::string ToRaw(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(&raw[0]);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

}  // namespace

std::string Encode(absl::string_view bytes) {
  std::string text = absl::WebSafeBase64Escape(bytes);
  return text.substr(0, text.find('='));
}

std::string KeySet(std::initializer_list<std::string> jwks) {
  return absl::StrCat("{\"keys\":[", absl::StrJoin(jwks, ","), "]}");
}

ProviderKey::ProviderKey(const std::string& algorithm, std::string id,
                         int rsa_bits)
    : algorithm_(algorithm),
      id_(std::move(id)),
      key_(Generate(algorithm, rsa_bits)) {}

std::string ProviderKey::Jwk(const std::string& more) const {
  std::string jwk = absl::StrCat("{\"kid\":\"", id_, "\"", more);
  if (algorithm_ == "RS256") {
    absl::StrAppend(&jwk, ",\"kty\":\"RSA\",\"n\":\"",
                    Number(key_.get(), OSSL_PKEY_PARAM_RSA_N), "\",\"e\":\"",
                    Number(key_.get(), OSSL_PKEY_PARAM_RSA_E), "\"}");
  } else if (algorithm_ == "ES256") {
    absl::StrAppend(&jwk, ",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
                    Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32),
                    "\",\"y\":\"",
                    Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32), "\"}");
  } else {
    std::string bytes(32, '\0');
    size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(
        key_.get(), reinterpret_cast<unsigned char*>(&bytes[0]), &size);
    absl::StrAppend(&jwk, ",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"",
                    Encode(bytes), "\"}");
  }
  return jwk;
}

std::string ProviderKey::Signature(const std::string& content) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr,
                     algorithm_ == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                     key_.get());
  const auto* data = reinterpret_cast<const unsigned char*>(content.data());
  size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, data, content.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(&signature[0]),
                 &size, data, content.size());
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return algorithm_ == "ES256" ? ToRaw(signature) : signature;
}

std::string ProviderKey::Sign(const std::string& header,
                              const std::string& claims) const {
  std::string content = absl::StrCat(Encode(header), ".", Encode(claims));
  return absl::StrCat(content, ".", Encode(Signature(content)));
}

std::string ProviderKey::Token(const std::string& claims) const {
  return Sign(absl::StrCat("{\"alg\":\"", algorithm_, "\",\"kid\":\"", id_,
                           "\",\"typ\":\"JWT\"}"),
              claims);
}

std::string ProviderKey::PublicPem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

}  // namespace frank::oidc
