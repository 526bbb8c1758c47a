// ReferralService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_REFERRAL_RPC_H_
#define FRANK_SERVICES_MODERATION_REFERRAL_RPC_H_

#include <memory>

#include "grpcpp/impl/service_type.h"
#include "services/moderation/referral_handler.h"

namespace frank::moderation {

// `handler` outlives the service.
std::unique_ptr<grpc::Service> MakeReferralService(ReferralHandler& handler);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REFERRAL_RPC_H_
