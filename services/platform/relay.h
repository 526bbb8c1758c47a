// The relay: takes sends, room by room, into transactions.
#ifndef FRANK_SERVICES_PLATFORM_RELAY_H_
#define FRANK_SERVICES_PLATFORM_RELAY_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "crypto/key_ring.h"
#include "frank/v1/message.pb.h"
#include "services/common/call.h"
#include "services/platform/authenticator.h"
#include "services/platform/room_batch.h"
#include "services/platform/stamp_clock.h"
#include "storage/engine.h"

namespace frank::platform {

// A queue for each room with one transaction under way: sends that arrive
// meanwhile go together in the next and share one batched signature, so that a
// busy room neither conflicts with itself nor pays a sync and a signature for
// each message. Sends to one room are decided in the order in which they came.
// Nobody waits on a lock for a commit. Thread-safe; what it is made of outlives
// it.
class Relay {
 public:
  Relay(storage::Engine& engine, StampClock& clock,
        const crypto::KeyRings& rings)
      : engine_(engine), clock_(clock), rings_(rings) {}
  // Waits for what was taken.
  ~Relay();

  // Sends one message that was validated. `request` outlives `done`, which is
  // called on a thread of the engine or, at times, the caller's.
  //   kPermissionDenied NOT_A_MEMBER, kUnauthenticated CREDENTIAL_INVALID (the
  //   device was removed), kAlreadyExists ID_CONFLICT, kFailedPrecondition or
  //   kUnavailable CANNOT_STAMP; kResourceExhausted QUOTA_EXCEEDED when
  //   limits::kMaxWaitingSends of the account wait; errors of the engine.
  void Send(Device sender, const v1::SendRequest& request,
            services::Done<v1::SendResponse> done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    SendItem item;
    services::Done<v1::SendResponse> done;
  };
  struct Room {
    std::deque<Waiting> waiting;
    bool running = false;
  };
  // What one transaction carries.
  struct Flight;

  // Takes what goes together; empty, and the room forgotten, if nothing waits.
  std::vector<Waiting> Take(const std::string& room_uri)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Fly(std::string room_uri);
  void Land(const std::string& room_uri, Flight& flight, absl::Status status);

  storage::Engine& engine_;
  StampClock& clock_;
  const crypto::KeyRings& rings_;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Room> rooms_ ABSL_GUARDED_BY(mutex_);
  // Of each account, waiting or under way.
  absl::flat_hash_map<std::string, size_t> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RELAY_H_
