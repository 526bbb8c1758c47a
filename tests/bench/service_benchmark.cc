// What the services cost beside what bounds them, in server CPU time:
//   frank_service_benchmark FOLDER [TURNS [FILTER]]
// FOLDER is made anew, on the disk that is to be measured. Servers are
// processes of their own on the loopback, without TLS, as the bare things
// beside them; each pair is measured in turns in one run. scripts/bench runs
// it.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "services/common/wait.h"
#include "tests/bench/comparison.h"
#include "tests/bench/service_cases.h"

int main(int argc, char** argv) {
  uint32_t turns = 15;
  std::error_code error;
  if (argc < 2 || argc > 4 ||
      (argc > 2 && (!absl::SimpleAtoi(argv[2], &turns) || turns == 0)) ||
      !std::filesystem::create_directory(argv[1], error)) {
    std::fprintf(
        stderr, "usage: frank_service_benchmark NEW-FOLDER [TURNS [FILTER]]\n");
    return 2;
  }
  std::filesystem::permissions(argv[1], std::filesystem::perms::owner_all);
  const std::string filter = argc > 3 ? argv[3] : "";
  // All processes before the first thread.
  std::vector<std::unique_ptr<frank::bench::ServiceCases>> cases;
  cases.push_back(frank::bench::MakeStampCases());
  cases.push_back(frank::bench::MakeMessageCases(argv[1]));
  cases.push_back(frank::bench::MakeOverloadCases(argv[1]));
  cases.push_back(frank::bench::MakeDeliveryCases(argv[1]));
  frank::services::PrepareProcess();
  std::printf("%-32s %9s %9s %7s %6s %7s  %s\n", "server CPU, us an item",
              "ours", "bare", "ratio", "aim", "spread", "beside");
  for (const auto& set : cases) set->Run(filter, turns);
  cases.clear();
  std::filesystem::remove_all(argv[1], error);
  return 0;
}
