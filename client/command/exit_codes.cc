#include "client/command/exit_codes.h"

#include <string>

#include "absl/types/optional.h"
#include "core/status.h"

namespace frank::client {
namespace {

struct ReasonCode {
  const char* reason;
  ExitCode code;
};
constexpr ReasonCode kReasonCodes[] = {
    {kReasonSuspended, ExitCode::kSuspended},
    {kReasonLimited, ExitCode::kSuspended},
    {"CREDENTIAL_INVALID", ExitCode::kNotPermitted},
    {"NOT_PERMITTED", ExitCode::kNotPermitted},
    {"NOT_A_MEMBER", ExitCode::kNotPermitted},
    {"AUTHORITY_NOT_GRANTED", ExitCode::kNotPermitted},
    {"NOT_AUTHENTIC", ExitCode::kNotAuthentic},
    {"IDENTITY_KEY_CHANGED", ExitCode::kNotAuthentic},
    {"LEASE_LOST", ExitCode::kConflict},
    {"CONTENTION", ExitCode::kUnavailable},
    {"CANNOT_STAMP", ExitCode::kUnavailable},
};

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  absl::optional<std::string> reason = FindReason(status);
  for (const ReasonCode& entry : kReasonCodes) {
    if (reason && *reason == entry.reason) return entry.code;
  }
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
      return ExitCode::kUsage;
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kNotPermitted;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kDataLoss:
      return ExitCode::kNotAuthentic;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kConflict;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kQuota;
    default:
      return ExitCode::kFailure;
  }
}

}  // namespace frank::client
