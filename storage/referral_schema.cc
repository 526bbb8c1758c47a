#include "storage/referral_schema.h"

#include "core/bytes.h"
#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kReferral = 0xD3,
  kReferralPlace = 0xF4,
};

}  // namespace

std::string ReferralKey(const DecisionId& id) {
  return Key(kReferral).Raw(id.bytes()).Take();
}
std::string ReferralPlaceKey(uint8_t list, UnixMillis decided_at,
                             const DecisionId& id) {
  return Key(kReferralPlace).U8(list).U64(decided_at).Raw(id.bytes()).Take();
}
KeyRange ReferralPlaces(uint8_t list) {
  return Key(kReferralPlace).U8(list).Range();
}

absl::StatusOr<DecisionId> ParseReferralPlace(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1 + sizeof(UnixMillis));
  ByteSpan id = reader.Raw(DecisionId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return DecisionId(ToArray<DecisionId::kSize>(id));
}

}  // namespace frank::storage::schema
