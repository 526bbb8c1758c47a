// What moderators write about a case, kept under the case's key: it may repeat
// what evidence says.
#ifndef FRANK_SERVICES_MODERATION_CASE_NOTE_H_
#define FRANK_SERVICES_MODERATION_CASE_NOTE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"
#include "services/moderation/key_vault.h"
#include "storage/case_store.h"

namespace frank::moderation {

// Adds a note for whoever comes next; an empty one is none.
absl::Status AddNote(const KeyVault& vault, storage::Transaction& transaction,
                     const CaseId& case_id, const storage::NoteId& note_id,
                     absl::string_view moderator, UnixMillis now,
                     absl::string_view text);

// The text of a note. kDataLoss when it does not open.
absl::StatusOr<std::string> OpenCaseNote(const DataKey& case_key,
                                         const CaseId& case_id,
                                         const storage::StoredNote& note);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_NOTE_H_
