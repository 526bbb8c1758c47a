#include "storage/target_schema.h"

#include "core/status.h"
#include "storage/key.h"
#include "storage/moderation_schema.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
enum Table : uint8_t {
  kTargetEvent = 0xF1,
  kTargetDay = 0xF2,
};

}  // namespace

std::string TargetEventKey(UnixMillis time, const CaseId& case_id,
                           uint32_t kind, ByteSpan id) {
  return Key(kTargetEvent)
      .U8(BucketOf(case_id.bytes()))
      .U64(time)
      .Raw(case_id.bytes())
      .U8(static_cast<uint8_t>(kind))
      .Raw(id)
      .Take();
}
KeyRange TargetEvents(uint8_t bucket) {
  return Key(kTargetEvent).U8(bucket).Range();
}

std::string TargetDayKey(const TargetDay& day) {
  return Key(kTargetDay).U32(day.day).Text(day.queue).Text(day.reason).Take();
}
KeyRange TargetDays(uint32_t first, uint32_t end) {
  return {Key(kTargetDay).U32(first).Take(), Key(kTargetDay).U32(end).Take()};
}
absl::StatusOr<TargetDay> ParseTargetDay(absl::string_view key) {
  KeyReader reader(key);
  TargetDay day;
  ByteSpan number = reader.Raw(4);
  if (number.size() == 4) {
    for (uint8_t byte : number) day.day = day.day << 8 | byte;
  }
  day.queue = reader.Text();
  day.reason = reader.Text();
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return day;
}

}  // namespace frank::storage::schema
