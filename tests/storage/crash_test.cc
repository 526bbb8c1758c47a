// Crash and reopen: a child that commits is killed at random instants.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/crash_rows.h"
#include "tests/storage/temp_dir.h"

namespace frank::storage {
namespace {

constexpr uint32_t kRounds = 48;

class CrashTest : public ::testing::Test {
 protected:
  // Starts crash_child; what it acknowledges is read from the pipe.
  void Start(uint32_t round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const std::string program = FRANK_BINARY_DIR "/bin/crash_child";
    const std::string round_text = absl::StrCat(round);
    child_ = fork();
    ASSERT_GE(child_, 0);
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl(program.c_str(), program.c_str(), store_.c_str(),
            round_text.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    pipe_ = ends[0];
  }

  // Returns how many acknowledgements the child wrote, `enough` at most; they
  // come in order.
  uint32_t ReadAcknowledgements(uint32_t first, uint32_t enough) {
    uint32_t number = 0;
    uint32_t next = first;
    while (next - first < enough &&
           read(pipe_, &number, sizeof number) == sizeof number) {
      EXPECT_EQ(number, next);
      ++next;
    }
    return next - first;
  }

  // Kills the child and returns how many it has acknowledged in all.
  uint32_t KillAfter(uint32_t acknowledged, uint32_t spins) {
    uint32_t told = ReadAcknowledgements(0, acknowledged);
    for (volatile uint32_t i = 0; i < spins; i = i + 1) {
    }
    kill(child_, SIGKILL);
    told += ReadAcknowledgements(told, UINT32_MAX);
    int status = 0;
    EXPECT_EQ(waitpid(child_, &status, 0), child_);
    EXPECT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
    close(pipe_);
    return told;
  }

  std::unique_ptr<RocksDbEngine> Open() {
    RocksDbEngine::Options options;
    options.path = store_;
    options.clock = &clock_;
    options.isolated_prefixes = {kCrashIsolatedPrefix};
    auto engine = RocksDbEngine::Open(options);
    EXPECT_EQ(engine.status(), absl::OkStatus());
    return engine.ok() ? *std::move(engine) : nullptr;
  }

  TempDir dir_;
  std::string store_ = dir_.Sub("store");
  SystemClock clock_;
  pid_t child_ = -1;
  int pipe_ = -1;
};

// Returns how many rows of the transaction are there, and right.
uint32_t CountRows(Engine& engine, uint32_t round, uint32_t number) {
  uint32_t rows = 0;
  for (uint32_t row = 0; row < kCrashRows; ++row) {
    auto value = engine.Get(CrashKey(round, number, row)).value();
    if (!value) continue;
    EXPECT_EQ(*value, CrashValue(round, number));
    ++rows;
  }
  return rows;
}

// Returns how many transactions of the round are there. Each must be there
// whole or not at all, and none without those before it.
uint32_t CountTransactions(Engine& engine, uint32_t round) {
  uint32_t number = 0;
  while (CountRows(engine, round, number) == kCrashRows) ++number;
  // Far enough to see what came after a lost one.
  for (uint32_t after = number; after < number + 64; ++after) {
    EXPECT_EQ(CountRows(engine, round, after), 0u) << after;
  }
  const std::string marks = absl::StrCat("mark/", round, "/");
  auto left = engine.Scan(KeyRange::Prefix(marks)).value();
  EXPECT_EQ(left.size(), number == 0 ? 0u : 1u);
  if (!left.empty() && number > 0) {
    EXPECT_EQ(left[0].key, CrashMark(round, number - 1));
  }
  return number;
}

TEST_F(CrashTest, KeepsWhatWasAcknowledgedAndNothingHalf) {
  const uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  std::vector<uint32_t> stored;
  for (uint32_t round = 0; round < kRounds; ++round) {
    ASSERT_NO_FATAL_FAILURE(Start(round));
    const uint32_t acknowledged =
        KillAfter(random() % 200, random() % 1'000'000);
    auto engine = Open();
    ASSERT_NE(engine, nullptr);
    stored.push_back(CountTransactions(*engine, round));
    ASSERT_GE(stored.back(), acknowledged) << "round " << round;
    // What was found once stays, through later crashes as well.
    for (uint32_t earlier = 0; earlier < round; earlier += 7) {
      ASSERT_EQ(CountTransactions(*engine, earlier), stored[earlier]);
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace frank::storage
