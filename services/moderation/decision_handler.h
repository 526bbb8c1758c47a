// DecisionService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_DECISION_HANDLER_H_
#define FRANK_SERVICES_MODERATION_DECISION_HANDLER_H_

#include "absl/strings/string_view.h"
#include "frank/v1/decision.pb.h"
#include "services/common/call.h"
#include "services/moderation/decision_desk.h"
#include "services/moderation/decision_view.h"
#include "services/moderation/moderators.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class DecisionHandler {
 public:
  // All outlive the handler.
  struct Dependencies {
    const Moderators& moderators;
    DecisionDesk& desk;
    const DecisionView& view;
  };
  explicit DecisionHandler(const Dependencies& dependencies);

  void DecideCase(const services::Call& call,
                  const v1::DecideCaseRequest& request,
                  services::Done<v1::DecideCaseResponse> done);
  void PreviewDecision(const services::Call& call,
                       const v1::PreviewDecisionRequest& request,
                       services::Done<v1::PreviewDecisionResponse> done);
  void UndoDecision(const services::Call& call,
                    const v1::UndoDecisionRequest& request,
                    services::Done<v1::UndoDecisionResponse> done);
  void ReverseDecision(const services::Call& call,
                       const v1::ReverseDecisionRequest& request,
                       services::Done<v1::ReverseDecisionResponse> done);
  void ListApprovals(const services::Call& call,
                     const v1::ListApprovalsRequest& request,
                     services::Done<v1::ListApprovalsResponse> done);
  void ApproveDecision(const services::Call& call,
                       const v1::ApproveDecisionRequest& request,
                       services::Done<v1::ApproveDecisionResponse> done);
  void RefuseDecision(const services::Call& call,
                      const v1::RefuseDecisionRequest& request,
                      services::Done<v1::RefuseDecisionResponse> done);
  void WithdrawDecision(const services::Call& call,
                        const v1::WithdrawDecisionRequest& request,
                        services::Done<v1::WithdrawDecisionResponse> done);
  void DecideAppeal(const services::Call& call,
                    const v1::DecideAppealRequest& request,
                    services::Done<v1::DecideAppealResponse> done);
  void ListPolicies(const services::Call& call,
                    const v1::ListPoliciesRequest& request,
                    services::Done<v1::ListPoliciesResponse> done);
  void ListStrikes(const services::Call& call,
                   const v1::ListStrikesRequest& request,
                   services::Done<v1::ListStrikesResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_HANDLER_H_
