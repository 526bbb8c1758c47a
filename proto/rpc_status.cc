#include "proto/rpc_status.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/status.h"
#include "google/rpc/error_details.pb.h"

namespace frank::wire {
namespace {

struct Fallback {
  absl::StatusCode code;
  absl::StatusCode answered;
  const char* reason;
  const char* message;
};

// What a status without a reason of its own is answered with. Codes that are
// not here are kInternal to a peer.
constexpr Fallback kFallbacks[] = {
    {absl::StatusCode::kInvalidArgument, absl::StatusCode::kInvalidArgument,
     "FIELD_INVALID", "a field of the request breaks a rule"},
    {absl::StatusCode::kUnauthenticated, absl::StatusCode::kInvalidArgument,
     "NOT_AUTHENTIC", "a signature or a frank in the request does not verify"},
    {absl::StatusCode::kNotFound, absl::StatusCode::kNotFound, "NOT_FOUND",
     "there is no such thing"},
    {absl::StatusCode::kAborted, absl::StatusCode::kAborted, "CONTENTION",
     "another request was faster; try again"},
    {absl::StatusCode::kUnavailable, absl::StatusCode::kUnavailable,
     "UNAVAILABLE", "the server cannot do this now; try again"},
    {absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kUnavailable,
     "UNAVAILABLE", "the server cannot do this now; try again"},
    {absl::StatusCode::kCancelled, absl::StatusCode::kCancelled, "UNAVAILABLE",
     "the call was cancelled"},
    {absl::StatusCode::kUnimplemented, absl::StatusCode::kUnimplemented,
     "NOT_PERMITTED", "the server does not offer this"},
};

constexpr Fallback kInternal = {absl::StatusCode::kInternal,
                                absl::StatusCode::kInternal, "UNAVAILABLE",
                                "the server failed"};

const Fallback& FallbackFor(absl::StatusCode code) {
  for (const Fallback& fallback : kFallbacks) {
    if (fallback.code == code) return fallback;
  }
  return kInternal;
}

bool IsMeantForPeer(const absl::Status& status) {
  return FindReason(status) || FindFieldViolation(status);
}

void AddDetails(const absl::Status& status, google::rpc::Status* out) {
  google::rpc::ErrorInfo info;
  info.set_domain("frank");
  info.set_reason(ReasonOf(status));
  out->add_details()->PackFrom(info);
  if (absl::optional<FieldViolation> violation = FindFieldViolation(status)) {
    google::rpc::BadRequest bad;
    auto* field = bad.add_field_violations();
    field->set_field(violation->field);
    field->set_description(violation->rule);
    out->add_details()->PackFrom(bad);
  }
  if (absl::optional<uint64_t> millis = FindRetryAfter(status)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(
        static_cast<int64_t>(*millis / 1000));
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(*millis % 1000 * 1000000));
    out->add_details()->PackFrom(retry);
  }
}

absl::Status WithDetail(absl::Status status, const google::protobuf::Any& any) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad;
  google::rpc::RetryInfo retry;
  if (any.UnpackTo(&info)) return WithReason(std::move(status), info.reason());
  if (any.UnpackTo(&retry)) {
    // A day at most, whatever the peer says.
    int64_t seconds = std::min<int64_t>(
        std::max<int64_t>(retry.retry_delay().seconds(), 0), 86400);
    int64_t nanos =
        std::min(std::max(retry.retry_delay().nanos(), 0), 999999999);
    return WithRetryAfter(
        std::move(status),
        static_cast<uint64_t>(seconds * 1000 + nanos / 1000000));
  }
  if (any.UnpackTo(&bad) && bad.field_violations_size() > 0) {
    absl::Status field = FieldError(bad.field_violations(0).field(),
                                    bad.field_violations(0).description());
    if (absl::optional<std::string> reason = FindReason(status)) {
      return WithReason(std::move(field), *reason);
    }
    return field;
  }
  return status;
}

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  if (absl::optional<std::string> reason = FindReason(status)) return *reason;
  return FallbackFor(status.code()).reason;
}

absl::StatusCode CodeOf(const absl::Status& status) {
  if (status.ok() || IsMeantForPeer(status)) return status.code();
  return FallbackFor(status.code()).answered;
}

google::rpc::Status ToRpc(const absl::Status& status) {
  google::rpc::Status rpc;
  if (status.ok()) return rpc;
  rpc.set_code(static_cast<int>(CodeOf(status)));
  rpc.set_message(IsMeantForPeer(status) ? ToString(AsBytes(status.message()))
                                         : FallbackFor(status.code()).message);
  AddDetails(status, &rpc);
  return rpc;
}

absl::Status FromRpc(int code, absl::string_view message,
                     absl::string_view details) {
  if (code == 0) return absl::OkStatus();
  absl::Status out(static_cast<absl::StatusCode>(code), message);
  google::rpc::Status rpc;
  if (!rpc.ParseFromArray(details.data(), static_cast<int>(details.size()))) {
    return out;
  }
  for (const google::protobuf::Any& any : rpc.details()) {
    out = WithDetail(std::move(out), any);
  }
  return out;
}

}  // namespace frank::wire
