// QueueService and ReasonService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_QUEUE_RPC_H_
#define FRANK_SERVICES_MODERATION_QUEUE_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/moderation/queue_handler.h"

namespace frank::moderation {

// `handler` outlives the services and their calls.
std::unique_ptr<services::RpcService> MakeQueueService(QueueHandler& handler);
std::unique_ptr<services::RpcService> MakeReasonService(QueueHandler& handler);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_QUEUE_RPC_H_
