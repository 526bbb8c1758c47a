// Requests for evidence packages, by id, by time and by case.
#ifndef FRANK_STORAGE_EVIDENCE_PACKAGE_STORE_H_
#define FRANK_STORAGE_EVIDENCE_PACKAGE_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "frank/storage/v1/evidence.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

struct StoredExport {
  ExportId id;
  v1::ExportRecord record;
};

// One request; the first is tracked.
absl::StatusOr<absl::optional<v1::ExportRecord>> FindExport(
    Transaction& transaction, const ExportId& id);
absl::StatusOr<absl::optional<v1::ExportRecord>> FindExport(Engine& engine,
                                                            const ExportId& id);
// Adds one to the lists, or replaces the record of one that is in them.
void AddExport(Transaction& transaction, const ExportId& id,
               const v1::ExportRecord& record);
void PutExport(Transaction& transaction, const ExportId& id,
               const v1::ExportRecord& record);

// Up to `limit`, newest first, of all cases or of one; untracked. `after`, when
// not empty, is the position that an earlier page ended at: kInvalidArgument
// "page_token" on another.
struct ExportPage {
  std::vector<StoredExport> exports;
  std::string next;  // empty: there are no more
};
absl::StatusOr<ExportPage> ListExports(Engine& engine,
                                       const absl::optional<CaseId>& case_id,
                                       absl::string_view after, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_EVIDENCE_PACKAGE_STORE_H_
