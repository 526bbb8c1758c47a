#include "services/platform/report_rpc.h"

#include "frank/v1/report.grpc.pb.h"

namespace frank::platform {

using services::RpcService;

std::unique_ptr<RpcService> MakeReportService(ReportHandler& reports,
                                              MismatchHandler& mismatches) {
  auto service =
      std::make_unique<RpcService>(v1::ReportService::service_full_name());
  service->Unary("GetReportingKeys", reports, &ReportHandler::GetReportingKeys);
  service->Unary("SubmitReport", reports, &ReportHandler::SubmitReport);
  service->Unary("GetReport", reports, &ReportHandler::GetReport);
  service->Unary("ListReports", reports, &ReportHandler::ListReports);
  service->Unary("SetReportNotices", reports, &ReportHandler::SetReportNotices);
  service->Unary("SubmitMismatchNotice", mismatches, &MismatchHandler::Submit);
  return service;
}

}  // namespace frank::platform
