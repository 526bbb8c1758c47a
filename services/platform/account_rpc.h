// AccountService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_
#define FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_

#include "frank/v1/account.grpc.pb.h"
#include "services/platform/account_handler.h"

namespace frank::platform {

class AccountRpc final : public v1::AccountService::CallbackService {
 public:
  // The handler outlives the service.
  explicit AccountRpc(AccountHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* RegisterAccount(
      grpc::CallbackServerContext* context,
      const v1::RegisterAccountRequest* request,
      v1::RegisterAccountResponse* response) override;
  grpc::ServerUnaryReactor* UpdateDeviceList(
      grpc::CallbackServerContext* context,
      const v1::UpdateDeviceListRequest* request,
      v1::UpdateDeviceListResponse* response) override;
  grpc::ServerUnaryReactor* GetDeviceLists(
      grpc::CallbackServerContext* context,
      const v1::GetDeviceListsRequest* request,
      v1::GetDeviceListsResponse* response) override;
  grpc::ServerUnaryReactor* RotateToken(
      grpc::CallbackServerContext* context,
      const v1::RotateTokenRequest* request,
      v1::RotateTokenResponse* response) override;

 private:
  AccountHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_
