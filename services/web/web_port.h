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
#include "services/common/metrics.h"
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

// Serves from Serve until it is drained, or destroyed.
class WebPort {
 public:
  // Takes the port, so that a server that then refuses to start says so before
  // it serves anybody. Clock and metrics outlive it. kFailedPrecondition: the
  // port is in use, the address is not this machine's, or the address file
  // cannot be written.
  static absl::StatusOr<std::unique_ptr<WebPort>> Listen(
      const config::v1::ModerationConfig& config, WebFiles files,
      const Clock& clock, services::Metrics& metrics);
  ~WebPort();

  // Once. `channel` leads to this process's own server; the key is that of its
  // audit log.
  void Serve(std::shared_ptr<grpc::Channel> channel,
             const std::string& audit_vkey);

  // Takes no more requests, lets running ones end for up to ten seconds. To be
  // called before the server that the channel leads to is drained.
  void Drain();

 private:
  WebPort(const config::v1::ModerationConfig& config, WebFiles files,
          std::unique_ptr<HttpsServer> server);

  const config::v1::ModerationConfig config_;
  WebFiles files_;
  std::unique_ptr<WebSite> site_;
  // Last, as it uses the others until it is drained.
  const std::unique_ptr<HttpsServer> server_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_WEB_PORT_H_
