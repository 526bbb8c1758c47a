// What the commands about decisions share.
#ifndef FRANK_CLIENT_COMMAND_MOD_DECIDE_H_
#define FRANK_CLIENT_COMMAND_MOD_DECIDE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/command/command.h"
#include "core/ids.h"
#include "frank/v1/decision.pb.h"

namespace frank::client {

// Reads an option of 32 hex digits; a new id where it is absent.
absl::StatusOr<DecisionId> IdOption(const Invocation& in,
                                    const std::string& option);

// Reads the one positional, a decision's id in hex.
absl::StatusOr<std::string> DecisionOf(const Args& args);

// Prints a decision with the hash of the act that was done about it.
void PrintDecision(const Invocation& in, const v1::Decision& decision,
                   const std::string& act_hash);

// The groups that make up DecisionCommands.
std::vector<Command> DecideCommands();
std::vector<Command> PolicyCommands();

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_DECIDE_H_
