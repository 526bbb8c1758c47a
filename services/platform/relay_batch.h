// One transaction of the relay: sends that waited together, of several rooms.
#ifndef FRANK_SERVICES_PLATFORM_RELAY_BATCH_H_
#define FRANK_SERVICES_PLATFORM_RELAY_BATCH_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "services/common/call.h"
#include "services/platform/room_batch.h"
#include "services/platform/stamp_clock.h"
#include "storage/engine.h"
#include "storage/idempotency_store.h"
#include "storage/schema.h"

namespace frank::platform {

// A send on its way through the relay.
struct Sending {
  SendItem item;
  services::Done<v1::SendResponse> done;
  // What became of it, unless it is to be tried again.
  SendOutcome outcome;
  bool again = false;
  // How often something that was read had changed.
  size_t aborted = 0;
};

// Decides sends and writes the accepted ones. One that is refused does not keep
// the others from being accepted, nor does a room that cannot be read those of
// other rooms. Franks share a signature, and what is to be forgotten at its
// time a note, over all rooms; that time is the end of the newest, which may be
// up to limits::kMaxClockBehind after that of another room. Used by one thread.
class RelayBatch {
 public:
  // No two are of one device and message id: a transaction does not see its own
  // writes. They outlive the batch.
  RelayBatch(StampClock& clock, const crypto::KeyRings& rings,
             std::vector<Sending*> sendings);

  // The body of the transaction, to be run once.
  void Run(storage::Transaction& transaction);
  // What came of the transaction. Those that wait for another are marked: all
  // when something had changed, a bounded number of times; and what was too
  // much for this one.
  void Settle(const absl::Status& status);

 private:
  // By room, in the order of each.
  using Rooms = absl::flat_hash_map<absl::string_view, std::vector<Sending*>>;
  // What was accepted for a room.
  struct Accepted {
    RoomBatch batch;
    std::vector<Sending*> sendings;
  };
  // What is written once for all rooms.
  struct Kept {
    std::vector<storage::KeptAnswer> answers;
    std::vector<storage::schema::MessagePlace> messages;
    UnixMillis newest = 0;
  };

  void Decide(const std::vector<Sending*>& sendings, Accepted& accepted);
  // Stamps the rooms of one ring together and stores them.
  void StampAndStore(const crypto::KeyRing& ring,
                     absl::Span<Accepted* const> rooms, Kept* kept);
  void Store(Accepted& accepted, absl::Span<const crypto::FrankStamp> stamps,
             Kept* kept);

  StampClock& clock_;
  const crypto::KeyRings& rings_;
  Rooms rooms_;
  // Members of rooms whose devices were looked at, for each send.
  size_t members_ = 0;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RELAY_BATCH_H_
