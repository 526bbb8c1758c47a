// RetentionService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_RPC_H_
#define FRANK_SERVICES_MODERATION_RETENTION_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/moderation/retention_handler.h"

namespace frank::moderation {

// `handler` outlives the service.
std::unique_ptr<services::RpcService> MakeRetentionService(
    RetentionHandler& handler);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_RPC_H_
