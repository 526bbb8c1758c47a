// Appeals' containers: from bytes that were sealed to checked words.
#ifndef FRANK_PROTO_APPEALS_H_
#define FRANK_PROTO_APPEALS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/bytes.h"
#include "frank/v1/frank.pb.h"

namespace frank::wire {

// Checks what section 7 asks of an AppealContent. kInvalidArgument names the
// field and the rule.
absl::Status CheckAppealContent(const v1::AppealContent& content);

// Parses and checks; refuses unknown fields.
absl::StatusOr<v1::AppealContent> ParseAppealContent(ByteSpan bytes);

}  // namespace frank::wire

#endif  // FRANK_PROTO_APPEALS_H_
