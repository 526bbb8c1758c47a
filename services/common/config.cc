#include "services/common/config.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "proto/files.h"
#include "services/common/address.h"

namespace frank::services {
namespace {

// Paths in a configuration are relative to its folder.
class Resolver {
 public:
  explicit Resolver(const std::string& config_path) {
    size_t slash = config_path.rfind('/');
    folder_ = slash == std::string::npos ? "." : config_path.substr(0, slash);
  }
  void Resolve(std::string* path) const {
    if (path->empty() || (*path)[0] == '/') return;
    *path = absl::StrCat(folder_, "/", *path);
  }
  template <typename Paths>
  void ResolveAll(Paths* paths) const {
    for (std::string& path : *paths) Resolve(&path);
  }
  void Resolve(config::v1::Listener* listener) const {
    Resolve(listener->mutable_certificate_file());
    Resolve(listener->mutable_private_key_file());
    Resolve(listener->mutable_peer_authority_file());
    Resolve(listener->mutable_address_file());
  }
  void Resolve(config::v1::Web* web) const {
    Resolve(web->mutable_certificate_file());
    Resolve(web->mutable_private_key_file());
    Resolve(web->mutable_address_file());
    Resolve(web->mutable_static_folder());
  }

 private:
  std::string folder_;
};

absl::Status Missing(absl::string_view field) {
  return FieldError(field, "must be set");
}

absl::Status CheckListener(const config::v1::Listener& listener) {
  if (!absl::StrContains(listener.address(), ':')) {
    return FieldError("listener.address", "must be host:port");
  }
  if (listener.certificate_file().empty()) {
    return Missing("listener.certificate_file");
  }
  if (listener.private_key_file().empty()) {
    return Missing("listener.private_key_file");
  }
  if (listener.peer_authority_file().empty()) {
    return Missing("listener.peer_authority_file");
  }
  return absl::OkStatus();
}

// What an HTTP library would make more of, such as lists of ports, is refused.
absl::Status CheckAddress(absl::string_view field, const std::string& address) {
  const HostAndPort parts = SplitAddress(address);
  uint32_t port = 0;
  if (parts.host.empty() || address.find_first_of(", +") != std::string::npos ||
      !absl::SimpleAtoi(parts.port, &port) || port > 65535) {
    return FieldError(field, "must be host:port");
  }
  return absl::OkStatus();
}

absl::Status CheckMetrics(const config::v1::Metrics& metrics) {
  if (metrics.listen_address().empty()) return absl::OkStatus();
  return CheckAddress("metrics.listen_address", metrics.listen_address());
}

absl::Status CheckWeb(const config::v1::Web& web) {
  FRANK_RETURN_IF_ERROR(CheckAddress("web.address", web.address()));
  if (web.certificate_file().empty() != web.private_key_file().empty()) {
    return Missing(web.certificate_file().empty() ? "web.certificate_file"
                                                  : "web.private_key_file");
  }
  if (web.connections_per_address() > limits::kMaxWebConnections) {
    return FieldError("web.connections_per_address", "must be at most 256");
  }
  return absl::OkStatus();
}

absl::Status CheckPeer(absl::string_view field, const config::v1::Peer& peer) {
  if (!absl::StrContains(peer.address(), ':')) {
    return FieldError(absl::StrCat(field, ".address"), "must be host:port");
  }
  if (peer.name().empty()) return Missing(absl::StrCat(field, ".name"));
  return absl::OkStatus();
}

absl::Status CheckStampCredential(const config::v1::PlatformConfig& config,
                                  const config::v1::StampCredential& stamp) {
  FRANK_RETURN_IF_ERROR(
      ParseTokenHash("stamp_credential.token_sha256", stamp.token_sha256())
          .status());
  for (const std::string& authority : stamp.authority()) {
    FRANK_RETURN_IF_ERROR(
        CheckAuthority("stamp_credential.authority", authority));
    if (authority == config.authority()) {
      return FieldError("stamp_credential.authority",
                        "must not be the platform's own authority");
    }
  }
  return absl::OkStatus();
}

absl::Status Check(const config::v1::PlatformConfig& config) {
  FRANK_RETURN_IF_ERROR(CheckListener(config.listener()));
  if (config.store().empty()) return Missing("store");
  FRANK_RETURN_IF_ERROR(CheckAuthority("authority", config.authority()));
  if (config.key_ring_file().empty()) return Missing("key_ring_file");
  if (config.review_key_record_file().empty()) {
    return Missing("review_key_record_file");
  }
  if (config.franking_keys_file().empty()) return Missing("franking_keys_file");
  FRANK_RETURN_IF_ERROR(CheckPeer("moderation", config.moderation()));
  if (!config.registration_token_sha256().empty()) {
    FRANK_RETURN_IF_ERROR(ParseTokenHash("registration_token_sha256",
                                         config.registration_token_sha256())
                              .status());
  }
  FRANK_RETURN_IF_ERROR(CheckMetrics(config.metrics()));
  if (config.appeal_period_ms() > limits::kMaxAppealPeriod) {
    return FieldError("appeal_period_ms", "must be at most 365 days");
  }
  for (const config::v1::StampCredential& stamp : config.stamp_credential()) {
    FRANK_RETURN_IF_ERROR(CheckStampCredential(config, stamp));
  }
  return absl::OkStatus();
}

absl::Status CheckModerator(const config::v1::Moderator& moderator) {
  if (!IsModeratorId(moderator.id())) {
    return FieldError("moderator.id",
                      "must be 1 to 64 of a-z, 0-9, '.', '-', '_'");
  }
  for (const std::string& role : moderator.role()) {
    if (role != "reviewer" && role != "senior" && role != "auditor" &&
        role != "administrator") {
      return FieldError("moderator.role",
                        "must be reviewer, senior, auditor or administrator");
    }
  }
  return ParseTokenHash("moderator.token_sha256", moderator.token_sha256())
      .status();
}

absl::Status CheckOidc(const config::v1::Oidc& oidc) {
  if (oidc.issuer().empty()) return Missing("oidc.issuer");
  if (oidc.audience().empty()) return Missing("oidc.audience");
  if (oidc.jwks().empty()) return Missing("oidc.jwks");
  if (absl::StartsWith(oidc.jwks(), "http://")) {
    return FieldError("oidc.jwks", "must be a path or an https URL");
  }
  if (oidc.roles_claim().empty()) return Missing("oidc.roles_claim");
  if (oidc.clock_skew_ms() > limits::kMaxClockSkew) {
    return FieldError("oidc.clock_skew_ms", "must be at most 5 minutes");
  }
  return absl::OkStatus();
}

absl::Status Check(const config::v1::ModerationConfig& config) {
  FRANK_RETURN_IF_ERROR(CheckListener(config.listener()));
  if (config.store().empty()) return Missing("store");
  if (config.key_ring_file().empty()) return Missing("key_ring_file");
  if (config.review_key_file().empty()) return Missing("review_key_file");
  if (config.master_key_file().empty()) return Missing("master_key_file");
  if (config.audit_key_file().empty()) return Missing("audit_key_file");
  if (config.audit_origin().empty()) return Missing("audit_origin");
  FRANK_RETURN_IF_ERROR(CheckPeer("platform", config.platform()));
  for (const config::v1::Moderator& moderator : config.moderator()) {
    FRANK_RETURN_IF_ERROR(CheckModerator(moderator));
  }
  for (const config::v1::ReceiptKey& key : config.receipt_key()) {
    if (key.key_file().empty()) return Missing("receipt_key.key_file");
    if (key.record_file().empty()) return Missing("receipt_key.record_file");
  }
  for (const config::v1::EvidenceKey& key : config.evidence_key()) {
    if (key.key_file().empty()) return Missing("evidence_key.key_file");
    if (key.record_file().empty()) return Missing("evidence_key.record_file");
  }
  if (config.has_oidc()) FRANK_RETURN_IF_ERROR(CheckOidc(config.oidc()));
  if (config.has_web()) FRANK_RETURN_IF_ERROR(CheckWeb(config.web()));
  if (config.max_held_cases() > limits::kMaxHeldCases) {
    return FieldError("max_held_cases",
                      absl::StrCat("must be 0 to ", limits::kMaxHeldCases));
  }
  if (config.answer_appeal_ms() > limits::kMaxAnswerAppeal) {
    return FieldError("answer_appeal_ms", "must be at most 365 days");
  }
  return CheckMetrics(config.metrics());
}

// Start-up errors name the file; they are for the operator's terminal.
template <typename Config>
absl::StatusOr<Config> Load(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(Config config, wire::ReadTextProto<Config>(path));
  absl::Status checked = Check(config);
  if (!checked.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", checked.message()));
  }
  return config;
}

}  // namespace

absl::StatusOr<config::v1::PlatformConfig> LoadPlatformConfig(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(auto config, Load<config::v1::PlatformConfig>(path));
  Resolver resolver(path);
  resolver.Resolve(config.mutable_listener());
  resolver.Resolve(config.mutable_store());
  resolver.ResolveAll(config.mutable_key_ring_file());
  resolver.ResolveAll(config.mutable_review_key_record_file());
  resolver.ResolveAll(config.mutable_franking_keys_file());
  resolver.Resolve(config.mutable_reason_file());
  resolver.Resolve(config.mutable_metrics()->mutable_address_file());
  return config;
}

absl::StatusOr<config::v1::ModerationConfig> LoadModerationConfig(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(auto config, Load<config::v1::ModerationConfig>(path));
  Resolver resolver(path);
  resolver.Resolve(config.mutable_listener());
  resolver.Resolve(config.mutable_store());
  resolver.ResolveAll(config.mutable_key_ring_file());
  resolver.ResolveAll(config.mutable_review_key_file());
  resolver.Resolve(config.mutable_master_key_file());
  resolver.Resolve(config.mutable_policy_file());
  for (config::v1::ReceiptKey& key : *config.mutable_receipt_key()) {
    resolver.Resolve(key.mutable_key_file());
    resolver.Resolve(key.mutable_record_file());
  }
  for (config::v1::EvidenceKey& key : *config.mutable_evidence_key()) {
    resolver.Resolve(key.mutable_key_file());
    resolver.Resolve(key.mutable_record_file());
  }
  if (config.has_oidc()) {
    resolver.Resolve(config.mutable_oidc()->mutable_authority_file());
    if (!absl::StartsWith(config.oidc().jwks(), "https://")) {
      resolver.Resolve(config.mutable_oidc()->mutable_jwks());
    }
  }
  resolver.Resolve(config.mutable_audit_key_file());
  resolver.Resolve(config.mutable_reason_file());
  resolver.Resolve(config.mutable_routing_file());
  resolver.Resolve(config.mutable_metrics()->mutable_address_file());
  if (config.has_web()) resolver.Resolve(config.mutable_web());
  return config;
}

bool IsModeratorId(absl::string_view id) {
  if (id.empty() || id.size() > limits::kMaxModeratorIdBytes) return false;
  for (char c : id) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) &&
        !absl::StrContains(".-_", c)) {
      return false;
    }
  }
  return true;
}

TlsFiles TlsFilesOf(const config::v1::Listener& listener) {
  return TlsFiles{listener.certificate_file(), listener.private_key_file(),
                  listener.peer_authority_file()};
}

absl::StatusOr<std::string> ParseTokenHash(absl::string_view field,
                                           absl::string_view hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != 32) {
    return FieldError(field, "must be a SHA-256 as 64 hex digits");
  }
  return ToString(*bytes);
}

}  // namespace frank::services
