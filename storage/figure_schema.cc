#include "storage/figure_schema.h"

#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
constexpr uint8_t kFigure = 0xF3;
constexpr uint8_t kAge = 'A';
constexpr uint8_t kCount = 'C';
constexpr uint8_t kFirst = 'O';

}  // namespace

std::string CaseAgeKey(absl::string_view queue, UnixMillis opened_at,
                       const CaseId& id) {
  return Key(kFigure)
      .U8(kAge)
      .Text(queue)
      .U64(opened_at)
      .Raw(id.bytes())
      .Take();
}
KeyRange CaseAges(absl::string_view queue, UnixMillis from) {
  Key prefix = Key(kFigure).U8(kAge).Text(queue);
  KeyRange range = prefix.Range();
  range.begin = prefix.U64(from).Take();
  return range;
}
absl::StatusOr<UnixMillis> ParseCaseAge(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(1);
  reader.Text();
  UnixMillis opened_at = reader.U64();
  reader.Raw(CaseId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return opened_at;
}

std::string QueueCountKey(uint8_t bucket) {
  return Key(kFigure).U8(kCount).U8(bucket).Take();
}
KeyRange QueueCounts() { return Key(kFigure).U8(kCount).Range(); }
std::string QueueFirstKey() { return Key(kFigure).U8(kFirst).Take(); }

}  // namespace frank::storage::schema
