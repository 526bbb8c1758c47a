// One run of the transaction that decides a case.
#ifndef FRANK_SERVICES_MODERATION_CASE_DECISION_H_
#define FRANK_SERVICES_MODERATION_CASE_DECISION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/key_vault.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// What a moderator decided, by the request and the program.
struct DecisionInput {
  CaseId case_id;
  DecisionId decision_id;
  std::string moderator;
  v1::DecideCaseRequest request;
  // SHA-256 of all that a repeat must have in common.
  std::string fingerprint;
  UnixMillis now = 0;
  UnixMillis effects_due_at = 0;
};
DecisionInput MakeDecisionInput(const std::string& moderator,
                                const v1::DecideCaseRequest& request,
                                UnixMillis now, UnixMillis undo_window);

class CaseDecision {
 public:
  // All outlive it. `engine` is read for the reports of the case; who adds one
  // writes the case, which the transaction tracks.
  CaseDecision(const KeyVault& vault, storage::Engine& engine,
               storage::Transaction& transaction, const DecisionInput& input);

  absl::StatusOr<v1::DecideCaseResponse> Run();

 private:
  absl::StatusOr<v1::DecideCaseResponse> Repeat(
      const storage::v1::DecisionRecord& first);
  absl::Status CheckActions() const;
  absl::Status CloseCase();
  // Sets the account's state and returns it, or no number if it is unchanged.
  absl::StatusOr<storage::v1::AccountStateRecord> ChangeAccount();
  absl::Status AddEffects(const storage::v1::AccountStateRecord& state);
  absl::Status AddDecision();
  v1::ReportOutcome OutcomeFor(bool proves) const;

  const KeyVault& vault_;
  storage::Engine& engine_;
  storage::Transaction& transaction_;
  const DecisionInput& input_;
  ActLog acts_;
  storage::v1::CaseRecord case_;
  storage::v1::DecisionRecord decision_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_DECISION_H_
