#include "services/moderation/moderator_directory.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {

using storage::StoredModerator;
using storage::v1::ModeratorRecord;

ModeratorDirectory::ModeratorDirectory(storage::Engine& engine,
                                       const Clock& clock)
    : engine_(engine), clock_(clock) {}

absl::optional<ModeratorRecord> ModeratorDirectory::FindFresh(
    const std::string& id) const {
  auto found = records_.find(id);
  if (found == records_.end()) return absl::nullopt;
  UnixMillis now = clock_.Now();
  UnixMillis read_at = found->second.read_at;
  if (now < read_at || now - read_at >= limits::kModeratorStaleness) {
    return absl::nullopt;
  }
  return found->second.record;
}

absl::StatusOr<ModeratorRecord> ModeratorDirectory::Get(const std::string& id) {
  uint64_t generation = 0;
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (auto fresh = FindFresh(id)) return *std::move(fresh);
    generation = generation_;
  }
  UnixMillis read_at = clock_.Now();
  FRANK_ASSIGN_OR_RETURN(auto found, storage::FindModerator(engine_, id));
  ModeratorRecord record = found ? *std::move(found) : ModeratorRecord();
  absl::MutexLock lock(&mutex_);
  if (generation != generation_) return record;
  if (records_.size() >= limits::kMaxModeratorsCached) records_.clear();
  records_[id] = Entry{record, read_at};
  return record;
}

absl::StatusOr<absl::optional<StoredModerator>> ModeratorDirectory::FindByToken(
    const storage::TokenHash& hash) {
  std::string owner;
  {
    absl::ReaderMutexLock lock(&mutex_);
    auto found = owners_.find(hash);
    if (found != owners_.end()) owner = found->second;
  }
  if (owner.empty()) {
    FRANK_ASSIGN_OR_RETURN(owner, storage::FindModeratorByToken(engine_, hash));
    if (owner.empty()) return absl::optional<StoredModerator>();
    absl::MutexLock lock(&mutex_);
    if (owners_.size() >= limits::kMaxModeratorsCached) owners_.clear();
    owners_[hash] = owner;
  }
  FRANK_ASSIGN_OR_RETURN(ModeratorRecord record, Get(owner));
  if (!record.local() || record.token_sha256() != hash.text()) {
    return absl::optional<StoredModerator>();
  }
  return absl::make_optional(
      StoredModerator{std::move(owner), std::move(record)});
}

void ModeratorDirectory::Forget() {
  absl::MutexLock lock(&mutex_);
  ++generation_;
  records_.clear();
}

}  // namespace frank::moderation
