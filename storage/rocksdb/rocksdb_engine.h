// The engine on RocksDB, embedded: one process owns the store.
#ifndef FRANK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
#define FRANK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace rocksdb {
class Env;
}

namespace frank::storage {

// One committer (storage/commit/committer.h) writes a batch of transactions and
// syncs once. Conflicts are checked in memory, against the last five seconds of
// this process's commits: a transaction does not outlive the process, so what
// earlier processes wrote can conflict with none.
//
// After a failed write every further commit is answered kUnavailable (kDataLoss
// when the store is damaged) and reads go on; open the store anew to go on
// writing. Thread-safe.
class RocksDbEngine final : public Engine {
 public:
  // The version of the store's format, which is how keys are divided among
  // column families and what is recorded about the store itself. The formats of
  // records are the stores' own business.
  static constexpr int kFormat = 1;

  struct Options {
    // A directory that this user owns and no other may enter; made (0700) when
    // it does not exist, but its parent must.
    std::string path;
    // Outlives the engine.
    const Clock* clock = nullptr;
    // Keys under such a prefix are kept in files of their own, so that Purge of
    // a range of them rewrites only these. They must not overlap. One may be
    // added while the store has no key under it; none can be taken away.
    std::vector<std::string> isolated_prefixes;
    // Where files are kept; RocksDB's default when null. Tests inject faults
    // here. Outlives the engine.
    rocksdb::Env* env = nullptr;
    // Whose store it is, a name for good; recorded when the store is made, and
    // another's is refused. Empty: nobody asks.
    std::string owner;
    // Called once when a write has failed, after which every commit is refused.
    // On a thread of the engine; must not block.
    std::function<void()> on_failure;
  };

  // Opens or makes a store.
  //   kInvalidArgument     the prefixes overlap;
  //   kFailedPrecondition  in use by another process, another owner's, of a
  //                        newer format, of other isolated prefixes, not a
  //                        store of frank, or the directory is not this user's
  //                        alone;
  //   kDataLoss            damaged: bytes that do not match their checksum, a
  //                        missing file, a closed log that was cut. That the
  //                        end of the log in use was cut off is not noticed;
  //   kUnavailable         it cannot be read or written.
  static absl::StatusOr<std::unique_ptr<RocksDbEngine>> Open(
      const Options& options);

  // Decides what was committed, completes it, and closes the store. No method
  // may be called by another thread any more; callbacks may go on, but what
  // they commit is answered kUnavailable.
  ~RocksDbEngine() override;

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

  // Flushes what is in memory, rewrites the files that hold keys of the range
  // without what was deleted, waits for reads of the old files, and unlinks
  // those and the logs. Values are then in no file of the store; of a deleted
  // *key*, file boundaries in the manifest may still tell. Blocks that a file
  // system has freed, and backups, are beyond its reach. Cheap only for ranges
  // under an isolated prefix. One at a time; others wait. Not on a thread of
  // the engine. Holds flushes and compactions up while it looks whether every
  // obsolete file is gone. kUnavailable or kDataLoss when it is not known to be
  // done.
  absl::Status Purge(const KeyRange& range) override;

 private:
  struct State;
  explicit RocksDbEngine(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
