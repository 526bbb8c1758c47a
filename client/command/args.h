// The command line of one command.
#ifndef FRANK_CLIENT_COMMAND_ARGS_H_
#define FRANK_CLIENT_COMMAND_ARGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace frank::client {

// An option that a command takes.
struct Option {
  std::string name;   // without "--"
  std::string value;  // what the help calls its value; empty: it takes none
  std::string help;
  bool required = false;
  bool repeated = false;
};

// What followed the command's name. Options may stand anywhere:
// "--name value", "--name=value", "--flag"; "--" ends them.
class Args {
 public:
  // kInvalidArgument says which option is unknown, lacks its value, has one
  // that it does not take, stands twice, or is missing.
  static absl::StatusOr<Args> Parse(const std::vector<Option>& options,
                                    const std::vector<std::string>& words);

  bool Has(absl::string_view name) const;
  // Returns the value, or `otherwise` where the option is absent.
  std::string Get(absl::string_view name,
                  absl::string_view otherwise = "") const;
  // Returns all values of a repeated option.
  std::vector<std::string> All(absl::string_view name) const;
  // Returns a decimal number; kInvalidArgument names the option.
  absl::StatusOr<uint64_t> Number(absl::string_view name,
                                  uint64_t otherwise) const;

  const std::vector<std::string>& positionals() const { return positionals_; }

  // Checks how many positionals there are. kInvalidArgument names `what`.
  absl::Status RequirePositionals(size_t least, size_t most,
                                  absl::string_view what) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positionals_;
};

// Reads a span of time: "90s", "15m", "12h", "30d", in milliseconds.
// kInvalidArgument names `field`.
absl::StatusOr<uint64_t> ParseDuration(absl::string_view field,
                                       absl::string_view text);

// Reads a time: "now", "2026-11-22", "2026-11-22T14:05:00Z", or milliseconds
// since the Unix epoch.
absl::StatusOr<uint64_t> ParseTime(absl::string_view field,
                                   absl::string_view text, uint64_t now);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_ARGS_H_
