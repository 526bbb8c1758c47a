// Statuses on the wire: google.rpc.Status with ErrorInfo, BadRequest and
// RetryInfo, as errors.proto describes. Both ends of every call use this.
#ifndef FRANK_PROTO_RPC_STATUS_H_
#define FRANK_PROTO_RPC_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace frank::wire {

// Translates a handler's status for its peer. The code is one of the closed
// list in errors.proto; the details come from what WithReason, FieldError and
// WithRetryAfter attached. The message of a status that carries neither reason
// nor field was written for us, not for the peer, and is replaced by fixed
// words.
google::rpc::Status ToRpc(const absl::Status& status);

// Translates a peer's answer: grpc-status, grpc-message and the bytes of
// grpc-status-details-bin. Reason, field and retry time are attached again.
absl::Status FromRpc(int code, absl::string_view message,
                     absl::string_view details);

// The reason that a peer is given for `status`, such as "FIELD_INVALID".
std::string ReasonOf(const absl::Status& status);
// The code that it is given.
absl::StatusCode CodeOf(const absl::Status& status);

}  // namespace frank::wire

#endif  // FRANK_PROTO_RPC_STATUS_H_
