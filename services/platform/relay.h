// The relay: takes sends into transactions.
#ifndef FRANK_SERVICES_PLATFORM_RELAY_H_
#define FRANK_SERVICES_PLATFORM_RELAY_H_

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "crypto/key_ring.h"
#include "frank/v1/message.pb.h"
#include "services/common/call.h"
#include "services/common/held_refusals.h"
#include "services/platform/authenticator.h"
#include "services/platform/relay_batch.h"
#include "services/platform/room_batch.h"
#include "services/platform/stamp_clock.h"
#include "storage/engine.h"

namespace frank::platform {

// Sends wait by room. Each of two threads takes what waits in rooms of which
// nothing is under way, has one transaction decide it, and answers once that is
// durable; what arrives meanwhile goes together in the next. So a room does not
// conflict with itself, nor an account, of which only one thread has something
// under way; sends to a room are decided in the order in which they came, and
// what one sync covers shares a signature too.
//
// When something that was read has changed, what the transaction carried waits
// for another in its old place, and goes there with nothing but what it has a
// room or a sender in common with, directly or through others: so who changes
// his devices again and again makes nobody else repeat more than once who has
// no such thing in common with him. Those who have may fail with kAborted.
//
// Nobody else waits for a commit, and nothing is prepared on the engine's
// thread, where it would hold up everybody's. Thread-safe; what it is made of
// outlives it.
class Relay {
 public:
  Relay(storage::Engine& engine, StampClock& clock,
        const crypto::KeyRings& rings, services::HeldRefusals& refusals);
  // Answers what was taken.
  ~Relay();

  // Sends one message that was validated. `request` outlives `done`, which is
  // called on a thread of the relay or, when it is not taken, as `refusals`
  // answer.
  //   kPermissionDenied NOT_A_MEMBER, kUnauthenticated CREDENTIAL_INVALID (the
  //   device was removed), kAlreadyExists ID_CONFLICT, kFailedPrecondition or
  //   kUnavailable CANNOT_STAMP; kResourceExhausted QUOTA_EXCEEDED when too
  //   much of the account or of all waits already; errors of the engine.
  void Send(Device sender, const v1::SendRequest& request,
            services::Done<v1::SendResponse> done) ABSL_LOCKS_EXCLUDED(mutex_);

  // What was taken and is not answered.
  struct Queued {
    size_t sends = 0;
    size_t bytes = 0;
  };
  Queued queued() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kThreads = 2;

  using Waiting = std::unique_ptr<Sending>;
  using Flight = std::vector<Waiting>;

  struct Room {
    std::deque<Waiting> waiting;
    // A thread has some of it under way.
    bool carried = false;
  };
  // Of an account, waiting or under way.
  struct Load {
    size_t sends = 0;
    size_t bytes = 0;
    // Of them under way, all with one thread.
    size_t carried = 0;
  };
  class Taking;

  bool Fits(const std::string& account_uri, size_t bytes) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  // Waits for something to carry; nothing when there is nothing left and the
  // relay ends.
  Flight Take() ABSL_LOCKS_EXCLUDED(mutex_);
  Flight TakeReady() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns when everything has its outcome or is to be tried again.
  void Carry(const Flight& flight);
  // Lets go of what was taken: puts back, out of the flight, what is to be
  // tried again. Its rooms may be taken again.
  void Release(Flight& flight) ABSL_LOCKS_EXCLUDED(mutex_);
  void FreeRoom(const std::string& room_uri)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Engine& engine_;
  StampClock& clock_;
  const crypto::KeyRings& rings_;
  services::HeldRefusals& refusals_;

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Room> rooms_ ABSL_GUARDED_BY(mutex_);
  // Rooms where something waits and nothing is under way, in their order; and
  // those of them whose first waits for what is under way elsewhere.
  std::deque<std::string> ready_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> blocked_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Load> loads_ ABSL_GUARDED_BY(mutex_);
  Queued queued_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RELAY_H_
