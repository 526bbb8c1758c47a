// The reporter's words, as they are kept: under the report's data key.
#ifndef FRANK_SERVICES_MODERATION_REPORT_NOTE_H_
#define FRANK_SERVICES_MODERATION_REPORT_NOTE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/moderation/key_vault.h"

namespace frank::moderation {

absl::StatusOr<std::string> SealNote(RandomSource& random, const DataKey& key,
                                     const storage::ReportRef& report,
                                     absl::string_view note);
// kDataLoss when it does not open.
absl::StatusOr<std::string> OpenNote(const DataKey& key,
                                     const storage::ReportRef& report,
                                     absl::string_view ciphertext);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_REPORT_NOTE_H_
