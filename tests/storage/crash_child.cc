// crash_child STORE ROUND: commits transactions as fast as it can and writes
// the number of each to standard output once it is acknowledged, until it is
// killed. crash_test.cc says what the transactions hold.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/crash_rows.h"

namespace frank::storage {
namespace {

constexpr int kOutstanding = 16;

// Lets so many commits wait at once.
class Slots {
 public:
  void Take() {
    const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return free_ > 0;
    };
    absl::MutexLock lock(&mutex_, absl::Condition(&free));
    --free_;
  }
  void Give() {
    absl::MutexLock lock(&mutex_);
    ++free_;
  }

 private:
  absl::Mutex mutex_;
  int free_ ABSL_GUARDED_BY(mutex_) = kOutstanding;
};

void Acknowledge(uint32_t number) {
  if (write(STDOUT_FILENO, &number, sizeof number) != sizeof number) _exit(4);
}

int Main(const std::string& path, uint32_t round) {
  SystemClock clock;
  RocksDbEngine::Options options;
  options.path = path;
  options.clock = &clock;
  options.isolated_prefixes = {kCrashIsolatedPrefix};
  auto engine = RocksDbEngine::Open(options);
  if (!engine.ok()) return 3;
  Slots slots;
  for (uint32_t number = 0;; ++number) {
    slots.Take();
    auto transaction = (*engine)->Begin();
    WriteCrashRows(round, number, *transaction);
    transaction->Commit([number, &slots](absl::Status status) {
      if (!status.ok()) _exit(5);
      Acknowledge(number);
      slots.Give();
    });
  }
}

}  // namespace
}  // namespace frank::storage

int main(int argc, char** argv) {
  uint32_t round = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &round)) return 2;
  return frank::storage::Main(argv[1], round);
}
