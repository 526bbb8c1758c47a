#include "services/platform/message_cache.h"

#include "core/status.h"
#include "storage/mailbox_store.h"

namespace frank::platform {
namespace {

// What a message takes in memory beside its bytes, about.
constexpr size_t kBytesPerMessage = 256;

}  // namespace

absl::StatusOr<std::shared_ptr<const EncodedDelivery>> MessageCache::Find(
    const std::string& room_uri, uint64_t sequence) {
  {
    absl::MutexLock lock(&mutex_);
    auto found = by_place_.find(Place(room_uri, sequence));
    if (found != by_place_.end()) {
      return std::shared_ptr<const EncodedDelivery>(found->second,
                                                    &found->second->delivery);
    }
  }
  FRANK_ASSIGN_OR_RETURN(auto stored,
                         storage::FindMessage(engine_, room_uri, sequence));
  if (!stored) return std::shared_ptr<const EncodedDelivery>();
  auto kept = std::make_shared<const Kept>(
      Kept{room_uri, sequence,
           EncodedDelivery(room_uri, sequence, *std::move(stored))});
  Keep(kept);
  return std::shared_ptr<const EncodedDelivery>(kept, &kept->delivery);
}

size_t MessageCache::Cost(const Kept& kept) {
  return kBytesPerMessage + kept.delivery.size();
}

void MessageCache::Keep(std::shared_ptr<const Kept> kept) {
  absl::MutexLock lock(&mutex_);
  // Another thread may have read it as well.
  if (!by_place_.emplace(Place(kept->room_uri, kept->sequence), kept).second) {
    return;
  }
  bytes_ += Cost(*kept);
  by_age_.push_back(std::move(kept));
  while (bytes_ > max_bytes_ && by_age_.size() > 1) {
    const Kept& oldest = *by_age_.front();
    bytes_ -= Cost(oldest);
    by_place_.erase(Place(oldest.room_uri, oldest.sequence));
    by_age_.pop_front();
  }
}

}  // namespace frank::platform
