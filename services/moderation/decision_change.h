// One run of a transaction in which something happens to a decision that is
// there: approval, refusal, withdrawal, undoing, reversal, an appeal's verdict.
#ifndef FRANK_SERVICES_MODERATION_DECISION_CHANGE_H_
#define FRANK_SERVICES_MODERATION_DECISION_CHANGE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/decision.pb.h"
#include "frank/v1/message.pb.h"
#include "services/moderation/act_log.h"
#include "services/moderation/case_state.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/engine.h"
#include "storage/referral_store.h"

namespace frank::moderation {

// What a moderator does about a decision. The client's id of the act makes a
// repeat one act; it also names what the account and reporters are told of it.
struct ChangeInput {
  v1::DecisionEventKind kind = v1::DECISION_EVENT_KIND_UNSPECIFIED;
  DecisionId act_id;
  Moderator moderator;
  std::string reason;
  // SHA-256 of all that a repeat must have in common.
  crypto::Sha256Digest digest;
  // Of this run of the transaction.
  UnixMillis now = 0;
  // APPROVED: what the caller was shown of each case, if that was said.
  std::vector<uint64_t> seen_revisions;
  // APPROVED: when the effects are due.
  UnixMillis effects_due_at = 0;
  // UNDONE, WITHDRAWN: how long the cases are the moderator's again.
  UnixMillis lease_time = 0;
};
// All but the times.
ChangeInput MakeChangeInput(v1::DecisionEventKind kind,
                            const Moderator& moderator,
                            const std::string& act_id,
                            const std::string& reason);

// The answer to each of them.
struct ChangedDecision {
  v1::Decision decision;
  // The cases that the act gave back, if it did.
  std::vector<v1::HeldCase> held;
  std::string act_hash;
};

class DecisionChange {
 public:
  struct Context {
    const KeyVault& vault;
    storage::Engine& engine;
    storage::Transaction& transaction;
  };
  DecisionChange(const Context& context, const ChangeInput& input);

  // Does what the input says to the decision. kNotFound; kFailedPrecondition
  // DECISION_STATE, CASE_STATE, CASE_DECIDED, NEW_EVIDENCE, UNDO_TOO_LATE;
  // kPermissionDenied SECOND_PERSON, NOT_PERMITTED; kAlreadyExists ID_CONFLICT.
  absl::StatusOr<ChangedDecision> Run(const DecisionId& id);
  // Decides the appeal that a case holds. As above; kAborted LEASE_LOST,
  // kPermissionDenied EXCLUDED.
  absl::StatusOr<ChangedDecision> RunOnAppeal(const CaseId& case_id,
                                              uint64_t epoch);

 private:
  absl::Status Load(const DecisionId& id);
  // Whether this act was done before.
  absl::StatusOr<bool> IsRepeat();
  absl::Status LoadCases();
  absl::Status Apply();
  absl::Status Approve();
  // What joined the cases while they waited is not decided unseen.
  absl::Status CheckSeen() const;
  absl::Status Refuse();
  absl::Status Withdraw();
  absl::Status Undo();
  absl::Status Reverse();
  absl::Status NoteReversed();
  // The cases of the decision beside the one that holds the appeal.
  absl::Status LoadSiblings(const CaseId& appealed);
  // Their time begins anew as that one's does.
  absl::Status CloseSiblingsAnew();
  absl::Status CheckState(v1::DecisionState needed,
                          absl::string_view rule) const;
  absl::Status CheckSecondPerson() const;
  // Moves the cases; with a holder they are theirs again.
  absl::Status MoveCases(CaseEvent event, const std::string& holder);
  // What an event says about how long the case is kept.
  void NoteClosing(CaseEvent event, storage::v1::CaseRecord* record) const;
  absl::Status TakeBackEffects();
  bool IsHandedOver() const;
  // Unless it was handed over.
  void WithdrawReferral();
  absl::Status Resolve(v1::AppealOutcome outcome);
  absl::Status Record();
  absl::StatusOr<ChangedDecision> Answer() const;

  const Context context_;
  const ChangeInput& input_;
  ActLog acts_;
  DecisionId id_;
  storage::v1::DecisionRecord decision_;
  // Its referral as it was, if it refers, and as this leaves it, if it does.
  absl::optional<storage::v1::ReferralRecord> referral_;
  absl::optional<storage::v1::ReferralRecord> withdrawn_;
  std::vector<storage::StoredCase> cases_;
  storage::v1::DecisionEventRecord event_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_CHANGE_H_
