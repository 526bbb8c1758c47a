// The table of subcommands that `frank` is made of.
#ifndef FRANK_CLIENT_COMMAND_COMMAND_H_
#define FRANK_CLIENT_COMMAND_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/command/args.h"
#include "client/command/output.h"
#include "core/clock.h"
#include "core/random.h"

namespace frank::client {

// What a command works with. The command owns nothing of it.
struct Invocation {
  const Args& args;
  Output& out;
  const Clock& clock;
  RandomSource& random;
};

// One subcommand. `run` returns what the exit code is made from
// (client/command/exit_codes.h); the caller prints the error.
struct Command {
  std::string path;     // "keys ring-add": the words that choose it
  std::string usage;    // its positionals: "FILE..."
  std::string summary;  // one line
  std::vector<Option> options;
  absl::Status (*run)(const Invocation& invocation);
};

// For operators, for moderators (eight groups: cases, lists, the queue,
// retention, referrals, decisions, targets, exports), about moderators, about
// the configuration, for auditors, for who is given evidence, for people.
std::vector<Command> KeysCommands();
std::vector<Command> ModCommands();
std::vector<Command> ModListCommands();
std::vector<Command> ModQueueCommands();
std::vector<Command> ModRetentionCommands();
std::vector<Command> ModReferralCommands();
std::vector<Command> DecisionCommands();
std::vector<Command> ModTargetCommands();
std::vector<Command> ModeratorCommands();
std::vector<Command> ModConfigurationCommands();
std::vector<Command> ExportCommands();
std::vector<Command> AuditCommands();
std::vector<Command> EvidenceCommands();
std::vector<Command> PeopleCommands();

// Runs `frank` with the words after the program's name; returns the exit code.
// Every command takes --json and --help as well.
int RunFrank(const std::vector<Command>& commands,
             const std::vector<std::string>& words, const Clock& clock,
             RandomSource& random, std::FILE* out, std::FILE* err);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_COMMAND_H_
