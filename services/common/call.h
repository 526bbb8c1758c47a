// One call as a handler sees it: who calls, without any gRPC type; and the
// adapters that make the generated overrides one line.
#ifndef FRANK_SERVICES_COMMON_CALL_H_
#define FRANK_SERVICES_COMMON_CALL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/call_metrics.h"
#include "services/common/status_mapping.h"

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

// Answers a unary call once, by its reactor or, where calls are counted, by its
// context. It captures no more than Done holds without an allocation.
template <typename Response>
Done<Response> AnswerBy(grpc::ServerUnaryReactor* reactor, Response* response) {
  return [reactor, response](absl::StatusOr<Response> result) {
    if (result.ok()) response->Swap(&*result);
    reactor->Finish(ToGrpc(result.status()));
  };
}
template <typename Response>
Done<Response> AnswerBy(CountedContext* context, Response* response) {
  return [context, response](absl::StatusOr<Response> result) {
    if (result.ok()) response->Swap(&*result);
    context->Finish(result.status());
  };
}

// Serves a unary method: `handle(call, request, done)`. The request outlives
// `done`; one that was not parsed (wire::GuardedRequest) is refused here. A
// generated override is
//   return ServeUnary(context, request, response, [this](auto&&... args) {
//     handler_.Register(std::forward<decltype(args)>(args)...);
//   });
template <typename Request, typename Response, typename Handle>
grpc::ServerUnaryReactor* ServeUnary(grpc::CallbackServerContext* context,
                                     const Request* request, Response* response,
                                     Handle handle) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  CountedContext* counted = CountedContext::Find(context);
  if (counted != nullptr) counted->Begin(*Response::descriptor(), reactor);
  Done<Response> done = counted != nullptr ? AnswerBy(counted, response)
                                           : AnswerBy(reactor, response);
  if (absl::Status refused = wire::RefusalOf(*request); !refused.ok()) {
    done(std::move(refused));
    return reactor;
  }
  handle(Call::From(*context), *request, std::move(done));
  return reactor;
}

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CALL_H_
