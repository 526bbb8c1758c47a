// Keys of moderators in frank-moderation's store; a part of
// moderation_schema.h, which has the other tables and the rules.
//
//   0xB8 text(moderator)                               ModeratorRecord
//   0xB9 sha256[32] of a token                         ModeratorTokenRecord
//   0xBA text(moderator)                               ExposureRecord
//   0xBB text(moderator) u64(shift) evidence[32]       counted in that shift
#ifndef FRANK_STORAGE_PEOPLE_SCHEMA_H_
#define FRANK_STORAGE_PEOPLE_SCHEMA_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"
#include "storage/schema.h"

namespace frank::storage::schema {

std::string ModeratorKey(absl::string_view moderator);
KeyRange ModeratorTable();
// The moderators whose place is behind that of `after`.
KeyRange ModeratorsAfter(absl::string_view after);
absl::StatusOr<std::string> ParseModeratorKey(absl::string_view key);

std::string ModeratorTokenKey(const TokenHash& hash);

std::string ExposureKey(absl::string_view moderator);
// As ModeratorsAfter; ParseModeratorKey reads these keys as well.
KeyRange ExposuresAfter(absl::string_view after);
std::string CountedKey(absl::string_view moderator, UnixMillis shift,
                       const EvidenceId& evidence);
// What was counted in the shifts before one.
KeyRange CountedBefore(absl::string_view moderator, UnixMillis shift);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_PEOPLE_SCHEMA_H_
