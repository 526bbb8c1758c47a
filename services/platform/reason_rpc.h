// ReasonService over gRPC: the table of report reasons, for those who report.
#ifndef FRANK_SERVICES_PLATFORM_REASON_RPC_H_
#define FRANK_SERVICES_PLATFORM_REASON_RPC_H_

#include <memory>

#include "core/taxonomy.h"
#include "services/common/rpc_service.h"
#include "services/platform/authenticator.h"

namespace frank::platform {

// Both outlive the service.
std::unique_ptr<services::RpcService> MakeReasonService(
    Authenticator& authenticator, const ReasonTable& reasons);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REASON_RPC_H_
