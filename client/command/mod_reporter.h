// frank mod reporter, mod mutes: who reports, and muting.
#ifndef FRANK_CLIENT_COMMAND_MOD_REPORTER_H_
#define FRANK_CLIENT_COMMAND_MOD_REPORTER_H_

#include "absl/status/status.h"
#include "client/command/command.h"

namespace frank::client {

// Commands of the table in mod_commands.cc.
absl::Status RunReporter(const Invocation& in);
absl::Status RunMutes(const Invocation& in);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_REPORTER_H_
