#include "services/platform/appeal_rpc.h"

#include "frank/v1/appeal.grpc.pb.h"

namespace frank::platform {

using services::RpcService;

std::unique_ptr<RpcService> MakeAppealService(AppealHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::AppealService::service_full_name());
  service->Unary("SubmitAppeal", handler, &AppealHandler::Submit);
  service->Unary("ListDecisions", handler, &AppealHandler::List);
  return service;
}

}  // namespace frank::platform
