// Checks of MessageService's requests that need no store. kInvalidArgument
// names the field and the rule.
#ifndef FRANK_SERVICES_PLATFORM_VALIDATE_MESSAGE_H_
#define FRANK_SERVICES_PLATFORM_VALIDATE_MESSAGE_H_

#include "absl/status/status.h"
#include "frank/v1/message.pb.h"

namespace frank::platform {

absl::Status Validate(const v1::SendRequest& request);
// Checks the batch as a whole; each message has an outcome of its own.
absl::Status Validate(const v1::SendBatchRequest& request);
absl::Status Validate(const v1::ReceiveRequest& request);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_VALIDATE_MESSAGE_H_
