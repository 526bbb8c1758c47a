#include "services/moderation/decision_rpc.h"

#include <utility>

#include "frank/v1/decision.grpc.pb.h"

namespace frank::moderation {
namespace {

using services::Call;
using services::Done;
using services::ServeUnary;

// Serves one method of the handler.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(DecisionHandler& handler,
                                void (DecisionHandler::*method)(const Call&,
                                                                const Request&,
                                                                Done<Response>),
                                grpc::CallbackServerContext* context,
                                const Request* request, Response* response) {
  return ServeUnary(context, request, response,
                    [&handler, method](const Call& call, const Request& asked,
                                       Done<Response> done) {
                      (handler.*method)(call, asked, std::move(done));
                    });
}

class DecisionRpc final : public v1::DecisionService::CallbackService {
 public:
  explicit DecisionRpc(DecisionHandler& handler) : handler_(handler) {}

  grpc::ServerUnaryReactor* DecideCase(
      grpc::CallbackServerContext* context,
      const v1::DecideCaseRequest* request,
      v1::DecideCaseResponse* response) override {
    return Serve(handler_, &DecisionHandler::DecideCase, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* PreviewDecision(
      grpc::CallbackServerContext* context,
      const v1::PreviewDecisionRequest* request,
      v1::PreviewDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::PreviewDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* UndoDecision(
      grpc::CallbackServerContext* context,
      const v1::UndoDecisionRequest* request,
      v1::UndoDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::UndoDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ReverseDecision(
      grpc::CallbackServerContext* context,
      const v1::ReverseDecisionRequest* request,
      v1::ReverseDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::ReverseDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListApprovals(
      grpc::CallbackServerContext* context,
      const v1::ListApprovalsRequest* request,
      v1::ListApprovalsResponse* response) override {
    return Serve(handler_, &DecisionHandler::ListApprovals, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ApproveDecision(
      grpc::CallbackServerContext* context,
      const v1::ApproveDecisionRequest* request,
      v1::ApproveDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::ApproveDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* RefuseDecision(
      grpc::CallbackServerContext* context,
      const v1::RefuseDecisionRequest* request,
      v1::RefuseDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::RefuseDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* WithdrawDecision(
      grpc::CallbackServerContext* context,
      const v1::WithdrawDecisionRequest* request,
      v1::WithdrawDecisionResponse* response) override {
    return Serve(handler_, &DecisionHandler::WithdrawDecision, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* DecideAppeal(
      grpc::CallbackServerContext* context,
      const v1::DecideAppealRequest* request,
      v1::DecideAppealResponse* response) override {
    return Serve(handler_, &DecisionHandler::DecideAppeal, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListPolicies(
      grpc::CallbackServerContext* context,
      const v1::ListPoliciesRequest* request,
      v1::ListPoliciesResponse* response) override {
    return Serve(handler_, &DecisionHandler::ListPolicies, context, request,
                 response);
  }
  grpc::ServerUnaryReactor* ListStrikes(
      grpc::CallbackServerContext* context,
      const v1::ListStrikesRequest* request,
      v1::ListStrikesResponse* response) override {
    return Serve(handler_, &DecisionHandler::ListStrikes, context, request,
                 response);
  }

 private:
  DecisionHandler& handler_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDecisionService(DecisionHandler& handler) {
  return std::make_unique<DecisionRpc>(handler);
}

}  // namespace frank::moderation
