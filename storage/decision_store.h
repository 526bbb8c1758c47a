// Decisions, and what they leave with an account: sanctions and strikes.
#ifndef FRANK_STORAGE_DECISION_STORE_H_
#define FRANK_STORAGE_DECISION_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/decision.pb.h"
#include "storage/engine.h"

namespace frank::storage {

struct StoredDecision {
  DecisionId id;
  v1::DecisionRecord record;
};

// One decision; the first is tracked.
absl::StatusOr<absl::optional<v1::DecisionRecord>> FindDecision(
    Transaction& transaction, const DecisionId& id);
absl::StatusOr<absl::optional<v1::DecisionRecord>> FindDecision(
    Engine& engine, const DecisionId& id);
// Adds one to the history of its cases, or replaces one.
void AddDecision(Transaction& transaction, const DecisionId& id,
                 const v1::DecisionRecord& record);
void PutDecision(Transaction& transaction, const DecisionId& id,
                 const v1::DecisionRecord& record);
// The decisions of a case, oldest first.
absl::StatusOr<std::vector<StoredDecision>> ListDecisions(Engine& engine,
                                                          const CaseId& id);

// What waits for a second person, oldest first. The row bears the time at which
// it was added.
void AddApproval(Transaction& transaction, UnixMillis proposed_at,
                 const DecisionId& id);
void DeleteApproval(Transaction& transaction, UnixMillis proposed_at,
                    const DecisionId& id);
// `after`, when not empty, is the position that an earlier page ended at.
struct ApprovalPage {
  std::vector<StoredDecision> decisions;
  std::string next;  // empty: there are no more
};
absl::StatusOr<ApprovalPage> ListApprovals(Engine& engine,
                                           absl::string_view after,
                                           size_t limit);

// The sanctions of an account; the first is tracked, additions included.
struct StoredSanction {
  DecisionId id;
  v1::SanctionRecord record;
};
absl::StatusOr<std::vector<StoredSanction>> ListSanctions(
    Transaction& transaction, absl::string_view account);
absl::StatusOr<std::vector<StoredSanction>> ListSanctions(
    Engine& engine, absl::string_view account);
void PutSanction(Transaction& transaction, absl::string_view account,
                 const DecisionId& id, const v1::SanctionRecord& record);
void DeleteSanction(Transaction& transaction, absl::string_view account,
                    const DecisionId& id);

// The strikes of an account, oldest first; as above.
struct StoredStrike {
  DecisionId id;
  UnixMillis added_at = 0;
  v1::StrikeRecord record;
};
absl::StatusOr<std::vector<StoredStrike>> ListStrikes(
    Transaction& transaction, absl::string_view account);
absl::StatusOr<std::vector<StoredStrike>> ListStrikes(
    Engine& engine, absl::string_view account);
void PutStrike(Transaction& transaction, absl::string_view account,
               const StoredStrike& strike);
void DeleteStrike(Transaction& transaction, absl::string_view account,
                  UnixMillis added_at, const DecisionId& id);

// The policies of a version that a decision has named; the first is tracked.
absl::StatusOr<absl::optional<v1::PolicyVersionRecord>> FindPolicyVersion(
    Transaction& transaction, uint32_t version);
absl::StatusOr<absl::optional<v1::PolicyVersionRecord>> FindPolicyVersion(
    Engine& engine, uint32_t version);
void PutPolicyVersion(Transaction& transaction, uint32_t version,
                      const v1::PolicyVersionRecord& record);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_DECISION_STORE_H_
