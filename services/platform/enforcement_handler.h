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
  struct Dependencies {
    // Both outlive the handler.
    storage::Engine& engine;
    const Clock& clock;
    // The DNS name that the caller's certificate must bear.
    std::string moderation;
    // How long after it is told of a decision an account may appeal.
    UnixMillis appeal_period;
  };
  explicit EnforcementHandler(Dependencies dependencies)
      : d_(std::move(dependencies)) {}

  // Applies each state whose number is higher than the stored one, and tells
  // the account of each decision once, also of one whose state was overtaken;
  // records each outcome with its report, with a notice to the reporter unless
  // they want none; records how appeals ended. One transaction. What is known
  // already, and outcomes of reports that are not stored (any more), are passed
  // over with success.
  void Apply(const services::Call& call, const v1::ApplyRequest& request,
             services::Done<v1::ApplyResponse> done);

 private:
  const Dependencies d_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ENFORCEMENT_HANDLER_H_
