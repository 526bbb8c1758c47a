// Moderators: what is kept of each, whose a token is, and what they were shown.
#ifndef FRANK_STORAGE_PEOPLE_STORE_H_
#define FRANK_STORAGE_PEOPLE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/people.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"
#include "storage/schema.h"

namespace frank::storage {

// One moderator; the first is tracked.
absl::StatusOr<absl::optional<v1::ModeratorRecord>> FindModerator(
    Transaction& transaction, absl::string_view id);
absl::StatusOr<absl::optional<v1::ModeratorRecord>> FindModerator(
    Engine& engine, absl::string_view id);
void PutModerator(Transaction& transaction, absl::string_view id,
                  const v1::ModeratorRecord& record);

struct StoredModerator {
  std::string id;
  v1::ModeratorRecord record;
};
// All of them; tracked, so that nobody is added or changed meanwhile.
absl::StatusOr<std::vector<StoredModerator>> ListModerators(
    Transaction& transaction);
// The first `limit` behind `after`; untracked.
absl::StatusOr<std::vector<StoredModerator>> ListModerators(
    Engine& engine, absl::string_view after, size_t limit);

// Whose a token is; empty: nobody's. The first is tracked.
absl::StatusOr<std::string> FindModeratorByToken(Transaction& transaction,
                                                 const TokenHash& hash);
absl::StatusOr<std::string> FindModeratorByToken(Engine& engine,
                                                 const TokenHash& hash);
void PutModeratorToken(Transaction& transaction, const TokenHash& hash,
                       absl::string_view moderator);
void DeleteModeratorToken(Transaction& transaction, const TokenHash& hash);

// What a moderator was shown; the first is tracked. Empty if nothing ever was.
absl::StatusOr<v1::ExposureRecord> GetExposure(Transaction& transaction,
                                               absl::string_view moderator);
absl::StatusOr<v1::ExposureRecord> GetExposure(Engine& engine,
                                               absl::string_view moderator);
void PutExposure(Transaction& transaction, absl::string_view moderator,
                 const v1::ExposureRecord& record);

// Whether a piece of evidence is counted in a shift already; tracked.
absl::StatusOr<bool> IsCounted(Transaction& transaction,
                               absl::string_view moderator, UnixMillis shift,
                               const EvidenceId& evidence);
void SetCounted(Transaction& transaction, absl::string_view moderator,
                UnixMillis shift, const EvidenceId& evidence);
// Deletes up to `limit` rows of the shifts before one.
absl::Status ForgetCounted(Transaction& transaction,
                           absl::string_view moderator, UnixMillis shift,
                           size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_PEOPLE_STORE_H_
