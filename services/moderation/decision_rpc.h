// DecisionService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_DECISION_RPC_H_
#define FRANK_SERVICES_MODERATION_DECISION_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/moderation/decision_handler.h"

namespace frank::moderation {

// `handler` outlives the service.
std::unique_ptr<services::RpcService> MakeDecisionService(
    DecisionHandler& handler);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_RPC_H_
