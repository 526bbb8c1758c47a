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

std::string QueueKey(std::mt19937_64& random) {
  return absl::StrCat("queue/", absl::Dec(random() % 400, absl::kZeroPad3));
}

// Takes from a queue what a scan of a part of it finds, and puts some more
// there: so runs of deleted keys lie between few that are there.
Recorded RunOnQueue(std::mt19937_64& random, Transaction& transaction) {
  Recorded recorded;
  for (uint64_t scans = 1 + random() % 2; scans > 0; --scans) {
    KeyRange range = KeyRange::Prefix("queue/");
    if (random() % 2 == 0) range.begin = QueueKey(random);
    if (random() % 4 == 0) range.end = QueueKey(random);
    const size_t limit = random() % 2 == 0 ? kNoLimit : 1 + random() % 4;
    auto found = transaction.Scan(range, limit).value();
    recorded.scans.push_back({range, limit, ToRows(found)});
    for (const KeyValue& row : found) {
      if (random() % 8 == 0) continue;
      transaction.Delete(row.key);
      recorded.writes[row.key] = absl::nullopt;
    }
    if (random() % 3 == 0) std::this_thread::yield();
  }
  for (uint64_t puts = random() % 4; puts > 0; --puts) {
    std::string key = QueueKey(random);
    std::string value = absl::StrCat(random() % 1000);
    transaction.Put(key, value);
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

using RunOne = Recorded (*)(std::mt19937_64& random, Transaction& transaction);

// Up to eight transactions of a thread wait for their commit at once, so that
// batches form.
void CommitRandomly(uint64_t seed, int transactions, RunOne run, Engine& engine,
                    History& history) {
  std::mt19937_64 random(seed);
  for (int done = 0; done < transactions;) {
    const int together = 1 + static_cast<int>(random() % 8);
    absl::BlockingCounter told(together);
    for (int i = 0; i < together; ++i) {
      auto transaction = engine.Begin();
      Recorded recorded = run(random, *transaction);
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

class EngineModelTest : public EngineContractTest {
 protected:
  static constexpr size_t kThreads = 4;
  static constexpr size_t kTransactions = 1500;

  // Returns how many committed.
  size_t RunAndReplay(RunOne run) {
    const uint64_t seed = Seed();
    History history;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        CommitRandomly(seed + i, kTransactions, run, engine(), history);
      });
    }
    for (std::thread& thread : threads) thread.join();

    Model model;
    const std::vector<Recorded> committed = history.Take();
    for (size_t i = 0; i < committed.size(); ++i) {
      Replay(committed[i], &model);
      if (HasFatalFailure()) {
        ADD_FAILURE() << "transaction " << i << " of seed " << seed;
        break;
      }
    }
    EXPECT_EQ(Rows(), ScanModel(model, {KeyRange{}, kNoLimit, {}}));
    return committed.size();
  }
};

TEST_P(EngineModelTest, IsSerialisableInTheOrderOfItsCommits) {
  const size_t committed = RunAndReplay(&RunRandomly);
  // Neither everything nor next to nothing may have collided.
  EXPECT_GT(committed, kThreads * kTransactions / 20);
  EXPECT_LT(committed, kThreads * kTransactions);
}

TEST_P(EngineModelTest, IsSerialisableWhereMostIsDeleted) {
  EXPECT_GT(RunAndReplay(&RunOnQueue), kThreads * kTransactions / 20);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineModelTest,
                         ::testing::ValuesIn(AllEngines()),
                         [](const auto& engine) { return engine.param.name; });

}  // namespace
}  // namespace frank::storage
