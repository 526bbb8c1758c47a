#include "storage/decision_schema.h"

#include "core/status.h"
#include "storage/key.h"
#include "storage/moderation_schema.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kSanction = 0xD0,
  kStrike = 0xD1,
  kApproval = 0xD2,
  kPolicyVersion = 0xD4,
  kUncounted = 0xD5,
};

}  // namespace

std::string SanctionKey(absl::string_view account, const DecisionId& id) {
  return Key(kSanction).Text(account).Raw(id.bytes()).Take();
}
KeyRange Sanctions(absl::string_view account) {
  return Key(kSanction).Text(account).Range();
}

std::string StrikeKey(absl::string_view account, UnixMillis added_at,
                      const DecisionId& id) {
  return Key(kStrike).Text(account).U64(added_at).Raw(id.bytes()).Take();
}
KeyRange Strikes(absl::string_view account) {
  return Key(kStrike).Text(account).Range();
}
absl::StatusOr<UnixMillis> ParseStrikeTime(absl::string_view key) {
  KeyReader reader(key);
  reader.Text();
  UnixMillis added_at = reader.U64();
  reader.Raw(DecisionId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return added_at;
}

std::string ApprovalKey(UnixMillis proposed_at, const DecisionId& id) {
  return Key(kApproval).U64(proposed_at).Raw(id.bytes()).Take();
}
KeyRange Approvals() { return Key(kApproval).Range(); }

std::string PolicyVersionKey(uint32_t version) {
  return Key(kPolicyVersion).U32(version).Take();
}

std::string UncountedKey(const DecisionId& id) {
  return Key(kUncounted).U8(BucketOf(id.bytes())).Raw(id.bytes()).Take();
}
KeyRange Uncounted(uint8_t bucket) {
  return Key(kUncounted).U8(bucket).Range();
}
absl::StatusOr<DecisionId> ParseUncounted(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1);
  ByteSpan id = reader.Raw(DecisionId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return DecisionId(ToArray<DecisionId::kSize>(id));
}

}  // namespace frank::storage::schema
