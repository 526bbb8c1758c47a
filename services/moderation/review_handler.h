// ReviewService without gRPC: checks a request, authorizes the caller, hands
// over to the desk.
#ifndef FRANK_SERVICES_MODERATION_REVIEW_HANDLER_H_
#define FRANK_SERVICES_MODERATION_REVIEW_HANDLER_H_

#include "frank/v1/review.pb.h"
#include "services/common/call.h"
#include "services/moderation/case_view.h"
#include "services/moderation/claim_desk.h"
#include "services/moderation/moderators.h"
#include "services/moderation/reveal_desk.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe. Requests live until the answer is given.
class ReviewHandler {
 public:
  // All outlive the handler.
  struct Dependencies {
    storage::Engine& engine;
    const Moderators& moderators;
    ClaimDesk& claims;
    const CaseView& view;
    const RevealDesk& reveals;
  };
  explicit ReviewHandler(const Dependencies& dependencies);

  void ListCases(const services::Call& call,
                 const v1::ListCasesRequest& request,
                 services::Done<v1::ListCasesResponse> done);
  void ClaimCase(const services::Call& call,
                 const v1::ClaimCaseRequest& request,
                 services::Done<v1::ClaimCaseResponse> done);
  void RenewLease(const services::Call& call,
                  const v1::RenewLeaseRequest& request,
                  services::Done<v1::RenewLeaseResponse> done);
  void GetCase(const services::Call& call, const v1::GetCaseRequest& request,
               services::Done<v1::GetCaseResponse> done);
  void ReleaseCase(const services::Call& call,
                   const v1::ReleaseCaseRequest& request,
                   services::Done<v1::ReleaseCaseResponse> done);
  void ListActs(const services::Call& call, const v1::ListActsRequest& request,
                services::Done<v1::ListActsResponse> done);

 private:
  template <typename Request>
  absl::StatusOr<Moderator> Admit(const services::Call& call,
                                  absl::string_view method,
                                  const Request& request) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REVIEW_HANDLER_H_
