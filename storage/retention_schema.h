// The keys of retention: part of moderation_schema.h, whose conventions hold.
//
//   0xEC class bucket u64(runs from) case[16]          closed, its time runs
//   0xED case[16]                                      being shredded
//   0xEE u64(placed) case[16] hold[16]                 legal holds
//
// Of the others so few exist at a time, placed by people, that they need no
// bucket.
#ifndef FRANK_STORAGE_RETENTION_SCHEMA_H_
#define FRANK_STORAGE_RETENTION_SCHEMA_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// A legal hold, under the id that the client chose.
using LegalHoldId = Id<struct LegalHoldIdTag, 16>;

namespace schema {

std::string ClosedCaseKey(uint8_t retention_class, UnixMillis runs_from,
                          const CaseId& id);
// The cases of a class and bucket whose time runs from `from` until `until`,
// that one included.
KeyRange ClosedCases(uint8_t retention_class, uint8_t bucket, UnixMillis from,
                     UnixMillis until);
// From when the time of such a key's case runs. kDataLoss on another shape.
absl::StatusOr<UnixMillis> ParseRunsFrom(absl::string_view key);

std::string ShreddingCaseKey(const CaseId& id);
KeyRange ShreddingCases();

std::string LegalHoldKey(UnixMillis placed_at, const CaseId& id,
                         const LegalHoldId& hold);
KeyRange LegalHolds();
struct LegalHoldRow {
  CaseId case_id;
  LegalHoldId hold;
};
// kDataLoss on another shape.
absl::StatusOr<LegalHoldRow> ParseLegalHold(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_RETENTION_SCHEMA_H_
