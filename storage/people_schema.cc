#include "storage/people_schema.h"

#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kModerator = 0xB8,
  kModeratorToken = 0xB9,
  kExposure = 0xBA,
  kCounted = 0xBB,
};

}  // namespace

std::string ModeratorKey(absl::string_view moderator) {
  return Key(kModerator).Text(moderator).Take();
}
KeyRange ModeratorTable() { return Key(kModerator).Range(); }
KeyRange ModeratorsAfter(absl::string_view after) {
  KeyRange range = ModeratorTable();
  if (!after.empty()) range.begin = ModeratorKey(after) + '\0';
  return range;
}
absl::StatusOr<std::string> ParseModeratorKey(absl::string_view key) {
  KeyReader reader(key);
  std::string moderator = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return moderator;
}

std::string ModeratorTokenKey(const TokenHash& hash) {
  return Key(kModeratorToken).Raw(hash.bytes()).Take();
}

std::string ExposureKey(absl::string_view moderator) {
  return Key(kExposure).Text(moderator).Take();
}
KeyRange ExposuresAfter(absl::string_view after) {
  KeyRange range = Key(kExposure).Range();
  if (!after.empty()) range.begin = ExposureKey(after) + '\0';
  return range;
}
std::string CountedKey(absl::string_view moderator, UnixMillis shift,
                       const EvidenceId& evidence) {
  return Key(kCounted).Text(moderator).U64(shift).Raw(evidence.bytes()).Take();
}
KeyRange CountedBefore(absl::string_view moderator, UnixMillis shift) {
  return KeyRange{Key(kCounted).Text(moderator).Take(),
                  Key(kCounted).Text(moderator).U64(shift).Take()};
}

}  // namespace frank::storage::schema
