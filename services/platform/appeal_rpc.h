// AppealService on the wire.
#ifndef FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_
#define FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_

#include "frank/v1/appeal.grpc.pb.h"
#include "services/platform/appeal_handler.h"

namespace frank::platform {

class AppealRpc final : public v1::AppealService::CallbackService {
 public:
  // The handler outlives the service.
  explicit AppealRpc(AppealHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* SubmitAppeal(
      grpc::CallbackServerContext* context,
      const v1::SubmitAppealRequest* request,
      v1::SubmitAppealResponse* response) override;
  grpc::ServerUnaryReactor* ListDecisions(
      grpc::CallbackServerContext* context,
      const v1::ListDecisionsRequest* request,
      v1::ListDecisionsResponse* response) override;

 private:
  AppealHandler& handler_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_
