// How long cases are kept: the class of a case, and where those are found whose
// time runs, that are being shredded, that are under a legal hold. The rows
// follow from the case's record alone and are moved by PutCase, so a change of
// the configured times moves none.
#ifndef FRANK_STORAGE_RETENTION_STORE_H_
#define FRANK_STORAGE_RETENTION_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/retention_schema.h"

namespace frank::storage {

// Why a case is kept; on disk, never renumbered. frank.v1.RetentionClass by
// number.
enum class RetentionClass : uint8_t {
  kUnproven = 1,
  kProven = 2,
  kDecided = 3,
  kReferred = 4,
  kDeletion = 5,
};
inline constexpr RetentionClass kRetentionClasses[] = {
    RetentionClass::kUnproven, RetentionClass::kProven,
    RetentionClass::kDecided, RetentionClass::kReferred,
    RetentionClass::kDeletion};

// A referral keeps what else would be deleted: the law that asks for it
// overrides erasure.
RetentionClass RetentionClassOf(const v1::CaseRecord& record);

// Whether it is closed, and nothing keeps it but its class.
bool TimeRuns(const v1::CaseRecord& record);

// From when it does: from its closing, and of what was referred not before it
// was handed over.
UnixMillis TimeRunsFrom(const v1::CaseRecord& record);

// The rows of a case in these indexes. For MoveCaseRows alone.
std::vector<std::string> RetentionRowsOf(const CaseId& id,
                                         const v1::CaseRecord& record);

// Closed cases whose time runs, by from when it does, then by id.
struct ClosedCase {
  UnixMillis runs_from = 0;
  CaseId id;
};
// Of a class and bucket the first `limit` whose time runs from `until` or
// before, from `from` on, that one excluded; untracked.
absl::StatusOr<std::vector<ClosedCase>> ScanClosedCases(
    Engine& engine, RetentionClass retention_class, uint8_t bucket,
    const absl::optional<ClosedCase>& from, UnixMillis until, size_t limit);

// The first `limit` cases that are being shredded; untracked.
absl::StatusOr<std::vector<CaseId>> ScanShreddingCases(Engine& engine,
                                                       size_t limit);

// Legal holds, oldest first, behind `after`, a position or empty; untracked.
struct StoredLegalHold {
  schema::LegalHoldRow row;
  std::string position;
};
absl::StatusOr<std::vector<StoredLegalHold>> ScanLegalHolds(
    Engine& engine, absl::string_view after, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_RETENTION_STORE_H_
