// EvidenceService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_EXPORT_RPC_H_
#define FRANK_SERVICES_MODERATION_EXPORT_RPC_H_

#include <memory>

#include "core/clock.h"
#include "services/common/rpc_service.h"
#include "services/moderation/export_handler.h"

namespace frank::moderation {

// Both outlive the service.
std::unique_ptr<services::RpcService> MakeEvidenceService(
    ExportHandler& handler, const Clock& clock);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPORT_RPC_H_
