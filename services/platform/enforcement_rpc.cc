#include "services/platform/enforcement_rpc.h"

#include <utility>

namespace frank::platform {

grpc::ServerUnaryReactor* EnforcementRpc::Apply(
    grpc::CallbackServerContext* context, const v1::ApplyRequest* request,
    v1::ApplyResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.Apply(std::forward<decltype(args)>(args)...);
      });
}

}  // namespace frank::platform
