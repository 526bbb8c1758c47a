#include "services/moderation/target_rpc.h"

#include <utility>

#include "frank/v1/target.grpc.pb.h"

namespace frank::moderation {
namespace {

class TargetRpc final : public v1::TargetService::CallbackService {
 public:
  explicit TargetRpc(TargetHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* GetReached(
      grpc::CallbackServerContext* context,
      const v1::GetReachedRequest* request,
      v1::GetReachedResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.GetReached(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* GetInflow(
      grpc::CallbackServerContext* context, const v1::GetInflowRequest* request,
      v1::GetInflowResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.GetInflow(std::forward<decltype(args)>(args)...);
        });
  }

 private:
  TargetHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTargetService(TargetHandler& handler) {
  return std::make_unique<TargetRpc>(handler);
}

}  // namespace frank::moderation
