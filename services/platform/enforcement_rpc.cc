#include "services/platform/enforcement_rpc.h"

#include "frank/v1/enforcement.grpc.pb.h"

namespace frank::platform {

using services::RpcService;

std::unique_ptr<RpcService> MakeEnforcementService(
    EnforcementHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::EnforcementService::service_full_name());
  service->Unary("Apply", handler, &EnforcementHandler::Apply);
  return service;
}

}  // namespace frank::platform
