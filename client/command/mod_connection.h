// A moderator's way to frank-moderation: the channel, the token, and trying
// again. What is called over it is its users'.
#ifndef FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_
#define FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/command/args.h"
#include "crypto/secret.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace frank::client {

// --server, --ca and --token-file. Each may come from the environment instead:
// FRANK_MOD_SERVER, FRANK_MOD_CA, FRANK_MOD_TOKEN_FILE.
std::vector<Option> ModConnectionOptions();
// The options of a command and these.
std::vector<Option> WithModConnection(std::vector<Option> options);

// TLS, with the moderator's token in each call. Not thread-safe.
class ModConnection {
 public:
  // kInvalidArgument names a missing option; kFailedPrecondition a file that
  // cannot be read, or a token file that others can read.
  static absl::StatusOr<ModConnection> Open(const Args& args);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Makes an attempt, and again for some seconds while the server is not
  // reached: only for what tolerates to be repeated.
  absl::Status Try(
      std::chrono::seconds deadline,
      absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt) const;

  // Lends the token to a call that is made once, such as a stream.
  void Authorize(grpc::ClientContext* context) const;

  // Tries a unary method of a stub.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      Stub& stub,
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) const {
    Response response;
    absl::Status status =
        Try(kUnaryDeadline, [&](grpc::ClientContext* context) {
          response.Clear();
          return (stub.*method)(context, request, &response);
        });
    if (!status.ok()) return status;
    return response;
  }

 private:
  static constexpr std::chrono::seconds kUnaryDeadline{30};

  ModConnection(std::shared_ptr<grpc::Channel> channel, crypto::Secret token)
      : channel_(std::move(channel)), token_(std::move(token)) {}

  std::shared_ptr<grpc::Channel> channel_;
  crypto::Secret token_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_CONNECTION_H_
