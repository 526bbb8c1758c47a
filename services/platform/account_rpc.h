// AccountService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_
#define FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/account_handler.h"

namespace frank::platform {

// The handler outlives the service.
std::unique_ptr<services::RpcService> MakeAccountService(
    AccountHandler& handler);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACCOUNT_RPC_H_
