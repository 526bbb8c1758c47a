#include "services/platform/account_rpc.h"

#include <utility>

namespace frank::platform {

using services::ServeUnary;

grpc::ServerUnaryReactor* AccountRpc::RegisterAccount(
    grpc::CallbackServerContext* context,
    const v1::RegisterAccountRequest* request,
    v1::RegisterAccountResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Register(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* AccountRpc::UpdateDeviceList(
    grpc::CallbackServerContext* context,
    const v1::UpdateDeviceListRequest* request,
    v1::UpdateDeviceListResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.Update(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* AccountRpc::GetDeviceLists(
    grpc::CallbackServerContext* context,
    const v1::GetDeviceListsRequest* request,
    v1::GetDeviceListsResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.GetLists(std::forward<decltype(args)>(args)...);
  });
}

grpc::ServerUnaryReactor* AccountRpc::RotateToken(
    grpc::CallbackServerContext* context, const v1::RotateTokenRequest* request,
    v1::RotateTokenResponse* response) {
  return ServeUnary(context, request, response, [this](auto&&... args) {
    handler_.RotateToken(std::forward<decltype(args)>(args)...);
  });
}

}  // namespace frank::platform
