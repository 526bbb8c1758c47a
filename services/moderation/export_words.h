// A request for an evidence package: where it stands, and what people wrote
// about it, which is kept under the key of the case.
#ifndef FRANK_SERVICES_MODERATION_EXPORT_WORDS_H_
#define FRANK_SERVICES_MODERATION_EXPORT_WORDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/evidence.pb.h"
#include "frank/v1/evidence.pb.h"
#include "services/moderation/key_vault.h"

namespace frank::moderation {

// A pure function of the record and the time.
v1::ExportState StateOf(const storage::v1::ExportRecord& record,
                        UnixMillis now);

CaseId CaseOf(const storage::v1::ExportRecord& record);

absl::StatusOr<std::string> SealExportWords(
    const KeyVault& vault, const DataKey& case_key, const ExportId& id,
    const storage::v1::ExportWords& words);
// kDataLoss when they do not open.
absl::StatusOr<storage::v1::ExportWords> OpenExportWords(
    const DataKey& case_key, const ExportId& id,
    const storage::v1::ExportRecord& record);

// As moderators see it, without the words.
v1::Export ToProto(const ExportId& id, const storage::v1::ExportRecord& record,
                   UnixMillis now);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EXPORT_WORDS_H_
