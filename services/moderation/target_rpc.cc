#include "services/moderation/target_rpc.h"

#include "frank/v1/target.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeTargetService(TargetHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::TargetService::service_full_name());
  service->Unary("GetReached", handler, &TargetHandler::GetReached);
  service->Unary("GetInflow", handler, &TargetHandler::GetInflow);
  return service;
}

}  // namespace frank::moderation
