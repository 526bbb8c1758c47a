// Wrapped keys: all that makes a report or a piece of evidence readable. They
// lie under a prefix of their own, so that deleting one and purging the prefix
// shreds what it opened.
#ifndef FRANK_STORAGE_WRAPPED_KEY_STORE_H_
#define FRANK_STORAGE_WRAPPED_KEY_STORE_H_

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

using FoundWrap = absl::StatusOr<absl::optional<v1::WrappedKeyRecord>>;

// The key of a case, wrapped by the master key; the first is tracked.
FoundWrap FindCaseKey(Transaction& transaction, const CaseId& id);
FoundWrap FindCaseKey(Engine& engine, const CaseId& id);
void PutCaseKey(Transaction& transaction, const CaseId& id,
                const v1::WrappedKeyRecord& wrap);

// The data key of a piece of evidence, for one of the cases that hold it.
FoundWrap FindEvidenceKey(Transaction& transaction, const EvidenceId& id,
                          const CaseId& holder);
FoundWrap FindEvidenceKey(Engine& engine, const EvidenceId& id,
                          const CaseId& holder);
void PutEvidenceKey(Transaction& transaction, const EvidenceId& id,
                    const CaseId& holder, const v1::WrappedKeyRecord& wrap);

// The data key of a report, wrapped by the master key or by that of its case.
FoundWrap FindReportDataKey(Engine& engine, const ReportRef& report);
void PutReportDataKey(Transaction& transaction, const ReportRef& report,
                      const v1::WrappedKeyRecord& wrap);

// Each deletes one. What it opened is lost for good only when the keys have
// been purged from the medium as well: then no file of the store has it.
// Returns when that is done.
void DeleteCaseKey(Transaction& transaction, const CaseId& id);
void DeleteEvidenceKey(Transaction& transaction, const EvidenceId& id,
                       const CaseId& holder);
void DeleteReportDataKey(Transaction& transaction, const ReportRef& report);
absl::Status PurgeDeletedKeys(Engine& engine);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_WRAPPED_KEY_STORE_H_
