#include "services/web/tls_identity.h"

#include <httplib.h>
#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/log.h"
#include "core/status.h"
#include "services/common/tls.h"

namespace frank::web {
namespace {

constexpr UnixMillis kReloadInterval = 60 * kSecond;
// Of TLS 1.2: forward secrecy and an AEAD.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

// Tells whether files changed: when, and which they are.
std::string VersionOf(const std::string& certificate,
                      const std::string& private_key) {
  std::string version;
  for (const std::string* path : {&certificate, &private_key}) {
    struct stat about = {};
    if (stat(path->c_str(), &about) != 0) continue;
    absl::StrAppend(&version, about.st_ino, ".", about.st_mtim.tv_sec, ".",
                    about.st_mtim.tv_nsec, " ");
  }
  return version;
}

absl::StatusOr<TlsIdentity::Context> MakeContext(
    const std::string& certificate, const std::string& private_key) {
  FRANK_RETURN_IF_ERROR(services::CheckCertificate(certificate, private_key));
  TlsIdentity::Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* ssl = context.get();
  if (ssl == nullptr ||
      SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(ssl, kCiphers) != 1 ||
      SSL_CTX_use_certificate_chain_file(ssl, certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(ssl, private_key.c_str(), SSL_FILETYPE_PEM) !=
          1) {
    return absl::FailedPreconditionError(
        absl::StrCat("TLS cannot use ", certificate, " with ", private_key));
  }
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsIdentity>> TlsIdentity::Load(
    const std::string& certificate, const std::string& private_key,
    const Clock& clock) {
  std::string version = VersionOf(certificate, private_key);
  FRANK_ASSIGN_OR_RETURN(Context context,
                         MakeContext(certificate, private_key));
  return std::unique_ptr<TlsIdentity>(new TlsIdentity(
      certificate, private_key, clock, std::move(context), std::move(version)));
}

TlsIdentity::TlsIdentity(std::string certificate, std::string private_key,
                         const Clock& clock, Context context,
                         std::string version)
    : certificate_(std::move(certificate)),
      private_key_(std::move(private_key)),
      clock_(clock),
      context_(std::move(context)),
      looked_at_(clock.Now()),
      version_(std::move(version)) {}

TlsIdentity::Context TlsIdentity::Current() {
  absl::MutexLock lock(&mutex_);
  UnixMillis now = clock_.Now();
  // A clock that was set back is as good a reason to look.
  if (now >= looked_at_ && now - looked_at_ < kReloadInterval) return context_;
  looked_at_ = now;
  std::string version = VersionOf(certificate_, private_key_);
  if (version == version_) return context_;
  absl::StatusOr<Context> context = MakeContext(certificate_, private_key_);
  if (!context.ok()) {
    Log(Severity::kWarning, "web.certificate_not_taken");
    return context_;
  }
  version_ = std::move(version);
  context_ = *std::move(context);
  return context_;
}

}  // namespace frank::web
