#include "services/moderation/target_handler.h"

#include "services/moderation/validate_target.h"

namespace frank::moderation {

void TargetHandler::GetReached(const services::Call& call,
                               const v1::GetReachedRequest& request,
                               services::Done<v1::GetReachedResponse> done) {
  absl::Status admitted = Check(request);
  if (admitted.ok()) {
    admitted = moderators_.Authorize(call, "TargetService.GetReached").status();
  }
  if (!admitted.ok()) return done(admitted);
  done(view_.Reached(request));
}

void TargetHandler::GetInflow(const services::Call& call,
                              const v1::GetInflowRequest& request,
                              services::Done<v1::GetInflowResponse> done) {
  absl::Status admitted = Check(request);
  if (admitted.ok()) {
    admitted = moderators_.Authorize(call, "TargetService.GetInflow").status();
  }
  if (!admitted.ok()) return done(admitted);
  done(view_.Inflow(request));
}

}  // namespace frank::moderation
