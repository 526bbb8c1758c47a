// X.509 certificates, as far as a server checks its own files at start. TLS
// itself is gRPC's.
#ifndef FRANK_CRYPTO_CERTIFICATE_H_
#define FRANK_CRYPTO_CERTIFICATE_H_

#include "absl/strings/string_view.h"

namespace frank::crypto {

// Says whether the text begins with a PEM certificate.
bool IsCertificate(absl::string_view pem);

// Says whether the first certificate of the PEM chain belongs to the PEM
// private key; false as well if either does not parse.
bool CertificateMatchesKey(absl::string_view chain_pem,
                           absl::string_view private_key_pem);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_CERTIFICATE_H_
