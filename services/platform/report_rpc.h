// ReportService over gRPC.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_RPC_H_
#define FRANK_SERVICES_PLATFORM_REPORT_RPC_H_

#include <memory>

#include "services/common/rpc_service.h"
#include "services/platform/mismatch_handler.h"
#include "services/platform/report_handler.h"

namespace frank::platform {

// The handlers outlive the service.
std::unique_ptr<services::RpcService> MakeReportService(
    ReportHandler& reports, MismatchHandler& mismatches);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_RPC_H_
