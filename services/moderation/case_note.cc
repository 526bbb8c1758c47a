#include "services/moderation/case_note.h"

#include "core/status.h"

namespace frank::moderation {

absl::Status AddNote(const KeyVault& vault, storage::Transaction& transaction,
                     const CaseId& case_id, const storage::NoteId& note_id,
                     absl::string_view moderator, UnixMillis now,
                     absl::string_view text) {
  if (text.empty()) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(DataKey key, vault.CaseKey(transaction, case_id));
  storage::v1::CaseNoteRecord record;
  record.set_moderator(ToString(AsBytes(moderator)));
  record.set_written_at(now);
  FRANK_ASSIGN_OR_RETURN(
      *record.mutable_text_ciphertext(),
      key.Seal(vault.random(),
               storage::schema::CaseNoteKey(case_id, now, note_id),
               AsBytes(text)));
  storage::AddCaseNote(transaction, case_id, note_id, record);
  return absl::OkStatus();
}

absl::StatusOr<std::string> OpenCaseNote(const DataKey& case_key,
                                         const CaseId& case_id,
                                         const storage::StoredNote& note) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret text,
      case_key.Open(storage::schema::CaseNoteKey(
                        case_id, note.record.written_at(), note.id),
                    note.record.text_ciphertext()));
  return ToString(text.bytes());
}

}  // namespace frank::moderation
