#include "services/moderation/decision_handler.h"

#include <utility>

#include "core/status.h"
#include "services/moderation/validate_decision.h"

namespace frank::moderation {
namespace {

// Fills the answer to an act, which has the decision and the hash of the act.
template <typename Response>
services::Done<ChangedDecision> Answer(services::Done<Response> done) {
  return [done = std::move(done)](
             absl::StatusOr<ChangedDecision> changed) mutable {
    if (!changed.ok()) return done(std::move(changed).status());
    Response response;
    *response.mutable_decision() = std::move(changed->decision);
    response.set_act_hash(std::move(changed->act_hash));
    done(std::move(response));
  };
}

// The same for an act that gives cases back.
template <typename Response>
services::Done<ChangedDecision> AnswerWithCases(services::Done<Response> done) {
  return [done = std::move(done)](
             absl::StatusOr<ChangedDecision> changed) mutable {
    if (!changed.ok()) return done(std::move(changed).status());
    Response response;
    for (v1::HeldCase& held : changed->held) {
      *response.add_held_case() = std::move(held);
    }
    *response.mutable_decision() = std::move(changed->decision);
    response.set_act_hash(std::move(changed->act_hash));
    done(std::move(response));
  };
}

}  // namespace

DecisionHandler::DecisionHandler(const Dependencies& dependencies)
    : d_(dependencies) {}

template <typename Request>
absl::StatusOr<Moderator> DecisionHandler::Admit(const services::Call& call,
                                                 absl::string_view method,
                                                 const Request& request) const {
  FRANK_RETURN_IF_ERROR(Check(request));
  return d_.moderators.Authorize(call, method);
}

void DecisionHandler::DecideCase(const services::Call& call,
                                 const v1::DecideCaseRequest& request,
                                 services::Done<v1::DecideCaseResponse> done) {
  auto moderator = Admit(call, "DecisionService.DecideCase", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Decide(*moderator, request, std::move(done));
}

void DecisionHandler::PreviewDecision(
    const services::Call& call, const v1::PreviewDecisionRequest& request,
    services::Done<v1::PreviewDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.PreviewDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.Preview(request));
}

void DecisionHandler::UndoDecision(
    const services::Call& call, const v1::UndoDecisionRequest& request,
    services::Done<v1::UndoDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.UndoDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Apply(*moderator,
                {v1::DECISION_EVENT_KIND_UNDONE,
                 request.decision_id(),
                 request.act_id(),
                 "",
                 {}},
                AnswerWithCases(std::move(done)));
}

void DecisionHandler::ReverseDecision(
    const services::Call& call, const v1::ReverseDecisionRequest& request,
    services::Done<v1::ReverseDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.ReverseDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Apply(*moderator,
                {v1::DECISION_EVENT_KIND_REVERSED,
                 request.decision_id(),
                 request.act_id(),
                 request.reason(),
                 {}},
                Answer(std::move(done)));
}

void DecisionHandler::ListApprovals(
    const services::Call& call, const v1::ListApprovalsRequest& request,
    services::Done<v1::ListApprovalsResponse> done) {
  auto moderator = Admit(call, "DecisionService.ListApprovals", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.Approvals(request));
}

void DecisionHandler::ApproveDecision(
    const services::Call& call, const v1::ApproveDecisionRequest& request,
    services::Done<v1::ApproveDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.ApproveDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Apply(
      *moderator,
      {v1::DECISION_EVENT_KIND_APPROVED,
       request.decision_id(),
       request.act_id(),
       "",
       {request.seen_revision().begin(), request.seen_revision().end()}},
      Answer(std::move(done)));
}

void DecisionHandler::RefuseDecision(
    const services::Call& call, const v1::RefuseDecisionRequest& request,
    services::Done<v1::RefuseDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.RefuseDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Apply(*moderator,
                {v1::DECISION_EVENT_KIND_REFUSED,
                 request.decision_id(),
                 request.act_id(),
                 request.reason(),
                 {}},
                Answer(std::move(done)));
}

void DecisionHandler::WithdrawDecision(
    const services::Call& call, const v1::WithdrawDecisionRequest& request,
    services::Done<v1::WithdrawDecisionResponse> done) {
  auto moderator = Admit(call, "DecisionService.WithdrawDecision", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.Apply(*moderator,
                {v1::DECISION_EVENT_KIND_WITHDRAWN,
                 request.decision_id(),
                 request.act_id(),
                 "",
                 {}},
                AnswerWithCases(std::move(done)));
}

void DecisionHandler::DecideAppeal(
    const services::Call& call, const v1::DecideAppealRequest& request,
    services::Done<v1::DecideAppealResponse> done) {
  auto moderator = Admit(call, "DecisionService.DecideAppeal", request);
  if (!moderator.ok()) return done(moderator.status());
  d_.desk.DecideAppeal(*moderator, request, Answer(std::move(done)));
}

void DecisionHandler::ListPolicies(
    const services::Call& call, const v1::ListPoliciesRequest& request,
    services::Done<v1::ListPoliciesResponse> done) {
  auto moderator = Admit(call, "DecisionService.ListPolicies", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.Policies(request));
}

void DecisionHandler::ListStrikes(
    const services::Call& call, const v1::ListStrikesRequest& request,
    services::Done<v1::ListStrikesResponse> done) {
  auto moderator = Admit(call, "DecisionService.ListStrikes", request);
  if (!moderator.ok()) return done(moderator.status());
  done(d_.view.Strikes(request));
}

}  // namespace frank::moderation
