// EnforcementService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_
#define FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/enforcement_handler.h"

namespace frank::platform {

// The handler outlives the service.
std::unique_ptr<services::RpcService> MakeEnforcementService(
    EnforcementHandler& handler);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ENFORCEMENT_RPC_H_
