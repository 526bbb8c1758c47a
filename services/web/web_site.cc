#include "services/web/web_site.h"

#include "absl/strings/str_cat.h"
#include "services/web/origin.h"
#include "services/web/routes.h"

namespace frank::web {
namespace {

constexpr char kConfigPath[] = "/config.json";

}  // namespace

std::vector<std::pair<std::string, std::string>> HardeningHeaders(
    const std::string& provider, bool https_alone) {
  std::vector<std::pair<std::string, std::string>> headers = {
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy",
       absl::StrCat("default-src 'none'; script-src 'self'; style-src 'self'; "
                    "font-src 'self'; manifest-src 'self'; "
                    "img-src 'self' blob:; "
                    "connect-src 'self'",
                    provider.empty() ? "" : " ", provider,
                    "; frame-ancestors 'none'; base-uri 'none'; "
                    "form-action 'none'")},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy",
       "camera=(), display-capture=(), geolocation=(), microphone=(), "
       "payment=(), usb=()"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
  };
  if (https_alone) {
    headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  }
  return headers;
}

WebSite::WebSite(std::shared_ptr<grpc::Channel> channel, StaticFiles files,
                 std::string client_config)
    : calls_(std::move(channel)),
      files_(std::move(files)),
      client_config_(std::move(client_config)) {}

bool WebSite::Accepts(const HttpRequest& request, HttpAnswer* refusal) {
  if (!HasHost(request)) {
    *refusal = PlainAnswer(400);
    return false;
  }
  if (IsCallPath(request.path())) {
    if (!IsFromElsewhere(request)) return calls_.Accepts(request, refusal);
    *refusal = PlainAnswer(403);
    return false;
  }
  if (request.method == "GET" || request.method == "HEAD") return true;
  *refusal = PlainAnswer(405);
  refusal->headers = {{"Allow", "GET, HEAD"}};
  return false;
}

HttpAnswer WebSite::Answer(const HttpRequest& request, std::string body,
                           HttpClient& client) {
  if (IsCallPath(request.path())) {
    return calls_.Answer(request, std::move(body), client);
  }
  if (request.path() != kConfigPath) return files_.Answer(request);
  HttpAnswer answer;
  answer.media_type = "application/json";
  answer.body = client_config_;
  return answer;
}

}  // namespace frank::web
