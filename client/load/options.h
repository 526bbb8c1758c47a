// The command line of frank-load.
#ifndef FRANK_CLIENT_LOAD_OPTIONS_H_
#define FRANK_CLIENT_LOAD_OPTIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/load/draw.h"
#include "client/load/session.h"

namespace frank::load {

enum class WorkloadKind : uint8_t {
  kStamp,
  kStampBatch,
  kStampStream,
  kSend,
  kDeliver,
  kReport,
  kClaimDecide,
  kMixed,
};

struct Options {
  WorkloadKind workload = WorkloadKind::kStamp;
  SessionOptions session;

  // Addresses, and files of secrets and keys; see the help.
  std::string platform;
  std::string moderation;
  std::string ca_file;
  std::string moderation_key_file;
  std::string stamp_token_file;
  std::string stamp_authority;
  std::string registration_token_file;
  std::vector<std::string> moderator_token_files;
  std::string population_file;

  // Enough for all that is on its way at a time.
  size_t channels = 0;
  size_t devices = 1000;
  size_t rooms = 1000;
  size_t room_size = 2;
  size_t batch = 64;
  double zipf = 1;
  size_t cases = 1000;
  double report_share = 1e-5;
  Sizes sizes;

  std::string json_file;
  std::string html_file;
  // The words of the command line that say what was run, for the result.
  std::vector<std::pair<std::string, std::string>> settings;
};

// Reads the words behind the program's name. kInvalidArgument names the option
// and the rule.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& words);

// All options, for people.
std::string HelpText();

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_OPTIONS_H_
