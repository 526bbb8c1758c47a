// What `frank` exits with: one code for each kind of failure, so that a script
// can tell what to do next. Never renumbered.
#ifndef FRANK_CLIENT_COMMAND_EXIT_CODES_H_
#define FRANK_CLIENT_COMMAND_EXIT_CODES_H_

#include "absl/status/status.h"

namespace frank::client {

enum class ExitCode : int {
  kOk = 0,
  // Something failed that has no code of its own; a file, or what was to be
  // printed, could not be written.
  kFailure = 1,
  // The command line, or a field of a request, breaks a rule.
  kUsage = 2,
  // No credential, a wrong one, or one that is not for this.
  kNotPermitted = 3,
  // There is no such thing, or it is not the caller's to see.
  kNotFound = 4,
  // A signature, a frank or an opening does not verify; a key changed.
  kNotAuthentic = 5,
  // The server cannot be reached or cannot do it now: try again later.
  kUnavailable = 6,
  // The moderators suspended or limited the account.
  kSuspended = 7,
  // It stands in the way of what is there: another content under the same id,
  // a file that exists, a lease that somebody else holds, a state that does not
  // allow it.
  kConflict = 8,
  // A quota or rate is used up.
  kQuota = 9,
};

// Reasons that a command attaches with WithReason, beside those of the wire, to
// a send that was answered with `Refused`.
inline constexpr char kReasonSuspended[] = "SUSPENDED";
inline constexpr char kReasonLimited[] = "LIMITED";

// Chooses by reason (core/status.h) where there is one, else by code. A
// kUnauthenticated without reason comes from crypto/ and means "not authentic".
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_EXIT_CODES_H_
