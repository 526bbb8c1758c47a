// All that the web port answers: calls, the tool's configuration, its files.
#ifndef FRANK_SERVICES_WEB_WEB_SITE_H_
#define FRANK_SERVICES_WEB_WEB_SITE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "services/web/connect_handler.h"
#include "services/web/http.h"
#include "services/web/static_files.h"

namespace frank::web {

// The headers that every answer carries: HTTPS alone, no frames, no scripts or
// styles but the tool's own files, no caching. `provider` is the origin that
// the tool may ask for tokens besides; empty: none. On the loopback,
// `https_alone` is false: a browser would keep it for all that this machine
// serves there.
std::vector<std::pair<std::string, std::string>> HardeningHeaders(
    const std::string& provider, bool https_alone);

// Thread-safe.
class WebSite final : public HttpHandler {
 public:
  WebSite(std::shared_ptr<grpc::Channel> channel, StaticFiles files,
          std::string client_config);

  bool Accepts(const HttpRequest& request, HttpAnswer* refusal) override;
  HttpAnswer Answer(const HttpRequest& request, std::string body,
                    HttpClient& client) override;

 private:
  ConnectHandler calls_;
  const StaticFiles files_;
  const std::string client_config_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_WEB_SITE_H_
