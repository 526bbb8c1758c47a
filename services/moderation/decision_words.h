// What moderators write about a decision, kept under the keys of its cases: it
// may repeat what evidence says.
#ifndef FRANK_SERVICES_MODERATION_DECISION_WORDS_H_
#define FRANK_SERVICES_MODERATION_DECISION_WORDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "frank/storage/v1/decision.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/moderation/key_vault.h"
#include "storage/engine.h"

namespace frank::moderation {

// By what a repeat of words about a decision is known: `digest`, SHA-256 of
// what a repeat must have in common, MACed under the key of the decision's
// first case. Empty once that key was destroyed: the words could else be
// guessed.
absl::StatusOr<std::string> FingerprintWords(
    const KeyVault& vault, storage::Transaction& transaction,
    const storage::v1::DecisionRecord& decision,
    const crypto::Sha256Digest& digest);

// Seals a rationale, or the reason of an act about a decision, once for each
// case of it: destroying a case's key leaves the others readable. An empty text
// gives nothing, a case whose key was destroyed an empty entry. `act_id` is
// empty for the rationale.
absl::Status SealWords(const KeyVault& vault, storage::Transaction& transaction,
                       const DecisionId& id,
                       const storage::v1::DecisionRecord& decision,
                       absl::string_view act_id, absl::string_view text,
                       google::protobuf::RepeatedPtrField<std::string>* sealed);

// Opens what is sealed for the case of a key; empty when nothing is. kDataLoss
// when it does not open.
absl::StatusOr<std::string> OpenWords(
    const DataKey& case_key, const CaseId& case_id, const DecisionId& id,
    const storage::v1::DecisionRecord& decision, absl::string_view act_id,
    const google::protobuf::RepeatedPtrField<std::string>& sealed);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_WORDS_H_
