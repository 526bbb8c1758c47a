// ReportService on the wire.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_RPC_H_
#define FRANK_SERVICES_PLATFORM_REPORT_RPC_H_

#include "frank/v1/report.grpc.pb.h"
#include "services/platform/mismatch_handler.h"
#include "services/platform/report_handler.h"

namespace frank::platform {

class ReportRpc final : public v1::ReportService::CallbackService {
 public:
  ReportRpc(ReportHandler& reports, MismatchHandler& mismatches)
      : reports_(reports), mismatches_(mismatches) {}

  grpc::ServerUnaryReactor* GetReportingKeys(
      grpc::CallbackServerContext* context,
      const v1::GetReportingKeysRequest* request,
      v1::GetReportingKeysResponse* response) override;
  grpc::ServerUnaryReactor* SubmitReport(
      grpc::CallbackServerContext* context,
      const v1::SubmitReportRequest* request,
      v1::SubmitReportResponse* response) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::GetReportResponse* response) override;
  grpc::ServerUnaryReactor* ListReports(
      grpc::CallbackServerContext* context,
      const v1::ListReportsRequest* request,
      v1::ListReportsResponse* response) override;
  grpc::ServerUnaryReactor* SetReportNotices(
      grpc::CallbackServerContext* context,
      const v1::SetReportNoticesRequest* request,
      v1::SetReportNoticesResponse* response) override;
  grpc::ServerUnaryReactor* SubmitMismatchNotice(
      grpc::CallbackServerContext* context,
      const v1::SubmitMismatchNoticeRequest* request,
      v1::SubmitMismatchNoticeResponse* response) override;

 private:
  ReportHandler& reports_;
  MismatchHandler& mismatches_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_RPC_H_
