#include "services/moderation/referral_rpc.h"

#include <utility>

#include "frank/v1/referral.grpc.pb.h"

namespace frank::moderation {
namespace {

class ReferralRpc final : public v1::ReferralService::CallbackService {
 public:
  explicit ReferralRpc(ReferralHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* ListReferrals(
      grpc::CallbackServerContext* context,
      const v1::ListReferralsRequest* request,
      v1::ListReferralsResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.ListReferrals(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* AssignReferral(
      grpc::CallbackServerContext* context,
      const v1::AssignReferralRequest* request,
      v1::AssignReferralResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.AssignReferral(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* RecordHandover(
      grpc::CallbackServerContext* context,
      const v1::RecordHandoverRequest* request,
      v1::RecordHandoverResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.RecordHandover(std::forward<decltype(args)>(args)...);
        });
  }
  grpc::ServerUnaryReactor* WithdrawReferral(
      grpc::CallbackServerContext* context,
      const v1::WithdrawReferralRequest* request,
      v1::WithdrawReferralResponse* response) override {
    return services::ServeUnary(
        context, request, response, [this](auto&&... args) {
          handler_.WithdrawReferral(std::forward<decltype(args)>(args)...);
        });
  }

 private:
  ReferralHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReferralService(ReferralHandler& handler) {
  return std::make_unique<ReferralRpc>(handler);
}

}  // namespace frank::moderation
