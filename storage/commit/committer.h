// The one place where transactions of an engine are decided: a thread that
// drains the queue of commits, checks each against what was written since it
// read, applies what passed as one batch, and has the callers told.
#ifndef FRANK_STORAGE_COMMIT_COMMITTER_H_
#define FRANK_STORAGE_COMMIT_COMMITTER_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "storage/commit/completion_thread.h"
#include "storage/commit/conflict_window.h"
#include "storage/commit/watch_list.h"
#include "storage/engine.h"

namespace frank::storage {

// Rows that depend on what a key holds when their commit takes effect.
struct RowsAtCommit {
  std::string key;
  MakeRows make_rows;
};

// A transaction that waits to be decided.
struct PendingCommit {
  std::vector<TrackedKey> keys;
  std::vector<TrackedRange> ranges;
  WriteSet writes;
  std::vector<RowsAtCommit> at_commit;
  UnixMillis begun;
  CommitDone done;
  size_t bytes = 0;
};

// Numbers and the race between reading and committing. Commits are numbered as
// they pass the check, and applied() is raised to a number only after the batch
// that holds it is durable and visible. A tracked read takes applied() *before*
// it reads. It therefore sees every commit up to that number; of those above it
// may see some, and each of them that wrote what was read is found by the
// check. So a change is never missed, and a read that falls between "visible"
// and "numbered" is at worst repeated in vain.
//
// Order. Callbacks are called in commit order, on one thread, after the watches
// of their batch. Transactions without writes come first in their batch: they
// take effect before its writes and are answered without its sync. Who is
// refused is told once the batch is visible: most have met a commit of it, and
// would meet it again before.
//
// Back-pressure. A commit that finds limits::kMaxWaitingCommitBytes waiting (in
// the queue, or to be told their outcome) is answered kUnavailable, with the
// reason UNAVAILABLE and when to try again, which a commit of unknown outcome
// does not carry: this one is surely not applied.
//
// Failure. When applying fails nobody knows what the medium holds: that batch
// and everything after it is answered with the error, until the store is opened
// anew.
class Committer {
 public:
  // Applies the writes atomically, in order, a later write to a key above an
  // earlier one; returns when they are durable and visible. Called on the
  // committer's thread.
  using Apply =
      absl::AnyInvocable<absl::Status(const std::vector<PendingCommit>&)>;

  // What a key holds that is durable; on the committer's thread.
  using Read = absl::AnyInvocable<absl::StatusOr<absl::optional<std::string>>(
      absl::string_view key)>;

  // `clock` outlives the committer. `on_failure`, if there is one, is called
  // when applying fails, on the committer's thread.
  Committer(const Clock& clock, Read read, Apply apply,
            std::function<void()> on_failure = nullptr);
  ~Committer();

  // Decides all that was submitted, tells everybody, and ends both threads.
  // What is submitted meanwhile is not taken, and answered as above.
  void Stop();

  // Thread-safe; never blocks on a sync.
  void Submit(PendingCommit commit);
  CommitNumber applied() const {
    return applied_.load(std::memory_order_acquire);
  }
  UnixMillis Now() const { return clock_.Now(); }
  WatchList& watches() { return watches_; }

 private:
  struct Answer {
    CommitDone done;
    absl::Status status;
    size_t bytes;
  };

  void Run();
  std::vector<PendingCommit> TakeBatch();
  void Decide(std::vector<PendingCommit> batch);
  absl::Status Check(const PendingCommit& commit, UnixMillis now) const;
  // What keys hold after the commits of a batch that were accepted so far.
  class BatchValues;
  absl::Status MakeRowsOf(PendingCommit* commit, BatchValues* values);
  absl::Status ApplyAll(const std::vector<PendingCommit>& accepted);
  void Tell(std::vector<Answer> answers, std::vector<WriteSet> written);
  void Release(size_t bytes);

  const Clock& clock_;
  Read read_;
  Apply apply_;
  const std::function<void()> on_failure_;

  // The committer's thread only.
  ConflictWindow window_;
  CommitNumber number_ = 0;
  absl::Status failure_;

  std::atomic<CommitNumber> applied_{0};
  WatchList watches_;

  absl::Mutex mutex_;
  std::deque<PendingCommit> queue_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  CompletionThread completion_;
  std::thread thread_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_COMMIT_COMMITTER_H_
