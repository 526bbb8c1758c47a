#include "services/web/tls_identity.h"

#include <httplib.h>
#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/log.h"
#include "core/status.h"
#include "services/common/tls.h"

namespace frank::web {
namespace {

constexpr UnixMillis kReloadInterval = services::kTlsReloadSeconds * kSecond;
// Of TLS 1.2: forward secrecy and an AEAD.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

// As ALPN has it: a length, and a name.
constexpr unsigned char kHttp[] = "\x08http/1.1";

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

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio Reading(absl::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
             &BIO_free);
}

// Takes a certificate and those that lead to its authority.
bool UseChain(absl::string_view pem, SSL_CTX* ssl) {
  Bio bio = Reading(pem);
  bool first = true;
  while (X509* certificate =
             PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    bool used = first ? SSL_CTX_use_certificate(ssl, certificate) == 1
                      : SSL_CTX_add1_chain_cert(ssl, certificate) == 1;
    X509_free(certificate);
    if (!used) return false;
    first = false;
  }
  // The end of the text is an error too.
  ERR_clear_error();
  return !first;
}

bool UseKey(const crypto::Secret& pem, SSL_CTX* ssl) {
  Bio bio = Reading(AsText(pem.bytes()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
  bool used = key != nullptr && SSL_CTX_use_PrivateKey(ssl, key) == 1;
  EVP_PKEY_free(key);
  return used;
}

// A client that names protocols must name ours: what it speaks otherwise is no
// request of HTTP/1.1.
int SelectHttp(SSL*, const unsigned char** out, unsigned char* out_size,
               const unsigned char* in, unsigned in_size, void*) {
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, out_size, kHttp, sizeof(kHttp) - 1, in,
                            in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = selected;
  return SSL_TLSEXT_ERR_OK;
}

absl::StatusOr<TlsIdentity::Context> MakeContext(
    const std::string& certificate, const std::string& private_key) {
  FRANK_ASSIGN_OR_RETURN(services::CertificatePair pair,
                         services::LoadCertificate(certificate, private_key));
  TlsIdentity::Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* ssl = context.get();
  if (ssl == nullptr ||
      SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(ssl, kCiphers) != 1 ||
      !UseChain(pair.certificate, ssl) || !UseKey(pair.private_key, ssl)) {
    return absl::FailedPreconditionError(
        absl::StrCat("TLS cannot use ", certificate, " with ", private_key));
  }
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Connections last; a ticket's key would be one more that opens them.
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ssl, 0);
  SSL_CTX_set_alpn_select_cb(ssl, &SelectHttp, nullptr);
  // Otherwise reading would go on within the library, past our deadlines.
  SSL_CTX_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
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
