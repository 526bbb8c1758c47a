// The storage engine: what RocksDB, PostgreSQL and FoundationDB have in common.
// Ordered byte keys, range scans, and optimistic transactions whose commit is
// asynchronous, atomic and durable. Stores are written once, over this.
//
// Contract
//
// Reads. A *tracked* read belongs to the transaction's read set: a key, found
// or absent; a range, from its start up to and including the last key that was
// returned, or all of it when the scan was not cut short by its limit. An
// *untracked* read does not. Each read is consistent in itself; several are
// consistent together only if the transaction commits. There is no snapshot,
// and a transaction does not see its own writes. No read, in any process, sees
// what is not durable.
//
// Commit. Succeeds if and only if nothing in the read set has changed since it
// was read, by earlier transactions of the same batch included. `done` is
// called exactly once, on a thread of the engine, with
//   OK            applied and durable;
//   kAborted      surely not applied: something read has changed, or the
//                 transaction is older than limits::kMaxTransactionAge; repeat;
//   kUnavailable  unknown whether applied: repeat under the idempotency key
//                 (with a retry delay, FindRetryAfter: the engine is overloaded
//                 and surely did not apply it; wait that long first);
//   kDataLoss     the store is damaged.
// `done` may start transactions and commit them; it must not wait for one.
//
// Watch. Fires (possibly in vain) after a commit that touched the range, and
// never misses one that was made after the watch was set: set it, then scan.
// One that follows its range is also told what was written, in the order of the
// commits; what came before it was set is left to the scan, which may see some
// of what is told, too.
//
// All methods are thread-safe unless said otherwise. A transaction is used by
// one thread at a time.
#ifndef FRANK_STORAGE_ENGINE_H_
#define FRANK_STORAGE_ENGINE_H_

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace frank::storage {

// Keys k with begin <= k < end in byte order. An empty `end` means no bound.
struct KeyRange {
  std::string begin;
  std::string end;

  // All keys that start with `prefix`, which must not be empty.
  static KeyRange Prefix(absl::string_view prefix);

  bool Contains(absl::string_view key) const {
    return key >= begin && (end.empty() || key < end);
  }
};

struct KeyValue {
  std::string key;
  std::string value;
};

inline constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();

// A key that a commit wrote; no value means that it was deleted. Views.
struct KeyChange {
  absl::string_view key;
  absl::optional<absl::string_view> value;
};

enum class ScanOrder { kAscending, kDescending };

using CommitDone = absl::AnyInvocable<void(absl::Status)>;

// Makes rows of what a key holds, if it is there. Called once, on a thread of
// the engine, while a commit is decided: must not block, read or fail but for a
// value that is damaged.
using MakeRows = absl::AnyInvocable<absl::StatusOr<std::vector<KeyValue>>(
    absl::optional<absl::string_view> value)>;

// One optimistic transaction. Dropping it without Commit discards it.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // Tracked reads. kUnavailable or kDataLoss when the store cannot be read.
  virtual absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) = 0;
  virtual absl::StatusOr<std::vector<KeyValue>> Scan(
      const KeyRange& range, size_t limit = kNoLimit) = 0;

  // Untracked reads.
  virtual absl::StatusOr<absl::optional<std::string>> GetUntracked(
      absl::string_view key) = 0;
  virtual absl::StatusOr<std::vector<KeyValue>> ScanUntracked(
      const KeyRange& range, size_t limit = kNoLimit) = 0;

  // Writes, kept until the commit. The last write to a key wins.
  virtual void Put(std::string key, std::string value) = 0;
  // Put without a copy, for what is large: the value's bytes must stay as they
  // are until the commit is answered, or the transaction dropped.
  virtual void PutBorrowed(std::string key, absl::string_view value) = 0;
  virtual void Delete(std::string key) = 0;
  // Puts the rows that are made of what `key` holds when the commit takes
  // effect, so that nobody who changes it meanwhile refuses the commit: for
  // counters that many raise. Those of a transaction see what it put, and each
  // other's rows, in their order. An error of `make_rows` refuses the commit.
  virtual void PutAtCommit(absl::string_view key, MakeRows make_rows) = 0;

  // Ends the transaction; no method may be called afterwards. A transaction
  // without writes is checked and answered without a sync.
  virtual void Commit(CommitDone done) = 0;
};

// Setting a watch returns it; dropping it ends it, and once the destructor has
// returned its callback does not run any more. The callback is called on a
// thread of the engine and must not block, nor drop its own watch.
class Watch {
 public:
  virtual ~Watch() = default;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::unique_ptr<Transaction> Begin() = 0;

  // Reads outside of any transaction: the untracked reads.
  virtual absl::StatusOr<absl::optional<std::string>> Get(
      absl::string_view key) = 0;
  virtual absl::StatusOr<std::vector<KeyValue>> Scan(
      const KeyRange& range, size_t limit = kNoLimit,
      ScanOrder order = ScanOrder::kAscending) = 0;

  virtual std::unique_ptr<Watch> SetWatch(
      const KeyRange& range, absl::AnyInvocable<void()> callback) = 0;

  // A watch that is told what was written to its range, by what is durable and
  // visible. None: that is not known, and any key of the range may have
  // changed. The views are valid during the call.
  using ChangesSeen = absl::AnyInvocable<void(absl::Span<const KeyChange>)>;
  virtual std::unique_ptr<Watch> Follow(const KeyRange& range,
                                        ChangesSeen callback) = 0;

  // Makes deleted keys of the range unreadable from the medium: compacts the
  // range and drops the logs that held it. Returns when that is done.
  virtual absl::Status Purge(const KeyRange& range) = 0;
};

// Commits and waits. For tests, start-up and background work; never on a
// thread of the engine.
absl::Status CommitAndWait(std::unique_ptr<Transaction> transaction);

// The body of a transaction: reads, decides, writes, and returns OK to commit
// or an error to give up. It is run again, on a fresh transaction, whenever the
// commit is kAborted, so it must start from nothing each time.
using TransactionBody = absl::AnyInvocable<absl::Status(Transaction&)>;

// Runs `body` until it commits or gives up; kAborted is retried up to ten
// times. `done` gets the outcome of the last commit, or the body's error, that
// one on the thread that ran the body (the caller's for the first run).
void RunTransaction(Engine& engine, TransactionBody body, CommitDone done);

// RunTransaction that waits. Never on a thread of the engine.
absl::Status RunTransactionAndWait(Engine& engine, TransactionBody body);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ENGINE_H_
