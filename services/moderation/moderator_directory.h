// What the store keeps of moderators, as every call needs it.
#ifndef FRANK_SERVICES_MODERATION_MODERATOR_DIRECTORY_H_
#define FRANK_SERVICES_MODERATION_MODERATOR_DIRECTORY_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "storage/people_store.h"

namespace frank::moderation {

// Reads through a cache. What this instance changed is known at once, by
// Forget(); what another one did, after limits::kModeratorStaleness at the
// latest. Thread-safe.
class ModeratorDirectory {
 public:
  // Both outlive the directory.
  ModeratorDirectory(storage::Engine& engine, const Clock& clock);

  // What is kept of a moderator; an empty record if nothing is.
  absl::StatusOr<storage::v1::ModeratorRecord> Get(const std::string& id);
  // Whose account a token opens; none if it opens none, or does not any more.
  absl::StatusOr<absl::optional<storage::StoredModerator>> FindByToken(
      const storage::TokenHash& hash);

  // To be called once a change is durable, before it is answered.
  void Forget();

 private:
  struct Entry {
    storage::v1::ModeratorRecord record;
    UnixMillis read_at = 0;
  };
  absl::optional<storage::v1::ModeratorRecord> FindFresh(
      const std::string& id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  storage::Engine& engine_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  // Rises with Forget(): what was read before is not kept afterwards.
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Entry> records_ ABSL_GUARDED_BY(mutex_);
  // Never wrong, however old: whether the token is still the account's stands
  // in the record.
  std::map<storage::TokenHash, std::string> owners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATOR_DIRECTORY_H_
