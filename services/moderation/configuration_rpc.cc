#include "services/moderation/configuration_rpc.h"

#include "frank/v1/configuration.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeConfigurationService(
    ConfigurationHandler& handler) {
  auto service = std::make_unique<RpcService>(
      v1::ConfigurationService::service_full_name());
  service->Unary("GetConfiguration", handler,
                 &ConfigurationHandler::GetConfiguration);
  service->Unary("DryRunRouting", handler,
                 &ConfigurationHandler::DryRunRouting);
  return service;
}

}  // namespace frank::moderation
