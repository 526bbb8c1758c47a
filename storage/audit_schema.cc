#include "storage/audit_schema.h"

#include "core/status.h"
#include "storage/key.h"
#include "storage/moderation_schema.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kPending = 0xB0,
  kPlace = 0xB2,
  kTile = 0xB3,
  kProgress = 0xB5,
  kHead = 0xB6,
  kLoss = 0xB7,
};

}  // namespace

uint8_t AuditBucketOf(absl::string_view subject) {
  uint8_t sum = 0;
  for (uint8_t byte : AsBytes(subject)) sum = static_cast<uint8_t>(sum + byte);
  return sum % kBuckets;
}

std::string AuditPendingKey(const PendingActs& pending) {
  return Key(kPending)
      .U8(AuditBucketOf(pending.last.subject))
      .U64(pending.time)
      .Text(pending.last.subject)
      .U64(pending.last.number)
      .Take();
}
KeyRange AuditPending(uint8_t bucket) {
  return Key(kPending).U8(bucket).Range();
}
KeyRange AuditPendingTable() { return Key(kPending).Range(); }
std::string AuditPlaceKey(ByteSpan sha256) {
  return Key(kPlace).Raw(sha256).Take();
}
std::string AuditTileKey(uint8_t level, uint64_t index) {
  return Key(kTile).U8(level).U64(index).Take();
}
std::string AuditProgressKey(absl::string_view subject) {
  return Key(kProgress).Text(subject).Take();
}
std::string AuditHeadKey() { return Key(kHead).Take(); }
std::string AuditLossKey(const ActRef& first) {
  return Key(kLoss).Text(first.subject).U64(first.number).Take();
}
KeyRange AuditLosses() { return Key(kLoss).Range(); }

absl::StatusOr<PendingActs> ParseAuditPendingKey(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1);
  PendingActs pending;
  pending.time = reader.U64();
  pending.last.subject = reader.Text();
  pending.last.number = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return pending;
}
absl::StatusOr<ActRef> ParseAuditLossKey(absl::string_view key) {
  KeyReader reader(key);
  ActRef first;
  first.subject = reader.Text();
  first.number = reader.U64();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return first;
}

}  // namespace frank::storage::schema
