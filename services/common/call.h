// One call as a handler sees it: who calls, without any gRPC type.
#ifndef FRANK_SERVICES_COMMON_CALL_H_
#define FRANK_SERVICES_COMMON_CALL_H_

#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"

namespace frank::services {

// What is known of the caller before any store is asked.
struct Call {
  // The token of "authorization: Bearer <token>"; empty if there is none.
  std::string bearer_token;
  // The value of "frank-registration"; empty if there is none.
  std::string registration_token;
  // DNS names of the verified client certificate; empty without one, and where
  // there is a token: who brings one is known by that.
  std::vector<std::string> peer_names;

  static Call From(const grpc::ServerContextBase& context);

  // kPermissionDenied unless the peer's certificate bears `name`.
  absl::Status RequirePeer(absl::string_view name) const;
};

// How a handler answers: exactly once, from any thread.
template <typename Response>
using Done = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_H_
