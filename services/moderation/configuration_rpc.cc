#include "services/moderation/configuration_rpc.h"

#include <utility>

#include "frank/v1/configuration.grpc.pb.h"

namespace frank::moderation {
namespace {

class ConfigurationRpc final
    : public v1::ConfigurationService::CallbackService {
 public:
  explicit ConfigurationRpc(ConfigurationHandler& handler)
      : handler_(handler) {}

  grpc::ServerUnaryReactor* GetConfiguration(
      grpc::CallbackServerContext* context,
      const v1::GetConfigurationRequest* request,
      v1::GetConfigurationResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.GetConfiguration(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* DryRunRouting(
      grpc::CallbackServerContext* context,
      const v1::DryRunRoutingRequest* request,
      v1::DryRunRoutingResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.DryRunRouting(std::forward<decltype(args)>(args)...);
        });
  }

 private:
  ConfigurationHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeConfigurationService(
    ConfigurationHandler& handler) {
  return std::make_unique<ConfigurationRpc>(handler);
}

}  // namespace frank::moderation
