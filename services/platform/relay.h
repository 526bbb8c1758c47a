// The relay: takes sends, room by room, into transactions.
#ifndef FRANK_SERVICES_PLATFORM_RELAY_H_
#define FRANK_SERVICES_PLATFORM_RELAY_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "crypto/key_ring.h"
#include "frank/v1/message.pb.h"
#include "services/common/call.h"
#include "services/common/wait.h"
#include "services/platform/authenticator.h"
#include "services/platform/room_batch.h"
#include "services/platform/stamp_clock.h"
#include "storage/engine.h"

namespace frank::platform {

// A queue for each room with one transaction under way: sends that arrive
// meanwhile go together in the next and share one batched signature, so that a
// busy room neither conflicts with itself nor pays a sync and a signature for
// each message. Sends to one room are decided in the order in which they came.
// Nobody waits on a lock for a commit, and no transaction is prepared on the
// engine's thread, where it would hold up everybody's. Thread-safe; what it is
// made of outlives it.
class Relay {
 public:
  Relay(storage::Engine& engine, StampClock& clock,
        const crypto::KeyRings& rings);
  // Waits for what was taken.
  ~Relay();

  // Sends one message that was validated. `request` outlives `done`, which is
  // called on a thread of the engine or, at times, the caller's.
  //   kPermissionDenied NOT_A_MEMBER, kUnauthenticated CREDENTIAL_INVALID (the
  //   device was removed), kAlreadyExists ID_CONFLICT, kFailedPrecondition or
  //   kUnavailable CANNOT_STAMP; kResourceExhausted QUOTA_EXCEEDED when too
  //   much of the account or of all waits already; errors of the engine.
  void Send(Device sender, const v1::SendRequest& request,
            services::Done<v1::SendResponse> done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kThreads = 2;
  using Task = absl::AnyInvocable<void()>;

  struct Waiting {
    SendItem item;
    services::Done<v1::SendResponse> done;
  };
  struct Room {
    std::deque<Waiting> waiting;
    bool running = false;
  };
  // Of an account, waiting or under way.
  struct Load {
    size_t sends = 0;
    size_t bytes = 0;
  };
  // What one transaction carries.
  struct Flight;

  bool Fits(const std::string& account_uri, size_t bytes) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes what goes together; empty, and the room forgotten, if nothing waits.
  std::vector<Waiting> Take(const std::string& room_uri)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void FlyNext(const std::string& room_uri);
  void Fly(std::shared_ptr<Flight> flight);
  void Land(std::shared_ptr<Flight> flight, absl::Status status);
  void Unload(const Flight& flight) ABSL_LOCKS_EXCLUDED(mutex_);
  // Has a thread of the relay's own do it.
  void Post(const std::string& room_uri, Task task) ABSL_LOCKS_EXCLUDED(mutex_);
  void RunTasks(size_t thread) ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  StampClock& clock_;
  const crypto::KeyRings& rings_;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Room> rooms_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Load> loads_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Task> tasks_[kThreads] ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<services::Worker>> workers_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RELAY_H_
