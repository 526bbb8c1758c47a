#include "services/platform/appeal_rpc.h"

#include <utility>

namespace frank::platform {

grpc::ServerUnaryReactor* AppealRpc::SubmitAppeal(
    grpc::CallbackServerContext* context,
    const v1::SubmitAppealRequest* request,
    v1::SubmitAppealResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.Submit(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* AppealRpc::ListDecisions(
    grpc::CallbackServerContext* context,
    const v1::ListDecisionsRequest* request,
    v1::ListDecisionsResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        handler_.List(std::forward<decltype(args)>(args)...);
      });
}

}  // namespace frank::platform
