#include "services/moderation/decision_words.h"

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {
namespace {

std::string PlaceOf(const DecisionId& id, absl::string_view act_id) {
  return absl::StrCat(act_id.empty() ? "rationale" : "reason",
                      storage::schema::DecisionKey(id), act_id);
}

}  // namespace

absl::StatusOr<std::string> FingerprintWords(
    const KeyVault& vault, storage::Transaction& transaction,
    const storage::v1::DecisionRecord& decision,
    const crypto::Sha256Digest& digest) {
  FRANK_ASSIGN_OR_RETURN(CaseId first,
                         CaseId::Parse("case_id", decision.case_id(0)));
  FRANK_ASSIGN_OR_RETURN(auto key, vault.FindCaseKey(transaction, first));
  if (!key) return std::string();
  return ToString(key->Mac("frank fingerprint of a decision", digest));
}

absl::Status SealWords(
    const KeyVault& vault, storage::Transaction& transaction,
    const DecisionId& id, const storage::v1::DecisionRecord& decision,
    absl::string_view act_id, absl::string_view text,
    google::protobuf::RepeatedPtrField<std::string>* sealed) {
  if (text.empty()) return absl::OkStatus();
  for (const std::string& bytes : decision.case_id()) {
    FRANK_ASSIGN_OR_RETURN(CaseId case_id, CaseId::Parse("case_id", bytes));
    FRANK_ASSIGN_OR_RETURN(auto key, vault.FindCaseKey(transaction, case_id));
    std::string* entry = sealed->Add();
    if (!key) continue;
    FRANK_ASSIGN_OR_RETURN(
        *entry, key->Seal(vault.random(), PlaceOf(id, act_id), AsBytes(text)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> OpenWords(
    const DataKey& case_key, const CaseId& case_id, const DecisionId& id,
    const storage::v1::DecisionRecord& decision, absl::string_view act_id,
    const google::protobuf::RepeatedPtrField<std::string>& sealed) {
  for (int i = 0; i < sealed.size() && i < decision.case_id_size(); ++i) {
    if (decision.case_id(i) != case_id.text() || sealed[i].empty()) continue;
    FRANK_ASSIGN_OR_RETURN(crypto::Secret text,
                           case_key.Open(PlaceOf(id, act_id), sealed[i]));
    return ToString(text.bytes());
  }
  return std::string();
}

}  // namespace frank::moderation
