// Decisions about accounts and appeals against them, for the accounts.
#ifndef FRANK_SERVICES_PLATFORM_APPEAL_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_APPEAL_HANDLER_H_

#include <string>

#include "absl/status/statusor.h"
#include "frank/v1/appeal.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/outbox_queue.h"
#include "storage/engine.h"

namespace frank::platform {

// Check requests by the limits of appeal.proto. kInvalidArgument names the
// field and the rule.
absl::Status Validate(const v1::SubmitAppealRequest& request);
absl::Status Validate(const v1::ListDecisionsRequest& request);

// The methods of AppealService. The platform takes a sealed appeal to the
// moderators and learns that there is one. Nothing here asks whether the
// account is suspended. Thread-safe.
class AppealHandler {
 public:
  // All of it outlives the handler.
  struct Dependencies {
    storage::Engine& engine;
    Authenticator& authenticator;
    OutboxQueue& outbox;
  };
  explicit AppealHandler(Dependencies dependencies) : d_(dependencies) {}

  void Submit(const services::Call& call,
              const v1::SubmitAppealRequest& request,
              services::Done<v1::SubmitAppealResponse> done);
  void List(const services::Call& call, const v1::ListDecisionsRequest& request,
            services::Done<v1::ListDecisionsResponse> done);

 private:
  absl::StatusOr<OutboxEntry> Check(const services::Call& call,
                                    const v1::SubmitAppealRequest& request);
  absl::StatusOr<v1::ListDecisionsResponse> Find(
      const services::Call& call, const v1::ListDecisionsRequest& request);

  Dependencies d_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_APPEAL_HANDLER_H_
