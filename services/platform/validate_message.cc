#include "services/platform/validate_message.h"

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "proto/wire.h"

namespace frank::platform {

absl::Status Validate(const v1::SendRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckUri("room_uri", request.room_uri()));
  if (wire::HasUnknownFields(request.envelope())) {
    return FieldError("envelope", "must have no unknown field");
  }
  return InField("envelope", wire::CheckEnvelope(request.envelope()));
}

absl::Status Validate(const v1::SendBatchRequest& request) {
  if (request.send_size() < 1 ||
      request.send_size() > static_cast<int>(limits::kMaxSendBatch)) {
    return FieldError("send",
                      absl::StrCat("must be 1 to ", limits::kMaxSendBatch));
  }
  if (request.ByteSizeLong() > limits::kMaxRequestBytes) {
    return WithReason(FieldError("send", "must be at most 16 MiB together"),
                      "TOO_LARGE");
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::ReceiveRequest& request) {
  switch (request.kind_case()) {
    case v1::ReceiveRequest::kStart:
      if (request.start().window() <= limits::kReceiveWindow) {
        return absl::OkStatus();
      }
      return FieldError("start.window", absl::StrCat("must be at most ",
                                                     limits::kReceiveWindow));
    case v1::ReceiveRequest::kAck:
      FRANK_RETURN_IF_ERROR(CheckUri("ack.room_uri", request.ack().room_uri()));
      if (request.ack().sequence() > 0) return absl::OkStatus();
      return FieldError("ack.sequence", "must be at least 1");
    case v1::ReceiveRequest::kNoticeAck:
      return DecisionId::Parse("notice_ack.notice_id",
                               request.notice_ack().notice_id())
          .status();
    case v1::ReceiveRequest::kHold:
      return CheckUri("hold.room_uri", request.hold().room_uri());
    default:
      return FieldError("kind", "must be start, ack, notice_ack or hold");
  }
}

}  // namespace frank::platform
