// What a transaction of the relay does for one room.
#ifndef FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_
#define FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "crypto/frank.h"
#include "crypto/hash.h"
#include "crypto/key_ring.h"
#include "frank/storage/v1/platform.pb.h"
#include "frank/v1/message.pb.h"
#include "services/platform/account_reads.h"
#include "services/platform/authenticator.h"
#include "storage/engine.h"
#include "storage/idempotency_store.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

// A send that was validated and whose caller is known.
struct SendItem {
  Device sender;
  // Outlives the item.
  const v1::SendRequest* request = nullptr;
  // Of the answer that is given again (schema::IdempotencyKey).
  std::string answer_key;
  // SHA-256 of room, tag and SHA-256(body): what a repeat must have alike.
  crypto::Sha256Digest fingerprint{};
};

using SendOutcome = absl::StatusOr<v1::SendResponse>;

// One room's sends in a transaction of the relay. Sequence = last + 1 and
// accepted_timestamp = max(clock, last), as the room's head has them. Reads are
// tracked: what is decided holds if the transaction commits. Used by one thread
// for one run of the transaction.
class RoomBatch {
 public:
  // `ring` is that of the room, null when the platform has none; `now`, or why
  // nothing can be stamped at this time. All of them outlive it.
  RoomBatch(storage::Transaction& transaction, AccountReads& accounts,
            const crypto::KeyRing* ring, std::string room_uri,
            absl::StatusOr<UnixMillis> now);

  // kDataLoss and errors of the engine when the room cannot be read; nothing
  // else is called then.
  absl::Status Read();

  // Whose devices each item is compared with.
  size_t members() const {
    return room_ ? static_cast<size_t>(room_->member_uri_size()) : 0;
  }

  // Returns the answer of an item that is not to be stored; nullopt of one that
  // is accepted, which must outlive this.
  absl::StatusOr<absl::optional<v1::SendResponse>> Decide(const SendItem& item);

  const crypto::KeyRing* ring() const { return ring_; }
  // Of the accepted ones.
  UnixMillis accepted_at() const;
  // In order; views of items and this.
  void AddStampInputs(std::vector<crypto::StampInput>* inputs) const;

  // A message that was stored, and the answer that is given again.
  struct Stored {
    v1::SendResponse response;
    storage::KeptAnswer answer;
    // Where devices wait for it, if any do.
    absl::optional<storage::schema::MessagePlace> waits;
  };
  // Writes the accepted messages with their stamps, in order.
  std::vector<Stored> Store(absl::Span<const crypto::FrankStamp> stamps);

 private:
  // A device that a message to the room must have a wrap for.
  struct Target {
    const std::string* account_uri = nullptr;
    const storage::v1::DeviceRecord* device = nullptr;
  };

  // Returns the answer that was given before; nullopt the first time.
  absl::StatusOr<absl::optional<v1::SendResponse>> FindEarlier(
      const SendItem& item) const;
  absl::Status CheckSender(const SendItem& item) const;
  absl::Status CheckKeys() const;
  // Reads the devices of all members, once.
  absl::Status ReadTargets();
  // Matches wraps and devices; nullopt when they are not the same.
  absl::optional<std::vector<storage::Delivery>> Match(
      const SendItem& item) const;
  absl::StatusOr<v1::SendResponse> DescribeStale(const SendItem& item) const;
  Stored StoreOne(size_t index, const crypto::FrankStamp& stamp);

  storage::Transaction& transaction_;
  AccountReads& accounts_;
  const crypto::KeyRing* const ring_;
  const std::string room_uri_;
  absl::StatusOr<UnixMillis> now_;

  absl::optional<storage::v1::RoomRecord> room_;
  storage::v1::RoomHeadRecord head_;
  bool has_targets_ = false;
  absl::flat_hash_map<absl::string_view, Target> targets_;
  // Accepted, and where each goes.
  std::vector<const SendItem*> items_;
  std::vector<std::vector<storage::Delivery>> deliveries_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_
