// EvidenceService over gRPC.
#ifndef FRANK_SERVICES_MODERATION_EXPORT_RPC_H_
#define FRANK_SERVICES_MODERATION_EXPORT_RPC_H_

#include <memory>

#include "grpcpp/impl/service_type.h"
#include "services/moderation/export_handler.h"

namespace frank::moderation {

// `handler` outlives the service.
std::unique_ptr<grpc::Service> MakeEvidenceService(ExportHandler& handler);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPORT_RPC_H_
