// How moderators' commands reach frank-moderation: over TLS, with the
// moderator's token.
#ifndef FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_
#define FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/command/args.h"
#include "crypto/secret.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace frank::client {

// --server, --ca and --token-file. Each may come from the environment instead:
// FRANK_MOD_SERVER, FRANK_MOD_CA, FRANK_MOD_TOKEN_FILE.
std::vector<Option> ModConnectionOptions();

// Not thread-safe.
class ModConnection {
 public:
  // kInvalidArgument names a missing option; kFailedPrecondition a file that
  // cannot be read, or a token file that others can read.
  static absl::StatusOr<ModConnection> Open(const Args& args);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Calls a unary method of a stub. A call that did not reach the server is
  // made again for some seconds; every method tolerates it.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      Stub& stub,
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) const {
    Response response;
    absl::Status status = Repeat([&](grpc::ClientContext* context) {
      response.Clear();
      return (stub.*method)(context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

 private:
  ModConnection(std::shared_ptr<grpc::Channel> channel, crypto::Secret token)
      : channel_(std::move(channel)), token_(std::move(token)) {}

  absl::Status Repeat(
      const std::function<grpc::Status(grpc::ClientContext*)>& call) const;

  std::shared_ptr<grpc::Channel> channel_;
  crypto::Secret token_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_
