// IntakeService over gRPC: the platform's stream of reports.
#ifndef FRANK_SERVICES_MODERATION_INTAKE_RPC_H_
#define FRANK_SERVICES_MODERATION_INTAKE_RPC_H_

#include <memory>
#include <string>

#include "services/common/rpc_service.h"
#include "services/moderation/intake.h"

namespace frank::moderation {

// Serves the platform whose certificate bears `platform_name`, and nobody else.
// Reports that arrive while a transaction commits go together in the next.
// `indicative_time` is what the platform tells reporters about how long a
// decision takes. It is one figure for all of them: a figure for each report
// would follow its reason, and so tell the platform what the report is about.
// `intake` outlives the service.
std::unique_ptr<services::RpcService> MakeIntakeService(
    Intake& intake, std::string platform_name, UnixMillis indicative_time);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_INTAKE_RPC_H_
