// TargetService without gRPC: checks a request, authorizes the caller, answers.
#ifndef FRANK_SERVICES_MODERATION_TARGET_HANDLER_H_
#define FRANK_SERVICES_MODERATION_TARGET_HANDLER_H_

#include "frank/v1/target.pb.h"
#include "services/common/call.h"
#include "services/moderation/moderators.h"
#include "services/moderation/target_view.h"

namespace frank::moderation {

// Thread-safe.
class TargetHandler {
 public:
  // Both outlive the handler.
  TargetHandler(const Moderators& moderators, const TargetView& view)
      : moderators_(moderators), view_(view) {}

  void GetReached(const services::Call& call,
                  const v1::GetReachedRequest& request,
                  services::Done<v1::GetReachedResponse> done);
  void GetInflow(const services::Call& call,
                 const v1::GetInflowRequest& request,
                 services::Done<v1::GetInflowResponse> done);

 private:
  const Moderators& moderators_;
  const TargetView& view_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGET_HANDLER_H_
