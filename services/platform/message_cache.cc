#include "services/platform/message_cache.h"

#include "core/status.h"

namespace frank::platform {
namespace {

// What a message takes in memory beside what it takes in the store, about.
constexpr size_t kBytesPerMessage = 1024;

}  // namespace

absl::StatusOr<std::shared_ptr<const storage::StoredMessage>>
MessageCache::Find(const std::string& room_uri, uint64_t sequence) {
  {
    absl::MutexLock lock(&mutex_);
    auto found = by_place_.find(Place(room_uri, sequence));
    if (found != by_place_.end()) {
      return std::shared_ptr<const storage::StoredMessage>(
          found->second, &found->second->message);
    }
  }
  FRANK_ASSIGN_OR_RETURN(auto stored,
                         storage::FindMessage(engine_, room_uri, sequence));
  if (!stored) return std::shared_ptr<const storage::StoredMessage>();
  size_t bytes =
      kBytesPerMessage + stored->message.ByteSizeLong() + stored->body.size();
  auto kept = std::make_shared<const Kept>(
      Kept{room_uri, sequence, *std::move(stored), bytes});
  Keep(kept);
  return std::shared_ptr<const storage::StoredMessage>(kept, &kept->message);
}

void MessageCache::Keep(std::shared_ptr<const Kept> kept) {
  absl::MutexLock lock(&mutex_);
  // Another thread may have read it as well.
  if (!by_place_.emplace(Place(kept->room_uri, kept->sequence), kept).second) {
    return;
  }
  bytes_ += kept->bytes;
  by_age_.push_back(std::move(kept));
  while (bytes_ > max_bytes_ && by_age_.size() > 1) {
    const Kept& oldest = *by_age_.front();
    bytes_ -= oldest.bytes;
    by_place_.erase(Place(oldest.room_uri, oldest.sequence));
    by_age_.pop_front();
  }
}

}  // namespace frank::platform
