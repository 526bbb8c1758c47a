// frank-load: loads frank-platform and frank-moderation, and tells how they
// did.

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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

// Set by the first SIGINT or SIGTERM; the second ends the program as ever.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = true; };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// Whether Save will be able to; an earlier result stays until then.
absl::Status CheckSavable(const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::string trial = path + ".XXXXXX";
  const int fd = mkstemp(&trial[0]);
  if (fd < 0) {
    return absl::InternalError(
        absl::StrCat(path, ": cannot be written: ", strerror(errno)));
  }
  close(fd);
  unlink(trial.c_str());
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    return absl::InternalError(absl::StrCat(path, ": is a folder"));
  }
  return absl::OkStatus();
}

absl::Status Save(const std::string& path, const std::string& text) {
  if (path.empty()) return absl::OkStatus();
  return wire::WriteFile(path, text, wire::FileMode::kPublic,
                         /*replace=*/true);
}

// Writes all that it can. Returns the run's error, else that of writing.
absl::Status Tell(const Options& options, const Result& result) {
  std::fputs(Summary(result).c_str(), stdout);
  const absl::Status json = Save(options.json_file, ToJson(result));
  const absl::Status html = Save(options.html_file, ToPage(result));
  FRANK_RETURN_IF_ERROR(result.error);
  FRANK_RETURN_IF_ERROR(json);
  return html;
}

int Report(const absl::Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "frank-load: %s\n",
               std::string(status.message()).c_str());
  return static_cast<int>(client::ExitCodeOf(status));
}

absl::Status Run(const std::vector<std::string>& words) {
  FRANK_ASSIGN_OR_RETURN(Options options, ParseOptions(words));
  FRANK_RETURN_IF_ERROR(CheckSavable(options.json_file));
  FRANK_RETURN_IF_ERROR(CheckSavable(options.html_file));
  FRANK_RETURN_IF_ERROR(CheckWatched(options.session));
  options.session.progress = [](const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
  };
  options.session.plan.interrupted = &interrupted;
  CatchInterrupts();
  crypto::SystemRandom random;
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Workload> workload,
                         MakeWorkload(options, random));
  Result result = RunSession(options.session, *workload);
  result.settings = options.settings;
  if (options.workload > WorkloadKind::kStampStream) {
    result.population = PeopleCount{options.devices, options.rooms};
  }
  const absl::Status status = Tell(options, result);
  // What is under way is left to itself, and needs what would be destroyed.
  if (absl::IsCancelled(status)) {
    std::fflush(stdout);
    std::_Exit(Report(status));
  }
  return status;
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
  return frank::load::Report(frank::load::Run(words));
}
