// frank-shift: plays a shift against the two servers of a run folder; see
// tests/e2e/shift_story, which starts them.
//   frank-shift RUN SEED REPORTS MODERATOR...
// A moderator is NAME:ROLE[:child-safety], with a token in RUN/moderators;
// roles are reviewer, senior and auditor. What it wants done with the servers
// it writes to the file descriptor 3, a line each: "kill platform", "kill
// moderation", "witness".
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/status.h"
#include "tests/e2e/shift/shift.h"

namespace frank::shift {
namespace {

constexpr int kOrders = 3;

void WriteOrder(absl::string_view order) {
  const std::string line = absl::StrCat(order, "\n");
  if (write(kOrders, line.data(), line.size()) < 0) {
    std::perror("the order could not be given");
  }
}

absl::StatusOr<ShiftOptions> ReadOptions(int argc, char** argv) {
  ShiftOptions options;
  uint64_t reports = 0;
  if (argc < 5 || !absl::SimpleAtoi(argv[2], &options.seed) ||
      !absl::SimpleAtoi(argv[3], &reports)) {
    return absl::InvalidArgumentError(
        "usage: frank-shift RUN SEED REPORTS NAME:ROLE[:child-safety]...");
  }
  options.reports = reports;
  for (int i = 4; i < argc; ++i) {
    const std::vector<std::string> words = absl::StrSplit(argv[i], ':');
    if (words.size() < 2) {
      return absl::InvalidArgumentError("a moderator is NAME:ROLE");
    }
    if (words[1] == "auditor") {
      options.auditor = words[0];
    } else {
      options.colleagues.push_back(
          {words[0], words[1] == "senior", words.size() > 2});
    }
  }
  options.order = WriteOrder;
  return options;
}

absl::StatusOr<bool> Play(int argc, char** argv) {
  FRANK_ASSIGN_OR_RETURN(ShiftOptions options, ReadOptions(argc, argv));
  FRANK_ASSIGN_OR_RETURN(Servers servers, Servers::Open(argv[1]));
  Shift shift(servers, options);
  const absl::Status played = shift.Play();
  shift.tally().Print();
  FRANK_RETURN_IF_ERROR(played);
  return shift.tally().complaints() == 0;
}

}  // namespace
}  // namespace frank::shift

int main(int argc, char** argv) {
  const absl::StatusOr<bool> good = frank::shift::Play(argc, argv);
  if (!good.ok()) {
    std::fprintf(stderr, "frank-shift: %s\n", good.status().ToString().c_str());
    return 2;
  }
  return *good ? 0 : 1;
}
