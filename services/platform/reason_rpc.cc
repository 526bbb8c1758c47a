#include "services/platform/reason_rpc.h"

#include "services/common/reason_file.h"

namespace frank::platform {

grpc::ServerUnaryReactor* ReasonRpc::ListReasons(
    grpc::CallbackServerContext* context, const v1::ListReasonsRequest* request,
    v1::ListReasonsResponse* response) {
  return services::ServeUnary(
      context, request, response,
      [this](const services::Call& call, const v1::ListReasonsRequest& asked,
             services::Done<v1::ListReasonsResponse> done) {
        auto caller = authenticator_.Authenticate(call);
        if (!caller.ok()) return done(caller.status());
        done(services::ListReasons(reasons_, asked));
      });
}

}  // namespace frank::platform
