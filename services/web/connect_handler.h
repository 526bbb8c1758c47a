// The Connect protocol over the server's own channel: what is asked in JSON or
// bytes goes on in bytes, by descriptors alone, so that handlers, permissions,
// limits and metrics are those of gRPC.
#ifndef FRANK_SERVICES_WEB_CONNECT_HANDLER_H_
#define FRANK_SERVICES_WEB_CONNECT_HANDLER_H_

#include <atomic>
#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "services/web/bridged_call.h"
#include "services/web/connect_json.h"
#include "services/web/http.h"
#include "services/web/routes.h"

namespace frank::web {

// Thread-safe. Serves unary calls, and those with a stream of answers; of the
// headers only "authorization" goes on. Answers are never compressed.
class ConnectHandler final : public HttpHandler {
 public:
  explicit ConnectHandler(std::shared_ptr<grpc::Channel> channel);

  bool Accepts(const HttpRequest& request, HttpAnswer* refusal) override;
  HttpAnswer Answer(const HttpRequest& request, std::string body,
                    HttpClient& client) override;

 private:
  const std::shared_ptr<Bridge> bridge_;
  const Routes routes_;
  const JsonCodec codec_;
  // Shared with the streams, which last longer than a call of Answer.
  const std::shared_ptr<std::atomic<size_t>> streams_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECT_HANDLER_H_
