// Random concurrent transactions, replayed one by one against a std::map in the
// order of their commits: every read of every committed transaction must be
// what the map then says. That is what serialisable means.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "tests/storage/engine_contract.h"

namespace frank::storage {
namespace {

using Model = std::map<std::string, std::string>;

struct RecordedScan {
  KeyRange range;
  size_t limit;
  std::vector<std::string> rows;
};
struct Recorded {
  std::vector<std::pair<std::string, absl::optional<std::string>>> gets;
  std::vector<RecordedScan> scans;
  std::map<std::string, absl::optional<std::string>> writes;
};

// Few keys, some of them isolated, so that much collides.
std::string RandomKey(std::mt19937_64& random) {
  static const char* const kKeys[] = {"a",     "b",     "iso.", "iso/1",
                                      "iso/2", "iso/3", "j",    "k"};
  return kKeys[random() % 8];
}

Recorded RunRandomly(std::mt19937_64& random, Transaction& transaction) {
  Recorded recorded;
  for (uint64_t steps = 1 + random() % 4; steps > 0; --steps) {
    if (random() % 2 == 0) {
      std::string key = RandomKey(random);
      recorded.gets.emplace_back(key, transaction.Get(key).value());
    } else {
      KeyRange range{RandomKey(random), RandomKey(random)};
      if (random() % 4 == 0) range.end.clear();
      const size_t limit = random() % 3 == 0 ? kNoLimit : random() % 4;
      recorded.scans.push_back(
          {range, limit, ToRows(transaction.Scan(range, limit).value())});
    }
    if (random() % 3 == 0) std::this_thread::yield();
  }
  for (uint64_t writes = random() % 4; writes > 0; --writes) {
    std::string key = RandomKey(random);
    absl::optional<std::string> value;
    if (random() % 3 != 0) value = absl::StrCat(random() % 1000);
    if (value) {
      transaction.Put(key, *value);
    } else {
      transaction.Delete(key);
    }
    recorded.writes[key] = value;
  }
  return recorded;
}

std::vector<std::string> ScanModel(const Model& model,
                                   const RecordedScan& scan) {
  std::vector<std::string> rows;
  for (const auto& [key, value] : model) {
    if (scan.range.Contains(key) && rows.size() < scan.limit) {
      rows.push_back(key + "=" + value);
    }
  }
  return rows;
}

void Replay(const Recorded& recorded, Model* model) {
  for (const auto& [key, value] : recorded.gets) {
    auto it = model->find(key);
    ASSERT_EQ(value, it == model->end() ? absl::nullopt
                                        : absl::make_optional(it->second))
        << key;
  }
  for (const RecordedScan& scan : recorded.scans) {
    ASSERT_EQ(scan.rows, ScanModel(*model, scan));
  }
  for (const auto& [key, value] : recorded.writes) {
    if (value) {
      (*model)[key] = *value;
    } else {
      model->erase(key);
    }
  }
}

// Collects what committed, in the order in which the engine told it.
class History {
 public:
  void Add(Recorded recorded) {
    absl::MutexLock lock(&mutex_);
    committed_.push_back(std::move(recorded));
  }
  std::vector<Recorded> Take() {
    absl::MutexLock lock(&mutex_);
    return std::move(committed_);
  }

 private:
  absl::Mutex mutex_;
  std::vector<Recorded> committed_ ABSL_GUARDED_BY(mutex_);
};

// Up to eight transactions of a thread wait for their commit at once, so that
// batches form.
void CommitRandomly(uint64_t seed, int transactions, Engine& engine,
                    History& history) {
  std::mt19937_64 random(seed);
  for (int done = 0; done < transactions;) {
    const int together = 1 + static_cast<int>(random() % 8);
    absl::BlockingCounter told(together);
    for (int i = 0; i < together; ++i) {
      auto transaction = engine.Begin();
      Recorded recorded = RunRandomly(random, *transaction);
      transaction->Commit([&history, &told, recorded = std::move(recorded)](
                              absl::Status status) mutable {
        EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
        if (status.ok()) history.Add(std::move(recorded));
        told.DecrementCount();
      });
    }
    told.Wait();
    done += together;
  }
}

uint64_t Seed() {
  const char* given = std::getenv("FRANK_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                         : std::random_device()();
  std::printf("FRANK_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

TEST_P(EngineContractTest, IsSerialisableInTheOrderOfItsCommits) {
  constexpr int kThreads = 4;
  constexpr int kTransactions = 1500;
  const uint64_t seed = Seed();
  History history;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(
        [&, i] { CommitRandomly(seed + i, kTransactions, engine(), history); });
  }
  for (std::thread& thread : threads) thread.join();

  Model model;
  const std::vector<Recorded> committed = history.Take();
  for (size_t i = 0; i < committed.size(); ++i) {
    ASSERT_NO_FATAL_FAILURE(Replay(committed[i], &model))
        << "transaction " << i << " of seed " << seed;
  }
  EXPECT_EQ(Rows(), ScanModel(model, {KeyRange{}, kNoLimit, {}}));
  // Neither everything nor next to nothing may have collided.
  EXPECT_GT(committed.size(), size_t{kThreads * kTransactions / 20});
  EXPECT_LT(committed.size(), size_t{kThreads * kTransactions});
}

}  // namespace
}  // namespace frank::storage
