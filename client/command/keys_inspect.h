// `frank keys list` and `frank keys check`. Neither ever prints a secret.
#ifndef FRANK_CLIENT_COMMAND_KEYS_INSPECT_H_
#define FRANK_CLIENT_COMMAND_KEYS_INSPECT_H_

#include "absl/status/status.h"
#include "client/command/command.h"

namespace frank::client {

// Prints what each file is: its kind, windows, times and ids.
absl::Status RunList(const Invocation& in);

// Prints one line for each file that is in order and one for each problem:
// permissions, fields, overlapping windows, key pairs that do not match, no
// window for the present time, a signature that does not verify (with
// --identity-public), rings of one authority that differ. kUnknown when there
// is any.
absl::Status RunCheck(const Invocation& in);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_KEYS_INSPECT_H_
