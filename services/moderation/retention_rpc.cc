#include "services/moderation/retention_rpc.h"

#include <utility>

#include "frank/v1/retention.grpc.pb.h"

namespace frank::moderation {
namespace {

class RetentionRpc final : public v1::RetentionService::CallbackService {
 public:
  explicit RetentionRpc(RetentionHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* ListDue(grpc::CallbackServerContext* context,
                                    const v1::ListDueRequest* request,
                                    v1::ListDueResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.ListDue(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* PlaceLegalHold(
      grpc::CallbackServerContext* context,
      const v1::PlaceLegalHoldRequest* request,
      v1::PlaceLegalHoldResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.PlaceLegalHold(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* LiftLegalHold(
      grpc::CallbackServerContext* context,
      const v1::LiftLegalHoldRequest* request,
      v1::LiftLegalHoldResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.LiftLegalHold(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* ListLegalHolds(
      grpc::CallbackServerContext* context,
      const v1::ListLegalHoldsRequest* request,
      v1::ListLegalHoldsResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.ListLegalHolds(std::forward<decltype(args)>(args)...);
        });
  }

 private:
  RetentionHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRetentionService(RetentionHandler& handler) {
  return std::make_unique<RetentionRpc>(handler);
}

}  // namespace frank::moderation
