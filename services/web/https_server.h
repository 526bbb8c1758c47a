// The HTTPS server below the web port. The HTTP library takes the port, reads
// bodies and writes answers; connections, their number and times, and heads are
// ours (docs/decisions/0001).
#ifndef FRANK_SERVICES_WEB_HTTPS_SERVER_H_
#define FRANK_SERVICES_WEB_HTTPS_SERVER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/clock.h"
#include "services/common/metrics.h"
#include "services/web/http.h"
#include "services/web/tls_identity.h"

namespace frank::web {

class HttpsServer {
 public:
  struct Options {
    std::string host;
    int port = 0;  // 0 picks a free one
    size_t connections_of_address = 0;
    absl::Duration drain_time = absl::Seconds(10);
    // Of every answer that does not say otherwise.
    std::vector<std::pair<std::string, std::string>> headers;
  };

  // Takes the port, and nobody's calls yet. Identity, clock and metrics outlive
  // the server; the clock's time is in each answer. kFailedPrecondition: the
  // port is in use, or the address not this machine's.
  static absl::StatusOr<std::unique_ptr<HttpsServer>> Listen(
      const Options& options, TlsIdentity& identity, const Clock& clock,
      services::Metrics& metrics);
  // Drains.
  ~HttpsServer();

  int port() const;

  // Serves from now on, a thread a connection: those beyond the limits are told
  // so in a short time, or closed at once. Once; the handler outlives the
  // server.
  void Serve(HttpHandler& handler);

  // Takes no more requests, lets running ones end in the time for it, and
  // breaks off what is left.
  void Drain();

 private:
  class Listener;
  explicit HttpsServer(std::unique_ptr<Listener> listener);

  const std::unique_ptr<Listener> listener_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_HTTPS_SERVER_H_
