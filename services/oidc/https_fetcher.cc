#include "services/oidc/https_fetcher.h"

#include <httplib.h>

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::oidc {
namespace {

constexpr int kHttpsPort = 443;
constexpr int kHttpOk = 200;

class HttpsFetcher final : public JwksFetcher {
 public:
  HttpsFetcher(std::string host, int port, std::string path,
               std::string authority_file)
      : host_(std::move(host)),
        port_(port),
        path_(std::move(path)),
        authority_file_(std::move(authority_file)) {}

  absl::StatusOr<std::string> Fetch() override {
    const std::chrono::milliseconds timeout(limits::kJwksFetchTimeout);
    httplib::SSLClient client(host_, port_);
    if (!authority_file_.empty()) client.set_ca_cert_path(authority_file_);
    client.enable_server_certificate_verification(true);
    client.set_connection_timeout(timeout);
    client.set_read_timeout(timeout);
    client.set_write_timeout(timeout);
    std::string body;
    // A server that sends a byte now and then ends here as well.
    const auto end = std::chrono::steady_clock::now() + 2 * timeout;
    httplib::Result result =
        client.Get(path_, [&](const char* data, size_t size) {
          body.append(data, size);
          return body.size() <= limits::kMaxJwksBytes &&
                 std::chrono::steady_clock::now() < end;
        });
    if (!result || result->status != kHttpOk) {
      return absl::UnavailableError("the key set cannot be fetched");
    }
    return body;
  }

 private:
  const std::string host_;
  const int port_;
  const std::string path_;
  const std::string authority_file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<JwksFetcher>> MakeHttpsFetcher(
    const std::string& url, std::string authority_file) {
  absl::string_view rest = url;
  if (!absl::ConsumePrefix(&rest, "https://")) {
    return FieldError("jwks", "must begin with https://");
  }
  absl::string_view authority = rest.substr(0, rest.find('/'));
  std::string path(rest.substr(authority.size()));
  absl::string_view host = authority.substr(0, authority.find(':'));
  int port = kHttpsPort;
  if (host.empty() || absl::StrContains(authority, '@') ||
      (host.size() < authority.size() &&
       (!absl::SimpleAtoi(authority.substr(host.size() + 1), &port) ||
        port < 1 || port > 65535))) {
    return FieldError("jwks", "must be https://host[:port][/path]");
  }
  if (path.empty()) path = "/";
  return std::unique_ptr<JwksFetcher>(std::make_unique<HttpsFetcher>(
      std::string(host), port, std::move(path), std::move(authority_file)));
}

}  // namespace frank::oidc
