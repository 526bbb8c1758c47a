// AppealService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_
#define FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/appeal_handler.h"

namespace frank::platform {

// The handler outlives the service.
std::unique_ptr<services::RpcService> MakeAppealService(AppealHandler& handler);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_APPEAL_RPC_H_
