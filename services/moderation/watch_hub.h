// Who watches cases, and the thread that tells them of changes.
#ifndef FRANK_SERVICES_MODERATION_WATCH_HUB_H_
#define FRANK_SERVICES_MODERATION_WATCH_HUB_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "frank/v1/queue.pb.h"
#include "services/common/wait.h"
#include "storage/case_change_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Follows the log of changes (storage/case_change_store.h) for each watcher:
// from the numbers of its token on, one answer at a time, the next one when the
// last went out. So a watcher costs one answer of memory, however far behind it
// is; one that does not take its answer for 30 s is cut off with
// WATCH_TOO_SLOW. Whether somebody may watch is looked at again while they do,
// before they are told anything, every 10 s at most. An engine watch over the
// log's counters, set before the first look, wakes the thread. Thread-safe.
class WatchHub {
 public:
  // The stream below: called on the hub's thread, without its lock.
  struct Wire {
    absl::AnyInvocable<void(v1::WatchCasesResponse)> send;
    absl::AnyInvocable<void(absl::Status)> close;
    // Whether who watches still may.
    absl::AnyInvocable<absl::Status()> check;
  };

  // Both outlive the hub.
  WatchHub(storage::Engine& engine, const Clock& clock);
  ~WatchHub();

  // Starts a watcher of a moderator who may watch now, until Close.
  // kInvalidArgument "token"; kResourceExhausted QUOTA_EXCEEDED when too many
  // watch, or they with too many streams; kUnavailable after End.
  absl::StatusOr<uint64_t> Open(const std::string& token,
                                const std::string& moderator, Wire wire)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The last answer went out.
  void OnSent(uint64_t watcher) ABSL_LOCKS_EXCLUDED(mutex_);
  // The stream is over. When this returns, its wire is not called any more
  // unless it is being called now.
  void Close(uint64_t watcher) ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends all watchers with kUnavailable and takes no more.
  void End() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Watcher;
  using Watchers = std::vector<std::shared_ptr<Watcher>>;

  UnixMillis Work();
  void OnCounts(absl::Span<const storage::KeyChange> changes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The last number of each bucket.
  absl::StatusOr<storage::ChangeNumbers> Last() ABSL_LOCKS_EXCLUDED(mutex_);
  Watchers Current() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Tell(Watcher& watcher, const storage::ChangeNumbers& last);
  // What there is to tell; nothing if there is not.
  absl::StatusOr<absl::optional<v1::WatchCasesResponse>> Compose(
      Watcher& watcher, const storage::ChangeNumbers& last);
  bool TakeIdle(Watcher& watcher) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether a watcher still may be told anything; ends one that may not.
  bool Recheck(Watcher& watcher);
  size_t CountOf(const std::string& moderator) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Engine& engine_;
  const Clock& clock_;

  absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::shared_ptr<Watcher>> watchers_
      ABSL_GUARDED_BY(mutex_);
  // What is known of the last numbers, and whether that is all.
  storage::ChangeNumbers last_ ABSL_GUARDED_BY(mutex_){};
  bool knows_last_ ABSL_GUARDED_BY(mutex_) = false;
  // Made last, ended first.
  std::unique_ptr<services::Worker> worker_;
  std::unique_ptr<storage::Watch> watch_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_WATCH_HUB_H_
