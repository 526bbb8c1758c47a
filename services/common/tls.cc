#include "services/common/tls.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "crypto/certificate.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "proto/files.h"

namespace frank::services {
namespace {

std::shared_ptr<grpc::experimental::CertificateProviderInterface> Watched(
    const TlsFiles& files) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      files.private_key, files.certificate, files.peer_authority,
      kTlsReloadSeconds);
}

}  // namespace

absl::StatusOr<CertificatePair> LoadCertificate(
    const std::string& certificate, const std::string& private_key) {
  FRANK_ASSIGN_OR_RETURN(std::string chain, wire::ReadFile(certificate));
  FRANK_ASSIGN_OR_RETURN(crypto::Secret key, wire::ReadSecretFile(private_key));
  if (!crypto::CertificateMatchesKey(chain, AsText(key.bytes()))) {
    return absl::FailedPreconditionError(
        absl::StrCat("the certificate ", certificate,
                     " does not match the private key ", private_key));
  }
  return CertificatePair{std::move(chain), std::move(key)};
}

absl::Status CheckTlsFiles(const TlsFiles& files) {
  FRANK_RETURN_IF_ERROR(
      LoadCertificate(files.certificate, files.private_key).status());
  FRANK_ASSIGN_OR_RETURN(std::string authority,
                         wire::ReadFile(files.peer_authority));
  if (!crypto::IsCertificate(authority)) {
    return absl::FailedPreconditionError(
        absl::StrCat(files.peer_authority, " holds no PEM certificate"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const TlsFiles& files) {
  FRANK_RETURN_IF_ERROR(CheckTlsFiles(files));
  grpc::experimental::TlsServerCredentialsOptions options(Watched(files));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakePeerChannel(
    const TlsFiles& files, const std::string& address,
    const std::string& name) {
  FRANK_RETURN_IF_ERROR(CheckTlsFiles(files));
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watched(files));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  grpc::ChannelArguments arguments;
  // The name that the certificate must bear, whatever address leads to it.
  arguments.SetSslTargetNameOverride(name);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30 * 1000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * 1000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  return grpc::CreateCustomChannel(
      address, grpc::experimental::TlsCredentials(options), arguments);
}

}  // namespace frank::services
