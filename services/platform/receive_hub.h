// The streams that receive in this instance, and the threads that work them.
#ifndef FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_
#define FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/clock.h"
#include "services/common/wait.h"
#include "services/platform/acknowledgements.h"
#include "services/platform/message_cache.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::platform {

class ReceiveSession;

// Runs each session on one thread, so that sessions need no lock around their
// state and reads of the store hold up neither gRPC nor the engine. Follows
// what is written for devices and accounts, and tells the sessions that it is
// for. Thread-safe.
class ReceiveHub {
 public:
  // Both outlive the hub.
  ReceiveHub(storage::Engine& engine, const Clock& clock);
  // Waits for commits of its sessions.
  ~ReceiveHub();

  storage::Engine& engine() { return engine_; }
  const Clock& clock() const { return clock_; }
  MessageCache& messages() { return messages_; }
  Acknowledgements& acknowledgements() { return *acknowledgements_; }

  // Takes a session in; it stays until Remove.
  void Add(std::shared_ptr<ReceiveSession> session) ABSL_LOCKS_EXCLUDED(mutex_);
  // Has a session worked soon. Never blocks; does nothing once it is removed.
  void Wake(uint64_t session_id) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same, a few milliseconds later: with others that can wait as well.
  void WakeLater(uint64_t session_id) ABSL_LOCKS_EXCLUDED(mutex_);
  // Around a commit that a session has under way.
  void BeginCommit() ABSL_LOCKS_EXCLUDED(mutex_);
  void EndCommit() ABSL_LOCKS_EXCLUDED(mutex_);
  // Makes the session the one of its device, ends the one before, and tells it
  // from now on what is written for it.
  void TakeOver(const std::shared_ptr<ReceiveSession>& session)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(const std::shared_ptr<ReceiveSession>& session)
      ABSL_LOCKS_EXCLUDED(mutex_);

  uint64_t NewId() ABSL_LOCKS_EXCLUDED(mutex_);

  // Devices that have a session.
  size_t devices() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kThreads = 2;
  using Session = std::shared_ptr<ReceiveSession>;
  using Sessions = std::vector<Session>;
  using Changes = absl::Span<const storage::KeyChange>;

  void Follow();
  void OnEntries(Changes changes) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnNotices(Changes changes) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnAccounts(Changes changes) ABSL_LOCKS_EXCLUDED(mutex_);
  // Calls `note`, which returns whether the session is to be worked, with each
  // session of the account, or with all.
  template <typename Note>
  void TellAccount(absl::string_view account_uri, Note note)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename Note>
  void TellAll(Note note) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void MakeReady(const Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeWorkers() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Those who have waited as well, and when there will be more of them.
  Sessions TakeReady(size_t thread, UnixMillis* pause)
      ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  const Clock& clock_;
  MessageCache messages_;
  std::unique_ptr<Acknowledgements> acknowledgements_;

  mutable absl::Mutex mutex_;
  size_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<uint64_t, Session> sessions_ ABSL_GUARDED_BY(mutex_);
  // Those that began; the names are the sessions' own.
  absl::flat_hash_map<storage::MailboxId, Session> by_mailbox_
      ABSL_GUARDED_BY(mutex_);
  std::multimap<absl::string_view, Session> by_account_ ABSL_GUARDED_BY(mutex_);
  Sessions ready_[kThreads] ABSL_GUARDED_BY(mutex_);
  Sessions later_[kThreads] ABSL_GUARDED_BY(mutex_);
  // Whether those have had their pause.
  bool waited_[kThreads] ABSL_GUARDED_BY(mutex_) = {};
  std::vector<std::unique_ptr<services::Worker>> workers_;
  std::vector<std::unique_ptr<storage::Watch>> watches_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_
