// TLS by files, for both directions.
#ifndef FRANK_SERVICES_COMMON_TLS_H_
#define FRANK_SERVICES_COMMON_TLS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/server_credentials.h"

namespace frank::services {

// PEM files. The private key must be readable by its owner only.
struct TlsFiles {
  std::string certificate;
  std::string private_key;
  // Signs the other server's certificate.
  std::string peer_authority;
};

// Changed files are taken over in so many seconds.
inline constexpr unsigned kTlsReloadSeconds = 60;

// What the files of a certificate and its key hold, as PEM.
struct CertificatePair {
  std::string certificate;
  crypto::Secret private_key;
};
// Reads a server's own pair and checks it: readable, the key not by others, key
// and certificate a pair. kFailedPrecondition names the file and what is wrong.
absl::StatusOr<CertificatePair> LoadCertificate(const std::string& certificate,
                                                const std::string& private_key);

// Checks the files: a pair, and an authority. Errors as LoadCertificate.
absl::Status CheckTlsFiles(const TlsFiles& files);

// Server credentials: TLS for all; a client certificate is asked for and, if
// one comes, verified. Changed files are taken over within a minute.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const TlsFiles& files);

// A channel to the other server by mutual TLS; `name` is what its certificate
// must bear.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakePeerChannel(
    const TlsFiles& files, const std::string& address, const std::string& name);

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_TLS_H_
