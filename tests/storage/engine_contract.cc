#include "tests/storage/engine_contract.h"

#include "core/status.h"
#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/temp_dir.h"

namespace frank::storage {
namespace {

class MemoryHarness final : public EngineHarness {
 public:
  Engine& engine() override { return *engine_; }
  void Shut() override { engine_.reset(); }
  Gate& gate() override { return gate_; }

 private:
  Gate gate_;
  std::unique_ptr<MemoryEngine> engine_ =
      MemoryEngine::Make(clock, [this] { gate_.Pass(); });
};

class RocksDbHarness final : public EngineHarness {
 public:
  RocksDbHarness() {
    RocksDbEngine::Options options;
    options.path = dir_.Sub("store");
    options.clock = &clock;
    options.isolated_prefixes = {kIsolatedPrefix};
    options.env = env_.get();
    auto engine = RocksDbEngine::Open(options);
    FRANK_CHECK(engine.ok());
    engine_ = *std::move(engine);
  }
  Engine& engine() override { return *engine_; }
  void Shut() override { engine_.reset(); }
  Gate& gate() override { return faults_.gate; }

 private:
  TempDir dir_;
  SyncFaults faults_;
  std::unique_ptr<rocksdb::Env> env_ = MakeFaultyEnv(faults_);
  std::unique_ptr<RocksDbEngine> engine_;
};

}  // namespace

std::vector<EngineUnderTest> AllEngines() {
  return {{"Memory", [] { return std::make_unique<MemoryHarness>(); }},
          {"RocksDb", [] { return std::make_unique<RocksDbHarness>(); }}};
}

void EngineContractTest::Put(const std::string& key, const std::string& value) {
  auto transaction = engine().Begin();
  transaction->Put(key, value);
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
}

void EngineContractTest::Delete(const std::string& key) {
  auto transaction = engine().Begin();
  transaction->Delete(key);
  ASSERT_EQ(CommitAndWait(std::move(transaction)), absl::OkStatus());
}

std::vector<std::string> EngineContractTest::Rows(const KeyRange& range) {
  return ToRows(engine().Scan(range).value());
}

std::vector<std::string> ToRows(const std::vector<KeyValue>& found) {
  std::vector<std::string> rows;
  for (const KeyValue& row : found) rows.push_back(row.key + "=" + row.value);
  return rows;
}

PendingOutcome::PendingOutcome(std::unique_ptr<Transaction> transaction) {
  transaction->Commit([state = state_](absl::Status status) {
    state->status = std::move(status);
    state->ready.Notify();
  });
}

absl::Status PendingOutcome::Wait() {
  state_->ready.WaitForNotification();
  return state_->status;
}

}  // namespace frank::storage
