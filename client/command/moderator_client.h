// ModeratorService, for the commands about moderators.
#ifndef FRANK_CLIENT_COMMAND_MODERATOR_CLIENT_H_
#define FRANK_CLIENT_COMMAND_MODERATOR_CLIENT_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "client/command/args.h"
#include "client/command/mod_connection.h"
#include "core/status.h"
#include "frank/v1/moderators.grpc.pb.h"

namespace frank::client {

// Not thread-safe.
class ModeratorClient {
 public:
  // As ModConnection::Open.
  static absl::StatusOr<ModeratorClient> Connect(const Args& args) {
    FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
    return ModeratorClient(std::move(connection));
  }

  // Calls a method: client.Call(&Stub::GetExposure, request).
  using Stub = v1::ModeratorService::Stub;
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) {
    return connection_.Call(*stub_, method, request);
  }

 private:
  explicit ModeratorClient(ModConnection connection)
      : connection_(std::move(connection)),
        stub_(v1::ModeratorService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MODERATOR_CLIENT_H_
