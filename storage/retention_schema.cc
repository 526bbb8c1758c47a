#include "storage/retention_schema.h"

#include "core/status.h"
#include "storage/key.h"

namespace frank::storage::schema {
namespace {

// Table prefixes: on disk, never renumbered.
constexpr uint8_t kClosedCase = 0xEC;
constexpr uint8_t kShreddingCase = 0xED;
constexpr uint8_t kLegalHold = 0xEE;

}  // namespace

std::string ClosedCaseKey(uint8_t retention_class, UnixMillis runs_from,
                          const CaseId& id) {
  return Key(kClosedCase)
      .U8(retention_class)
      .U8(BucketOf(id.bytes()))
      .U64(runs_from)
      .Raw(id.bytes())
      .Take();
}

KeyRange ClosedCases(uint8_t retention_class, uint8_t bucket, UnixMillis from,
                     UnixMillis until) {
  KeyRange range = Key(kClosedCase).U8(retention_class).U8(bucket).Range();
  range.begin =
      Key(kClosedCase).U8(retention_class).U8(bucket).U64(from).Take();
  if (until != UINT64_MAX) {
    // Fixed-width times: the first key behind `until`.
    range.end =
        Key(kClosedCase).U8(retention_class).U8(bucket).U64(until + 1).Take();
  }
  return range;
}

absl::StatusOr<UnixMillis> ParseRunsFrom(absl::string_view key) {
  KeyReader reader(key);
  reader.Raw(2);
  UnixMillis runs_from = reader.U64();
  reader.Raw(CaseId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return runs_from;
}

std::string ShreddingCaseKey(const CaseId& id) {
  return Key(kShreddingCase).Raw(id.bytes()).Take();
}
KeyRange ShreddingCases() { return Key(kShreddingCase).Range(); }

std::string LegalHoldKey(UnixMillis placed_at, const CaseId& id,
                         const LegalHoldId& hold) {
  return Key(kLegalHold)
      .U64(placed_at)
      .Raw(id.bytes())
      .Raw(hold.bytes())
      .Take();
}
KeyRange LegalHolds() { return Key(kLegalHold).Range(); }

absl::StatusOr<LegalHoldRow> ParseLegalHold(absl::string_view key) {
  KeyReader reader(key);
  reader.U64();
  ByteSpan case_id = reader.Raw(CaseId::kSize);
  ByteSpan hold = reader.Raw(LegalHoldId::kSize);
  FRANK_RETURN_IF_ERROR(reader.Finish());
  return LegalHoldRow{CaseId(ToArray<CaseId::kSize>(case_id)),
                      LegalHoldId(ToArray<LegalHoldId::kSize>(hold))};
}

}  // namespace frank::storage::schema
