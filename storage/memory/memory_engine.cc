#include "storage/memory/memory_engine.h"

#include <functional>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/commit/buffered_transaction.h"
#include "storage/commit/committer.h"

namespace frank::storage {
namespace {

class MemoryTable final : public KeyReader {
 public:
  absl::StatusOr<absl::optional<std::string>> Read(
      absl::string_view key) override {
    absl::ReaderMutexLock lock(&mutex_);
    auto it = rows_.find(key);
    if (it == rows_.end()) return absl::optional<std::string>();
    return absl::make_optional(it->second);
  }

  absl::StatusOr<std::vector<KeyValue>> ReadRange(const KeyRange& range,
                                                  size_t limit,
                                                  ScanOrder order) override {
    std::vector<KeyValue> found;
    if (!range.end.empty() && range.end <= range.begin) return found;
    absl::ReaderMutexLock lock(&mutex_);
    auto first = rows_.lower_bound(range.begin);
    auto last = range.end.empty() ? rows_.end() : rows_.lower_bound(range.end);
    while (first != last && found.size() < limit) {
      auto it = order == ScanOrder::kAscending ? first++ : --last;
      found.push_back({it->first, it->second});
    }
    return found;
  }

  void Apply(const std::vector<PendingCommit>& commits) {
    absl::MutexLock lock(&mutex_);
    for (const PendingCommit& commit : commits) {
      for (const auto& [key, value] : commit.writes) {
        if (value) {
          rows_[key] = std::string(value->bytes());
        } else {
          rows_.erase(key);
        }
      }
    }
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, std::string, std::less<>> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

struct MemoryEngine::State {
  State(const Clock& clock, absl::AnyInvocable<void()> hook)
      : before_apply(std::move(hook)),
        committer(
            clock, [this](absl::string_view key) { return table.Read(key); },
            [this](const std::vector<PendingCommit>& commits) {
              if (before_apply) before_apply();
              table.Apply(commits);
              return absl::OkStatus();
            }) {}

  absl::AnyInvocable<void()> before_apply;
  MemoryTable table;
  Committer committer;
};

std::unique_ptr<MemoryEngine> MemoryEngine::Make(
    const Clock& clock, absl::AnyInvocable<void()> before_apply) {
  return std::unique_ptr<MemoryEngine>(new MemoryEngine(
      std::make_unique<State>(clock, std::move(before_apply))));
}

MemoryEngine::MemoryEngine(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

// Callbacks may still use the engine while it stops.
MemoryEngine::~MemoryEngine() { state_->committer.Stop(); }

std::unique_ptr<Transaction> MemoryEngine::Begin() {
  return std::make_unique<BufferedTransaction>(state_->table,
                                               state_->committer);
}

absl::StatusOr<absl::optional<std::string>> MemoryEngine::Get(
    absl::string_view key) {
  return state_->table.Read(key);
}

absl::StatusOr<std::vector<KeyValue>> MemoryEngine::Scan(const KeyRange& range,
                                                         size_t limit,
                                                         ScanOrder order) {
  return state_->table.ReadRange(range, limit, order);
}

std::unique_ptr<Watch> MemoryEngine::SetWatch(
    const KeyRange& range, absl::AnyInvocable<void()> callback) {
  return state_->committer.watches().Set(range, std::move(callback));
}

std::unique_ptr<Watch> MemoryEngine::Follow(const KeyRange& range,
                                            ChangesSeen callback) {
  return state_->committer.watches().Follow(range, std::move(callback));
}

absl::Status MemoryEngine::Purge(const KeyRange& range) {
  return absl::OkStatus();
}

}  // namespace frank::storage
