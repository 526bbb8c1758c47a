// frank-load: loads frank-platform and frank-moderation, and tells how they
// did.

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "client/command/exit_codes.h"
#include "client/load/options.h"
#include "client/load/page.h"
#include "client/load/session.h"
#include "client/load/summary.h"
#include "client/load/workloads.h"
#include "core/status.h"
#include "crypto/random.h"
#include "google/protobuf/stubs/logging.h"
#include "proto/files.h"

namespace frank::load {
namespace {

absl::Status Save(const std::string& path, const std::string& text) {
  if (path.empty()) return absl::OkStatus();
  return wire::WriteFile(path, text, wire::FileMode::kPublic,
                         /*replace=*/true);
}

absl::Status Run(const std::vector<std::string>& words) {
  FRANK_ASSIGN_OR_RETURN(Options options, ParseOptions(words));
  options.session.progress = [](const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
  };
  crypto::SystemRandom random;
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Workload> workload,
                         MakeWorkload(options, random));
  FRANK_ASSIGN_OR_RETURN(Result result, RunSession(options.session, *workload));
  result.settings = options.settings;
  std::fputs(Summary(result).c_str(), stdout);
  FRANK_RETURN_IF_ERROR(Save(options.json_file, ToJson(result)));
  return Save(options.html_file, ToPage(result));
}

}  // namespace
}  // namespace frank::load

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words) {
    if (word != "--help") continue;
    std::fputs(frank::load::HelpText().c_str(), stdout);
    return 0;
  }
  const absl::Status status = frank::load::Run(words);
  if (status.ok()) return 0;
  std::fprintf(stderr, "frank-load: %s\n",
               std::string(status.message()).c_str());
  return static_cast<int>(frank::client::ExitCodeOf(status));
}
