// The streams that receive in this instance, and the threads that work them.
#ifndef FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_
#define FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/common/wait.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::platform {

class ReceiveSession;

// Runs each session on one thread, so that sessions need no lock around their
// state and reads of the store hold up neither gRPC nor the engine.
// Thread-safe.
class ReceiveHub {
 public:
  // Both outlive the hub.
  ReceiveHub(storage::Engine& engine, const Clock& clock);
  // Waits for commits of its sessions.
  ~ReceiveHub();

  storage::Engine& engine() { return engine_; }
  const Clock& clock() const { return clock_; }

  // Takes a session in; it stays until Remove.
  void Add(std::shared_ptr<ReceiveSession> session) ABSL_LOCKS_EXCLUDED(mutex_);
  // Has a session worked soon. Never blocks; does nothing once it is removed.
  void Wake(uint64_t session_id) ABSL_LOCKS_EXCLUDED(mutex_);
  // Tells a session that something of its device's was written. Safe to call
  // from a watch: it never becomes the last to hold the session.
  void MailboxChanged(uint64_t session_id) ABSL_LOCKS_EXCLUDED(mutex_);
  // Around a commit that a session has under way.
  void BeginCommit() ABSL_LOCKS_EXCLUDED(mutex_);
  void EndCommit() ABSL_LOCKS_EXCLUDED(mutex_);
  // Makes the session the one of its device and ends the one before.
  void TakeOver(const storage::MailboxId& mailbox, uint64_t session_id)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(const storage::MailboxId& mailbox, uint64_t session_id)
      ABSL_LOCKS_EXCLUDED(mutex_);

  uint64_t NewId() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kThreads = 2;
  using Sessions = std::vector<std::shared_ptr<ReceiveSession>>;

  Sessions TakeReady(size_t thread) ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  const Clock& clock_;

  absl::Mutex mutex_;
  size_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<uint64_t, std::shared_ptr<ReceiveSession>> sessions_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<storage::MailboxId, uint64_t> current_
      ABSL_GUARDED_BY(mutex_);
  Sessions ready_[kThreads] ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<services::Worker>> workers_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RECEIVE_HUB_H_
