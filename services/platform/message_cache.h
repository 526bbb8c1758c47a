// Messages that were read lately.
#ifndef FRANK_SERVICES_PLATFORM_MESSAGE_CACHE_H_
#define FRANK_SERVICES_PLATFORM_MESSAGE_CACHE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/delivery_bytes.h"
#include "storage/engine.h"

namespace frank::platform {

// A message to many is wanted by all of them at about the same time: it is read
// and encoded once, and kept until newer ones need its room: in memory, as it
// came, beyond the time when the store forgets it. A message never changes, and
// who asks for one has found its entry. Thread-safe.
class MessageCache {
 public:
  // Keeps `max_bytes` at most, beside the last one read. The engine outlives
  // it.
  MessageCache(storage::Engine& engine, size_t max_bytes)
      : engine_(engine), max_bytes_(max_bytes) {}

  // Null when it has been forgotten.
  absl::StatusOr<std::shared_ptr<const EncodedDelivery>> Find(
      const std::string& room_uri, uint64_t sequence)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Kept {
    std::string room_uri;
    uint64_t sequence;
    EncodedDelivery delivery;
  };
  // Views what is kept.
  using Place = std::pair<absl::string_view, uint64_t>;

  static size_t Cost(const Kept& kept);
  void Keep(std::shared_ptr<const Kept> kept) ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  const size_t max_bytes_;
  absl::Mutex mutex_;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<Place, std::shared_ptr<const Kept>> by_place_
      ABSL_GUARDED_BY(mutex_);
  // The oldest first.
  std::deque<std::shared_ptr<const Kept>> by_age_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_MESSAGE_CACHE_H_
