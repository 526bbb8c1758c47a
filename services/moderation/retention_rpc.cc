#include "services/moderation/retention_rpc.h"

#include "frank/v1/retention.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeRetentionService(RetentionHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::RetentionService::service_full_name());
  service->Unary("ListDue", handler, &RetentionHandler::ListDue);
  service->Unary("PlaceLegalHold", handler, &RetentionHandler::PlaceLegalHold);
  service->Unary("LiftLegalHold", handler, &RetentionHandler::LiftLegalHold);
  service->Unary("ListLegalHolds", handler, &RetentionHandler::ListLegalHolds);
  return service;
}

}  // namespace frank::moderation
