// The keys of requests for evidence packages in frank-moderation's store; part
// of moderation_schema.h, where the notation is explained. Prefixes 0xE8 to
// 0xEB are this file's.
//
//   0xE8 export[16]                                    ExportRecord
//   0xE9 ~u64(requested) export[16]                    all, newest first
//   0xEA case[16] ~u64(requested) export[16]           those of a case
#ifndef FRANK_STORAGE_EVIDENCE_PACKAGE_SCHEMA_H_
#define FRANK_STORAGE_EVIDENCE_PACKAGE_SCHEMA_H_

#include <string>

#include "storage/moderation_schema.h"

namespace frank::storage::schema {

std::string ExportKey(const ExportId& id);
std::string ExportPlaceKey(UnixMillis requested_at, const ExportId& id);
KeyRange ExportPlaces();
std::string CaseExportKey(const CaseId& case_id, UnixMillis requested_at,
                          const ExportId& id);
KeyRange CaseExports(const CaseId& case_id);
// The last 16 bytes of a key of either list. kDataLoss on a shorter one.
absl::StatusOr<ExportId> TrailingExportId(absl::string_view key);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_EVIDENCE_PACKAGE_SCHEMA_H_
