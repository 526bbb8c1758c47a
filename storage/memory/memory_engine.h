// The engine in memory, for tests: nothing outlives it.
#ifndef FRANK_STORAGE_MEMORY_MEMORY_ENGINE_H_
#define FRANK_STORAGE_MEMORY_MEMORY_ENGINE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// Keeps the whole contract of Engine but durability. Deliberately gives no
// snapshots: two reads of a transaction may show two states, and only the
// commit tells. Commits are decided on one thread of the engine and completed,
// in order, on another. Thread-safe.
class MemoryEngine final : public Engine {
 public:
  // `clock` outlives the engine. `before_apply`, when given, is called on the
  // committer's thread before a batch becomes visible: the place where a
  // durable engine syncs, for tests that hold it up.
  static std::unique_ptr<MemoryEngine> Make(
      const Clock& clock, absl::AnyInvocable<void()> before_apply = nullptr);
  // Decides and completes what was committed.
  ~MemoryEngine() override;

  std::unique_ptr<Transaction> Begin() override;
  absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) override;
  absl::StatusOr<std::vector<KeyValue>> Scan(
      const KeyRange& range, size_t limit = kNoLimit,
      ScanOrder order = ScanOrder::kAscending) override;
  std::unique_ptr<Watch> SetWatch(const KeyRange& range,
                                  absl::AnyInvocable<void()> callback) override;
  std::unique_ptr<Watch> Follow(const KeyRange& range,
                                ChangesSeen callback) override;
  // Nothing to do: a deleted value is gone at once.
  absl::Status Purge(const KeyRange& range) override;

 private:
  struct State;
  explicit MemoryEngine(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_MEMORY_MEMORY_ENGINE_H_
