// Decisions about accounts, as the accounts were told of them, and what became
// of the appeals.
#ifndef FRANK_STORAGE_ACCOUNT_DECISION_STORE_H_
#define FRANK_STORAGE_ACCOUNT_DECISION_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/appeal.pb.h"
#include "storage/engine.h"

namespace frank::storage {

// A decision about an account; the first is tracked.
absl::StatusOr<absl::optional<v1::AccountDecisionRecord>> FindAccountDecision(
    Transaction& transaction, absl::string_view account_uri,
    const DecisionId& id);
absl::StatusOr<absl::optional<v1::AccountDecisionRecord>> FindAccountDecision(
    Engine& engine, absl::string_view account_uri, const DecisionId& id);

// Stores a new one, to be forgotten limits::kAppealStatusRetention after it
// could be appealed; replaces one.
void AddAccountDecision(Transaction& transaction, absl::string_view account_uri,
                        const DecisionId& id,
                        const v1::AccountDecisionRecord& record);
void PutAccountDecision(Transaction& transaction, absl::string_view account_uri,
                        const DecisionId& id,
                        const v1::AccountDecisionRecord& record);

struct ListedDecision {
  DecisionId id;
  v1::AccountDecisionRecord record;
};
// Returns up to `limit` decisions about an account with higher ids than `after`
// (all without it), in the order of their ids.
absl::StatusOr<std::vector<ListedDecision>> ListAccountDecisions(
    Engine& engine, absl::string_view account_uri,
    const absl::optional<DecisionId>& after, size_t limit);

// An appeal on its way to the moderators. Content for the moderators alone.
struct OutgoingAppeal {
  DecisionId decision_id;
  std::string account_uri;
  std::string review_key_id;
  std::string sealed;
  UnixMillis accepted_at = 0;
};
// Notes the appeal with its decision, which has none, and adds its outbox row
// under `number`.
void AddAppealToOutbox(Transaction& transaction, uint64_t number,
                       absl::string_view fingerprint,
                       const OutgoingAppeal& appeal,
                       v1::AccountDecisionRecord decision);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_ACCOUNT_DECISION_STORE_H_
