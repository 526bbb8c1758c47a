#include "services/web/web_port.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/common/address.h"
#include "services/common/address_file.h"
#include "services/web/client_config.h"
#include "services/web/https_server.h"
#include "services/web/origin.h"
#include "services/web/web_site.h"

namespace frank::web {
namespace {

using config::v1::ModerationConfig;

bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

// The configuration was checked: there is a colon, and a port behind it.
HttpsServer::Options OptionsOf(const ModerationConfig& config) {
  const services::HostAndPort address =
      services::SplitAddress(config.web().address());
  // The brackets of IPv6 keep its colons from that of the port.
  absl::string_view host = address.host;
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  HttpsServer::Options options;
  options.host = std::string(host);
  FRANK_CHECK(absl::SimpleAtoi(address.port, &options.port));
  options.connections_of_address = config.web().connections_per_address() == 0
                                       ? limits::kDefaultWebConnectionsOfAddress
                                       : config.web().connections_per_address();
  options.headers = HardeningHeaders(
      config.oidc().client_id().empty() ? "" : OriginOf(config.oidc().issuer()),
      !IsLoopback(host));
  return options;
}

}  // namespace

absl::StatusOr<WebFiles> LoadWebFiles(const ModerationConfig& config,
                                      const Clock& clock) {
  const config::v1::Web& web = config.web();
  const bool own = !web.certificate_file().empty();
  WebFiles files;
  FRANK_ASSIGN_OR_RETURN(
      files.identity,
      TlsIdentity::Load(
          own ? web.certificate_file() : config.listener().certificate_file(),
          own ? web.private_key_file() : config.listener().private_key_file(),
          clock));
  if (web.static_folder().empty()) return files;
  FRANK_ASSIGN_OR_RETURN(files.tool, StaticFiles::Load(web.static_folder()));
  return files;
}

absl::StatusOr<std::unique_ptr<WebPort>> WebPort::Listen(
    const ModerationConfig& config, WebFiles files, const Clock& clock,
    services::Metrics& metrics) {
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<HttpsServer> server,
      HttpsServer::Listen(OptionsOf(config), *files.identity, clock, metrics));
  if (!config.web().address_file().empty()) {
    FRANK_RETURN_IF_ERROR(services::WriteAddressFile(
        config.web().address_file(),
        services::SplitAddress(config.web().address()).host, server->port()));
  }
  return std::unique_ptr<WebPort>(
      new WebPort(config, std::move(files), std::move(server)));
}

WebPort::WebPort(const ModerationConfig& config, WebFiles files,
                 std::unique_ptr<HttpsServer> server)
    : config_(config), files_(std::move(files)), server_(std::move(server)) {}

WebPort::~WebPort() = default;

void WebPort::Serve(std::shared_ptr<grpc::Channel> channel,
                    const std::string& audit_vkey) {
  site_ = std::make_unique<WebSite>(std::move(channel), std::move(files_.tool),
                                    ClientConfigJson(config_, audit_vkey));
  server_->Serve(*site_);
  const services::HostAndPort address =
      services::SplitAddress(config_.web().address());
  Log(Severity::kInfo, "web.serving",
      {LogField::Name("address",
                      absl::StrCat(address.host, ":", server_->port()))});
}

void WebPort::Drain() { server_->Drain(); }

}  // namespace frank::web
