#include "services/platform/account_rpc.h"

#include "frank/v1/account.grpc.pb.h"

namespace frank::platform {

using services::RpcService;

std::unique_ptr<RpcService> MakeAccountService(AccountHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::AccountService::service_full_name());
  service->Unary("RegisterAccount", handler, &AccountHandler::Register);
  service->Unary("UpdateDeviceList", handler, &AccountHandler::Update);
  service->Unary("GetDeviceLists", handler, &AccountHandler::GetLists);
  service->Unary("RotateToken", handler, &AccountHandler::RotateToken);
  return service;
}

}  // namespace frank::platform
