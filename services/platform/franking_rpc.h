// FrankingService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_
#define FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/franking_handler.h"

namespace frank::platform {

// The handler outlives the service.
std::unique_ptr<services::RpcService> MakeFrankingService(
    FrankingHandler& handler);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FRANKING_RPC_H_
