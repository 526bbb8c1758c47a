// The gRPC server that both servers build: TLS, limits, health, reflection,
// graceful end.
#ifndef FRANK_SERVICES_COMMON_SERVER_H_
#define FRANK_SERVICES_COMMON_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/server.h"
#include "services/common/call_metrics.h"
#include "services/common/call_queues.h"
#include "services/common/health.h"
#include "services/common/rpc_service.h"
#include "services/common/tls.h"

namespace frank::services {

class Server {
 public:
  struct Options {
    std::string address;  // host:port; port 0 picks a free one
    TlsFiles tls;
    std::string address_file;           // empty: none
    std::vector<RpcService*> services;  // not owned; outlive the server
    Health* health = nullptr;      // not owned; outlives the server; null: none
    CallMetrics* calls = nullptr;  // the same
  };

  // Listens and serves. kFailedPrecondition says which file or port is wrong.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options);

  ~Server();

  int port() const { return port_; }
  // For calls to other servers, of QueueEvents; they end before Drain.
  grpc::CompletionQueue* queue() { return queues_->polled(); }

  // A channel to this server within the process: its calls are those of a
  // client that showed no certificate. Not to be used after Drain.
  std::shared_ptr<grpc::Channel> MakeInProcessChannel();

  // Stops taking calls, lets running ones end for up to ten seconds.
  void Drain();

 private:
  Server() = default;

  // Where nobody tells of it.
  Health own_health_;
  Health* health_ = &own_health_;
  std::unique_ptr<RpcService> health_service_;
  std::unique_ptr<CallQueues> queues_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_SERVER_H_
