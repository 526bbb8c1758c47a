#include "services/moderation/review_rpc.h"

#include "frank/v1/review.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeReviewService(ReviewHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::ReviewService::service_full_name());
  service->Unary("ListCases", handler, &ReviewHandler::ListCases);
  service->Unary("ClaimCase", handler, &ReviewHandler::ClaimCase);
  service->Unary("RenewLease", handler, &ReviewHandler::RenewLease);
  service->Unary("GetCase", handler, &ReviewHandler::GetCase);
  service->Unary("ReleaseCase", handler, &ReviewHandler::ReleaseCase);
  service->Unary("ListActs", handler, &ReviewHandler::ListActs);
  return service;
}

}  // namespace frank::moderation
