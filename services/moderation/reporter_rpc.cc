#include "services/moderation/reporter_rpc.h"

#include "frank/v1/reporters.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeReporterService(ReporterHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::ReporterService::service_full_name());
  service->Unary("GetReporter", handler, &ReporterHandler::GetReporter);
  service->Unary("MuteReporter", handler, &ReporterHandler::MuteReporter);
  service->Unary("UnmuteReporter", handler, &ReporterHandler::UnmuteReporter);
  service->Unary("ReleaseReports", handler, &ReporterHandler::ReleaseReports);
  service->Unary("ListMutes", handler, &ReporterHandler::ListMutes);
  return service;
}

}  // namespace frank::moderation
