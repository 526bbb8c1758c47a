// The port for browsers, put together: HTTPS with the moderators' services over
// the Connect protocol, and the review tool.
#ifndef FRANK_SERVICES_WEB_WEB_PORT_H_
#define FRANK_SERVICES_WEB_WEB_PORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "frank/config/v1/config.pb.h"
#include "grpcpp/channel.h"
#include "services/web/static_files.h"
#include "services/web/tls_identity.h"

namespace frank::web {

class WebSite;
class HttpsServer;

// What the configuration's files hold, read and checked.
struct WebFiles {
  std::unique_ptr<TlsIdentity> identity;
  StaticFiles tool;
};
// kFailedPrecondition names the file or the folder, and what is wrong. The
// clock outlives the files.
absl::StatusOr<WebFiles> LoadWebFiles(
    const config::v1::ModerationConfig& config, const Clock& clock);

// Serves from Start until it is drained, or destroyed.
class WebPort {
 public:
  // `channel` leads to this process's own server. kFailedPrecondition: the port
  // is in use, the address is not this machine's, or the address file cannot be
  // written.
  static absl::StatusOr<std::unique_ptr<WebPort>> Start(
      const config::v1::ModerationConfig& config, WebFiles files,
      std::shared_ptr<grpc::Channel> channel);
  ~WebPort();

  int port() const;

  // Takes no more requests, lets running ones end for up to ten seconds. To be
  // called before the server that the channel leads to is drained.
  void Drain();

 private:
  WebPort(std::unique_ptr<TlsIdentity> identity, std::unique_ptr<WebSite> site,
          std::unique_ptr<HttpsServer> server);

  const std::unique_ptr<TlsIdentity> identity_;
  const std::unique_ptr<WebSite> site_;
  const std::unique_ptr<HttpsServer> server_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_WEB_PORT_H_
