// One run of the transaction that decides cases, or proposes to.
#ifndef FRANK_SERVICES_MODERATION_CASE_DECISION_H_
#define FRANK_SERVICES_MODERATION_CASE_DECISION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "frank/v1/decision.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_state.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/policy_book.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// What a moderator decided, by the request and the program.
struct DecisionInput {
  DecisionId id;
  Moderator moderator;
  v1::DecideCaseRequest request;
  // SHA-256 of all that a repeat must have in common.
  crypto::Sha256Digest digest;
  // Of this run of the transaction.
  UnixMillis now = 0;
  UnixMillis effects_due_at = 0;
};
// All but the times.
DecisionInput MakeDecisionInput(const Moderator& moderator,
                                const v1::DecideCaseRequest& request);

class CaseDecision {
 public:
  // All outlive it. `engine` is read for the reports of the cases; who adds one
  // writes the case, which the transaction tracks.
  struct Context {
    const KeyVault& vault;
    const PolicyBook& policies;
    storage::Engine& engine;
    storage::Transaction& transaction;
  };
  CaseDecision(const Context& context, const DecisionInput& input);

  absl::StatusOr<v1::DecideCaseResponse> Run();

 private:
  absl::StatusOr<v1::DecideCaseResponse> Repeat(
      const storage::v1::DecisionRecord& first) const;
  absl::StatusOr<v1::DecideCaseResponse> Answer(
      const storage::v1::DecisionRecord& record) const;
  absl::Status LoadCases();
  // Whether all can be decided in one transaction.
  absl::Status CheckSize() const;
  absl::Status CheckActions() const;
  // Fills in the decision by policy, reason and strikes.
  absl::Status Describe();
  absl::Status AddStrike(const storage::v1::PolicyRecord& policy);
  absl::Status CloseCases(CaseEvent event);
  absl::Status Add();
  absl::Status Record();

  const Context context_;
  const DecisionInput& input_;
  ActLog acts_;
  std::vector<storage::StoredCase> cases_;
  storage::v1::DecisionRecord decision_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_DECISION_H_
