#include "services/platform/report_rpc.h"

#include <utility>

namespace frank::platform {

grpc::ServerUnaryReactor* ReportRpc::GetReportingKeys(
    grpc::CallbackServerContext* context,
    const v1::GetReportingKeysRequest* request,
    v1::GetReportingKeysResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        reports_.GetReportingKeys(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* ReportRpc::SubmitReport(
    grpc::CallbackServerContext* context,
    const v1::SubmitReportRequest* request,
    v1::SubmitReportResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        reports_.SubmitReport(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* ReportRpc::GetReport(
    grpc::CallbackServerContext* context, const v1::GetReportRequest* request,
    v1::GetReportResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        reports_.GetReport(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* ReportRpc::ListReports(
    grpc::CallbackServerContext* context, const v1::ListReportsRequest* request,
    v1::ListReportsResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        reports_.ListReports(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* ReportRpc::SetReportNotices(
    grpc::CallbackServerContext* context,
    const v1::SetReportNoticesRequest* request,
    v1::SetReportNoticesResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        reports_.SetReportNotices(std::forward<decltype(args)>(args)...);
      });
}

grpc::ServerUnaryReactor* ReportRpc::SubmitMismatchNotice(
    grpc::CallbackServerContext* context,
    const v1::SubmitMismatchNoticeRequest* request,
    v1::SubmitMismatchNoticeResponse* response) {
  return services::ServeUnary(
      context, request, response, [this](auto&&... args) {
        mismatches_.Submit(std::forward<decltype(args)>(args)...);
      });
}

}  // namespace frank::platform
