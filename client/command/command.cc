#include "client/command/command.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/command/exit_codes.h"
#include "client/command/text.h"
#include "core/status.h"

namespace frank::client {
namespace {

std::vector<std::string> PathOf(const Command& command) {
  return absl::StrSplit(command.path, ' ');
}

bool BeginsWith(const std::vector<std::string>& words,
                const std::vector<std::string>& prefix) {
  return words.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), words.begin());
}

// The command with the longest path that the words begin with.
const Command* Choose(const std::vector<Command>& commands,
                      const std::vector<std::string>& words) {
  const Command* chosen = nullptr;
  for (const Command& command : commands) {
    if (BeginsWith(words, PathOf(command)) &&
        (chosen == nullptr || command.path.size() > chosen->path.size())) {
      chosen = &command;
    }
  }
  return chosen;
}

std::string Overview(const std::vector<Command>& commands,
                     absl::string_view group) {
  std::string text = "usage: frank COMMAND [OPTIONS] [--json]\n";
  for (const Command& command : commands) {
    if (!group.empty() && command.path != group &&
        !absl::StartsWith(command.path, absl::StrCat(group, " "))) {
      continue;
    }
    absl::StrAppendFormat(&text, "\n  %-22s %s", command.path, command.summary);
  }
  absl::StrAppend(&text, "\n\nfrank help COMMAND tells more about one.");
  return text;
}

std::string HelpFor(const Command& command) {
  std::string text = absl::StrCat("usage: frank ", command.path);
  for (const Option& option : command.options) {
    if (!option.required) continue;
    absl::StrAppend(&text, " --", option.name, " ", option.value);
  }
  absl::StrAppend(&text, command.usage.empty() ? "" : " ", command.usage,
                  "\n\n", command.summary, "\n");
  for (const Option& option : command.options) {
    const std::string left = absl::StrCat(
        "--", option.name, option.value.empty() ? "" : " ", option.value);
    absl::StrAppendFormat(&text, "\n  %-24s %s%s%s", left, option.help,
                          option.required ? " (required)" : "",
                          option.repeated ? " (may be repeated)" : "");
  }
  absl::StrAppendFormat(&text, "\n  %-24s %s", "--json",
                        "print one JSON object a line");
  return text;
}

bool HasGroup(const std::vector<Command>& commands, const std::string& group) {
  return std::any_of(commands.begin(), commands.end(),
                     [&group](const Command& command) {
                       return absl::StartsWith(command.path, group + " ");
                     });
}

absl::Status UnknownCommand(const std::vector<std::string>& words) {
  const size_t shown = std::min<size_t>(words.size(), 2);
  return absl::InvalidArgumentError(
      absl::StrCat("unknown command \"",
                   absl::StrJoin(words.begin(), words.begin() + shown, " "),
                   "\"; frank help lists them"));
}

absl::Status ShowHelp(const std::vector<Command>& commands,
                      const std::vector<std::string>& words, Output& out) {
  const std::string group = absl::StrJoin(words, " ");
  for (const Command& command : commands) {
    if (command.path == group) {
      out.Write(HelpFor(command) + "\n");
      return absl::OkStatus();
    }
  }
  if (!group.empty() && !HasGroup(commands, group)) {
    return UnknownCommand(words);
  }
  out.Write(Overview(commands, group) + "\n");
  return absl::OkStatus();
}

// Takes a word off wherever it stands before "--".
bool TakeWord(absl::string_view word, std::vector<std::string>* words) {
  auto end = std::find(words->begin(), words->end(), "--");
  auto it = std::find(words->begin(), end, word);
  if (it == end) return false;
  words->erase(it);
  return true;
}

absl::Status Run(const std::vector<Command>& commands,
                 std::vector<std::string> words, bool help, const Clock& clock,
                 RandomSource& random, Output& out) {
  if (!words.empty() && words.front() == "help") {
    help = true;
    words.erase(words.begin());
  }
  const Command* command = Choose(commands, words);
  if (help) return ShowHelp(commands, command ? PathOf(*command) : words, out);
  if (command == nullptr) {
    if (words.empty() || HasGroup(commands, absl::StrJoin(words, " "))) {
      FRANK_RETURN_IF_ERROR(ShowHelp(commands, words, out));
      return absl::InvalidArgumentError("no command was given");
    }
    return UnknownCommand(words);
  }
  words.erase(words.begin(), words.begin() + PathOf(*command).size());
  absl::StatusOr<Args> args = Args::Parse(command->options, words);
  if (!args.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(command->path, ": ", args.status().message(),
                     "; frank help ", command->path, " tells more"));
  }
  return command->run({*args, out, clock, random});
}

}  // namespace

int RunFrank(const std::vector<Command>& commands,
             const std::vector<std::string>& words, const Clock& clock,
             RandomSource& random, std::FILE* out_file, std::FILE* err_file) {
  std::vector<std::string> rest = words;
  const bool json = TakeWord("--json", &rest);
  const bool help = TakeWord("--help", &rest);
  Output out(json, out_file, err_file);
  absl::Status status = Run(commands, rest, help, clock, random, out);
  if (status.ok()) status = out.status();
  if (!status.ok()) out.Fail(status);
  return static_cast<int>(ExitCodeOf(status));
}

}  // namespace frank::client
