// IntakeService over gRPC: the platform's stream of reports.
#ifndef FRANK_SERVICES_MODERATION_INTAKE_RPC_H_
#define FRANK_SERVICES_MODERATION_INTAKE_RPC_H_

#include <memory>
#include <string>

#include "grpcpp/impl/service_type.h"
#include "services/moderation/intake.h"

namespace frank::moderation {

// Serves the platform whose certificate bears `platform_name`, and nobody else.
// Reports that arrive while a transaction commits go together in the next.
// `intake` outlives the service.
std::unique_ptr<grpc::Service> MakeIntakeService(Intake& intake,
                                                 std::string platform_name);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_INTAKE_RPC_H_
