#include "services/moderation/decision_rpc.h"

#include "frank/v1/decision.grpc.pb.h"

namespace frank::moderation {

using services::RpcService;

std::unique_ptr<RpcService> MakeDecisionService(DecisionHandler& handler) {
  auto service =
      std::make_unique<RpcService>(v1::DecisionService::service_full_name());
  service->Unary("DecideCase", handler, &DecisionHandler::DecideCase);
  service->Unary("PreviewDecision", handler, &DecisionHandler::PreviewDecision);
  service->Unary("UndoDecision", handler, &DecisionHandler::UndoDecision);
  service->Unary("ReverseDecision", handler, &DecisionHandler::ReverseDecision);
  service->Unary("ListApprovals", handler, &DecisionHandler::ListApprovals);
  service->Unary("ApproveDecision", handler, &DecisionHandler::ApproveDecision);
  service->Unary("RefuseDecision", handler, &DecisionHandler::RefuseDecision);
  service->Unary("WithdrawDecision", handler,
                 &DecisionHandler::WithdrawDecision);
  service->Unary("DecideAppeal", handler, &DecisionHandler::DecideAppeal);
  service->Unary("ListPolicies", handler, &DecisionHandler::ListPolicies);
  service->Unary("ListStrikes", handler, &DecisionHandler::ListStrikes);
  return service;
}

}  // namespace frank::moderation
