#include "services/moderation/referral_rpc.h"

#include "frank/v1/referral.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeReferralService(ReferralHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::ReferralService::service_full_name());
  service->Unary("ListReferrals", handler, &ReferralHandler::ListReferrals);
  service->Unary("AssignReferral", handler, &ReferralHandler::AssignReferral);
  service->Unary("RecordHandover", handler, &ReferralHandler::RecordHandover);
  service->Unary("WithdrawReferral", handler,
                 &ReferralHandler::WithdrawReferral);
  return service;
}

}  // namespace frank::moderation
