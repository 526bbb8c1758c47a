// What the moderators decided, taken over by the platform.
#ifndef FRANK_SERVICES_PLATFORM_ENFORCEMENT_HANDLER_H_
#define FRANK_SERVICES_PLATFORM_ENFORCEMENT_HANDLER_H_

#include <string>

#include "absl/status/status.h"
#include "core/clock.h"
#include "frank/v1/enforcement.pb.h"
#include "services/common/call.h"
#include "storage/engine.h"

namespace frank::platform {

// Checks a request by the limits of enforcement.proto. kInvalidArgument names
// the field and the rule.
absl::Status ValidateApply(const v1::ApplyRequest& request);

// The methods of EnforcementService. Thread-safe.
class EnforcementHandler {
 public:
  // `moderation` is the DNS name that the caller's certificate must bear.
  EnforcementHandler(storage::Engine& engine, const Clock& clock,
                     std::string moderation)
      : engine_(engine), clock_(clock), moderation_(std::move(moderation)) {}

  // Applies each state whose number is higher than the stored one, with its
  // notice to the account; records each outcome with its report, with a notice
  // to the reporter unless they want none. One transaction. What is known
  // already, and outcomes of reports that are not stored (any more), are passed
  // over with success.
  void Apply(const services::Call& call, const v1::ApplyRequest& request,
             services::Done<v1::ApplyResponse> done);

 private:
  storage::Engine& engine_;
  const Clock& clock_;
  const std::string moderation_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ENFORCEMENT_HANDLER_H_
