#include "storage/rocksdb/rocksdb_engine.h"

#include <utility>

#include "core/status.h"
#include "storage/commit/buffered_transaction.h"
#include "storage/commit/committer.h"
#include "storage/rocksdb/rocksdb_table.h"

namespace frank::storage {

struct RocksDbEngine::State {
  State(const Options& options, std::unique_ptr<Database> database,
        KeyLayout layout)
      : table(std::move(database), std::move(layout)),
        committer(
            *options.clock,
            [this](absl::string_view key) { return table.Read(key); },
            [this](const std::vector<PendingCommit>& commits) {
              return table.Apply(commits);
            },
            options.on_failure) {}

  RocksDbTable table;
  Committer committer;
};

absl::StatusOr<std::unique_ptr<RocksDbEngine>> RocksDbEngine::Open(
    const Options& options) {
  FRANK_CHECK(options.clock != nullptr);
  FRANK_ASSIGN_OR_RETURN(KeyLayout layout,
                         KeyLayout::Create(options.isolated_prefixes));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                         OpenDatabase(options, layout));
  return std::unique_ptr<RocksDbEngine>(
      new RocksDbEngine(std::make_unique<State>(options, std::move(database),
                                                std::move(layout))));
}

RocksDbEngine::RocksDbEngine(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

// Callbacks may still use the engine while it stops.
RocksDbEngine::~RocksDbEngine() { state_->committer.Stop(); }

std::unique_ptr<Transaction> RocksDbEngine::Begin() {
  return std::make_unique<BufferedTransaction>(state_->table,
                                               state_->committer);
}

absl::StatusOr<absl::optional<std::string>> RocksDbEngine::Get(
    absl::string_view key) {
  return state_->table.Read(key);
}

absl::StatusOr<std::vector<KeyValue>> RocksDbEngine::Scan(const KeyRange& range,
                                                          size_t limit,
                                                          ScanOrder order) {
  return state_->table.ReadRange(range, limit, order);
}

std::unique_ptr<Watch> RocksDbEngine::SetWatch(
    const KeyRange& range, absl::AnyInvocable<void()> callback) {
  return state_->committer.watches().Set(range, std::move(callback));
}

std::unique_ptr<Watch> RocksDbEngine::Follow(const KeyRange& range,
                                             ChangesSeen callback) {
  return state_->committer.watches().Follow(range, std::move(callback));
}

absl::Status RocksDbEngine::Purge(const KeyRange& range) {
  return state_->table.Purge(range);
}

}  // namespace frank::storage
