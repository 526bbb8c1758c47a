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
#include "services/platform/room_batch.h"
#include "services/platform/stamp_clock.h"
#include "storage/engine.h"
#include "storage/idempotency_store.h"
#include "storage/schema.h"

namespace frank::platform {

// Decides every item and writes the accepted ones. An item that is refused does
// not keep the others from being accepted, nor does a room that cannot be read
// those of other rooms. Franks share a signature, and what is to be forgotten
// at its time a note, over all rooms. Used by one thread.
class RelayBatch {
 public:
  // An item, and where to write what became of it; both outlive the batch.
  struct Entry {
    const SendItem* item = nullptr;
    SendOutcome* outcome = nullptr;
  };

  // No two items are of one device and message id: a transaction does not see
  // its own writes.
  RelayBatch(StampClock& clock, const crypto::KeyRings& rings,
             std::vector<Entry> entries);

  // The body of the transaction, to be run once. The outcomes hold if it
  // commits.
  void Run(storage::Transaction& transaction);
  // It did not commit.
  void Fail(const absl::Status& why);
  // Appends the entries of each room, to be tried again.
  void TakeApart(std::vector<std::vector<Entry>>* groups);

 private:
  // By room, in the order of each.
  using Rooms = absl::flat_hash_map<absl::string_view, std::vector<Entry>>;
  // What was accepted for a room.
  struct Accepted {
    RoomBatch batch;
    std::vector<SendOutcome*> outcomes;
  };
  // What is written once for all rooms.
  struct Kept {
    std::vector<storage::KeptAnswer> answers;
    std::vector<storage::schema::MessagePlace> messages;
    UnixMillis newest = 0;
  };

  void Decide(const std::vector<Entry>& entries, Accepted& accepted);
  // Stamps the rooms of one ring together and stores them. Where that fails,
  // each alone: the time of one may lie where there is no key.
  void StampAndStore(const crypto::KeyRing* ring,
                     absl::Span<Accepted* const> rooms, Kept* kept);
  void Store(Accepted& accepted, absl::Span<const crypto::FrankStamp> stamps,
             Kept* kept);

  StampClock& clock_;
  const crypto::KeyRings& rings_;
  Rooms rooms_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_RELAY_BATCH_H_
