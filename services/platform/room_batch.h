// One transaction of the relay: sends that waited together for one room.
#ifndef FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_
#define FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "crypto/frank.h"
#include "crypto/hash.h"
#include "crypto/key_ring.h"
#include "frank/storage/v1/platform.pb.h"
#include "frank/v1/message.pb.h"
#include "services/platform/authenticator.h"
#include "services/platform/stamp_clock.h"
#include "storage/enforcement_store.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

// A send that was validated and whose caller is known.
struct SendItem {
  Device sender;
  // Outlives the item.
  const v1::SendRequest* request = nullptr;
  // SHA-256 of room, tag and SHA-256(body): what a repeat must have alike.
  crypto::Sha256Digest fingerprint{};
};

using SendOutcome = absl::StatusOr<v1::SendResponse>;

// Decides every item and writes the accepted ones. An item that is refused does
// not keep the others from being accepted. Sequence = last + 1 and
// accepted_timestamp = max(clock, last), as the room's head has them. Reads are
// tracked: the outcomes hold if the transaction commits. Used by one thread.
class RoomBatch {
 public:
  RoomBatch(StampClock& clock, const crypto::KeyRings& rings,
            std::string room_uri, std::vector<const SendItem*> items);

  // The body of the transaction; starts from nothing each time. Only what fails
  // the whole batch is an error: the room cannot be read.
  absl::Status Run(storage::Transaction& transaction);

  // In the order of the items, once the transaction has committed.
  std::vector<SendOutcome> TakeOutcomes() { return std::move(outcomes_); }

 private:
  using Limits = absl::optional<storage::Enforcement>;
  // A device that a message to the room must have a wrap for.
  struct Target {
    const std::string* account_uri = nullptr;
    const storage::v1::DeviceRecord* device = nullptr;
  };
  // An item that is to be stamped and stored.
  struct Accepted {
    size_t index = 0;
    uint64_t sequence = 0;
    std::vector<storage::Delivery> deliveries;
  };

  absl::Status Decide(storage::Transaction& transaction, size_t index);
  // Returns the answer that was given before; nullopt the first time.
  absl::StatusOr<absl::optional<v1::SendResponse>> FindEarlier(
      storage::Transaction& transaction, const SendItem& item) const;
  // Returns what moderators decided about an account, read once a batch.
  absl::StatusOr<const Limits*> FindLimits(storage::Transaction& transaction,
                                           const std::string& account_uri);
  // Counts a message against the sender's limit; false when it is used up.
  absl::StatusOr<bool> UseAllowance(storage::Transaction& transaction,
                                    const SendItem& item, const Limits& limits);
  absl::Status CheckSender(const SendItem& item) const;
  // Reads the devices of all members, once a batch.
  absl::Status ReadTargets(storage::Transaction& transaction);
  // Matches wraps and devices; nullopt when they are not the same.
  absl::optional<std::vector<storage::Delivery>> Match(
      const SendItem& item) const;
  absl::StatusOr<v1::SendResponse> DescribeStale(
      storage::Transaction& transaction, const SendItem& item) const;
  absl::Status StampAndStore(storage::Transaction& transaction);
  void Store(storage::Transaction& transaction, const Accepted& accepted,
             storage::v1::FrankRecord frank);
  std::string AnswerKey(const SendItem& item) const;
  void Reset();

  StampClock& clock_;
  const crypto::KeyRings& rings_;
  const std::string room_uri_;
  const std::vector<const SendItem*> items_;

  // Of one run.
  absl::StatusOr<UnixMillis> now_ = 0;
  absl::optional<storage::v1::RoomRecord> room_;
  storage::v1::RoomHeadRecord head_;
  bool has_targets_ = false;
  std::map<std::string, storage::v1::AccountRecord> accounts_;
  absl::flat_hash_map<absl::string_view, Target> targets_;
  std::map<std::string, Limits> limits_;
  std::map<std::string, storage::v1::SendCountRecord> counts_;
  std::vector<Accepted> accepted_;
  std::vector<SendOutcome> outcomes_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ROOM_BATCH_H_
