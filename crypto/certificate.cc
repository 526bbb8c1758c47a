#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace frank::crypto {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> View(absl::string_view pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Owned<X509> ParseCertificate(absl::string_view pem) {
  Owned<BIO> bio = View(pem);
  Owned<X509> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

// Without this, OpenSSL would ask for a passphrase on the terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

}  // namespace

bool IsCertificate(absl::string_view pem) {
  return ParseCertificate(pem) != nullptr;
}

bool CertificateMatchesKey(absl::string_view chain_pem,
                           absl::string_view private_key_pem) {
  Owned<X509> certificate = ParseCertificate(chain_pem);
  Owned<BIO> bio = View(private_key_pem);
  Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  bool match = certificate != nullptr && key != nullptr &&
               X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return match;
}

}  // namespace frank::crypto
