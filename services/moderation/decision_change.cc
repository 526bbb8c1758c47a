#include "services/moderation/decision_change.h"

#include <utility>

#include "absl/types/optional.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "services/moderation/appeals.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/decision_force.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/decision_words.h"
#include "services/moderation/target_events.h"

namespace frank::moderation {
namespace {

absl::string_view ActOf(v1::DecisionEventKind kind) {
  switch (kind) {
    case v1::DECISION_EVENT_KIND_APPROVED:
      return "decision.approved";
    case v1::DECISION_EVENT_KIND_REFUSED:
      return "decision.refused";
    case v1::DECISION_EVENT_KIND_WITHDRAWN:
      return "decision.withdrawn";
    case v1::DECISION_EVENT_KIND_UNDONE:
      return "decision.undone";
    case v1::DECISION_EVENT_KIND_REVERSED:
      return "decision.reversed";
    case v1::DECISION_EVENT_KIND_APPEAL_UPHELD:
      return "decision.upheld";
    case v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED:
      return "decision.overturned";
    default:
      Die("an act about a decision without a name");
  }
}

// What an act means for the targets, if anything; an approval is a decision.
absl::optional<storage::TargetEvent> TargetEventOf(v1::DecisionEventKind kind) {
  switch (kind) {
    case v1::DECISION_EVENT_KIND_UNDONE:
      return storage::TargetEvent::kUndone;
    case v1::DECISION_EVENT_KIND_REVERSED:
      return storage::TargetEvent::kReversed;
    case v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED:
      return storage::TargetEvent::kOverturned;
    case v1::DECISION_EVENT_KIND_APPEAL_UPHELD:
      return storage::TargetEvent::kUpheld;
    default:
      return absl::nullopt;
  }
}

absl::Status BadState(absl::string_view rule) {
  return WithReason(absl::FailedPreconditionError(rule), "DECISION_STATE");
}

absl::Status NotPermitted(absl::string_view rule, absl::string_view reason) {
  return WithReason(absl::PermissionDeniedError(rule), reason);
}

bool IsSenior(const Moderator& moderator) {
  return moderator.roles.count(Role::kSenior) > 0;
}

bool Approved(const storage::v1::DecisionRecord& decision,
              const std::string& moderator) {
  for (const auto& event : decision.event()) {
    if (event.kind() == v1::DECISION_EVENT_KIND_APPROVED &&
        event.moderator() == moderator) {
      return true;
    }
  }
  return false;
}

absl::Status IdConflict() {
  return WithReason(absl::AlreadyExistsError("this act id has other content"),
                    "ID_CONFLICT");
}

}  // namespace

ChangeInput MakeChangeInput(v1::DecisionEventKind kind,
                            const Moderator& moderator,
                            const std::string& act_id,
                            const std::string& reason) {
  ChangeInput input;
  input.kind = kind;
  input.act_id = DecisionId(ToArray<DecisionId::kSize>(AsBytes(act_id)));
  input.moderator = moderator;
  input.reason = reason;
  crypto::Encoder encoder;
  encoder.U32(static_cast<uint32_t>(kind)).Vec(moderator.id).Vec(reason);
  input.digest = crypto::Sha256({encoder.bytes()});
  return input;
}

DecisionChange::DecisionChange(const Context& context, const ChangeInput& input)
    : context_(context), input_(input), acts_(context.transaction, input.now) {}

absl::StatusOr<ChangedDecision> DecisionChange::Run(const DecisionId& id) {
  FRANK_RETURN_IF_ERROR(Load(id));
  absl::Status cases = LoadCases();
  // Once more behind the cases: what somebody else did about the decision in
  // between moved them as well, and is what the caller must be told.
  FRANK_RETURN_IF_ERROR(Load(id));
  FRANK_ASSIGN_OR_RETURN(bool repeat, IsRepeat());
  if (repeat) return Answer();
  FRANK_RETURN_IF_ERROR(cases);
  FRANK_RETURN_IF_ERROR(Apply());
  FRANK_RETURN_IF_ERROR(Record());
  return Answer();
}

absl::StatusOr<ChangedDecision> DecisionChange::RunOnAppeal(
    const CaseId& case_id, uint64_t epoch) {
  FRANK_ASSIGN_OR_RETURN(auto appealed, GetCase(context_.transaction, case_id));
  if (appealed.appealed_decision_id().empty()) {
    return WithReason(absl::FailedPreconditionError("nobody has appealed"),
                      "CASE_STATE");
  }
  FRANK_ASSIGN_OR_RETURN(DecisionId id,
                         DecisionId::Parse("appealed_decision_id",
                                           appealed.appealed_decision_id()));
  FRANK_RETURN_IF_ERROR(Load(id));
  FRANK_ASSIGN_OR_RETURN(bool repeat, IsRepeat());
  if (repeat) return Answer();
  FRANK_RETURN_IF_ERROR(
      CheckHeld(appealed, input_.moderator.id, epoch, CaseEvent::kDecide));
  FRANK_RETURN_IF_ERROR(
      CheckAccess(context_.transaction, input_.moderator, appealed));
  if (IsExcluded(appealed, input_.moderator.id)) {
    return NotPermitted("the caller had a part in what is appealed against",
                        "EXCLUDED");
  }
  cases_.push_back({case_id, std::move(appealed)});
  FRANK_RETURN_IF_ERROR(MoveCases(CaseEvent::kDecide, ""));
  if (input_.kind == v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED) {
    FRANK_RETURN_IF_ERROR(LoadSiblings(case_id));
    FRANK_RETURN_IF_ERROR(CloseSiblingsAnew());
  }
  FRANK_RETURN_IF_ERROR(Apply());
  FRANK_RETURN_IF_ERROR(Record());
  return Answer();
}

// Nothing of them is shown, so it takes no access to them.
absl::Status DecisionChange::LoadSiblings(const CaseId& appealed) {
  for (const std::string& bytes : decision_.case_id()) {
    storage::StoredCase stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, CaseId::Parse("case_id", bytes));
    if (stored.id == appealed) continue;
    FRANK_ASSIGN_OR_RETURN(stored.record,
                           GetCase(context_.transaction, stored.id));
    cases_.push_back(std::move(stored));
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::CloseSiblingsAnew() {
  for (size_t i = 1; i < cases_.size(); ++i) {
    storage::StoredCase& stored = cases_[i];
    if (storage::IsErased(stored.record.state())) continue;
    storage::v1::CaseRecord after = stored.record;
    NoteAppealDecided(/*overturned=*/true, input_.now, &after);
    FRANK_RETURN_IF_ERROR(storage::PutCase(context_.transaction, stored.id,
                                           &stored.record, &after));
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::Load(const DecisionId& id) {
  id_ = id;
  FRANK_ASSIGN_OR_RETURN(auto found,
                         storage::FindDecision(context_.transaction, id));
  if (!found) {
    return WithReason(absl::NotFoundError("no such decision"), "NOT_FOUND");
  }
  decision_ = *std::move(found);
  FRANK_ASSIGN_OR_RETURN(referral_,
                         storage::FindReferral(context_.transaction, id));
  FRANK_ASSIGN_OR_RETURN(*event_.mutable_fingerprint(),
                         FingerprintWords(context_.vault, context_.transaction,
                                          decision_, input_.digest));
  return absl::OkStatus();
}

absl::StatusOr<bool> DecisionChange::IsRepeat() {
  for (const auto& event : decision_.event()) {
    if (event.act_id() != input_.act_id.text()) continue;
    if (event.kind() != static_cast<uint32_t>(input_.kind) ||
        event.fingerprint() != event_.fingerprint()) {
      return IdConflict();
    }
    event_ = event;
    return true;
  }
  // What is told of the act is keyed by its id, as what is told of decisions.
  FRANK_ASSIGN_OR_RETURN(
      auto other, storage::FindDecision(context_.transaction, input_.act_id));
  if (other) return IdConflict();
  return false;
}

absl::Status DecisionChange::LoadCases() {
  for (const std::string& bytes : decision_.case_id()) {
    storage::StoredCase stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, CaseId::Parse("case_id", bytes));
    FRANK_ASSIGN_OR_RETURN(stored.record,
                           GetCase(context_.transaction, stored.id));
    FRANK_RETURN_IF_ERROR(
        CheckAccess(context_.transaction, input_.moderator, stored.record));
    cases_.push_back(std::move(stored));
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::Apply() {
  switch (input_.kind) {
    case v1::DECISION_EVENT_KIND_APPROVED:
      return Approve();
    case v1::DECISION_EVENT_KIND_REFUSED:
      return Refuse();
    case v1::DECISION_EVENT_KIND_WITHDRAWN:
      return Withdraw();
    case v1::DECISION_EVENT_KIND_UNDONE:
      return Undo();
    case v1::DECISION_EVENT_KIND_REVERSED:
      return Reverse();
    case v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED:
      FRANK_RETURN_IF_ERROR(Resolve(v1::APPEAL_OUTCOME_GRANTED));
      return TakeBackEffects();
    default:
      return Resolve(v1::APPEAL_OUTCOME_REJECTED);
  }
}

absl::Status DecisionChange::CheckState(v1::DecisionState needed,
                                        absl::string_view rule) const {
  if (decision_.state() == static_cast<uint32_t>(needed)) {
    return absl::OkStatus();
  }
  return BadState(rule);
}

absl::Status DecisionChange::CheckSecondPerson() const {
  FRANK_RETURN_IF_ERROR(
      CheckState(v1::DECISION_STATE_PROPOSED, "the decision is not proposed"));
  if (decision_.moderator() == input_.moderator.id) {
    return NotPermitted("it takes somebody else than who proposed it",
                        "SECOND_PERSON");
  }
  if (!IsSenior(input_.moderator)) {
    return NotPermitted("it takes a senior", "NOT_PERMITTED");
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::CheckSeen() const {
  const auto& seen = input_.seen_revisions;
  const bool deletes =
      Has(ActionsOf(decision_), v1::ACTION_KIND_DELETE_EVIDENCE);
  if (seen.empty() && !deletes) return absl::OkStatus();
  if (seen.size() != cases_.size()) {
    return FieldError("seen_revision", "must be one for each case");
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == 0 && deletes) {
      return FieldError("seen_revision",
                        "must not be 0 where evidence is to be deleted");
    }
    FRANK_RETURN_IF_ERROR(CheckNothingNew(cases_[i].record, seen[i]));
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::Approve() {
  FRANK_RETURN_IF_ERROR(CheckSecondPerson());
  FRANK_RETURN_IF_ERROR(CheckSeen());
  FRANK_RETURN_IF_ERROR(MoveCases(CaseEvent::kApprove, ""));
  storage::DeleteApproval(context_.transaction, decision_.decided_at(), id_);
  FRANK_RETURN_IF_ERROR(
      PutInForce({context_.engine, context_.transaction, input_.now}, id_,
                 input_.effects_due_at, &decision_));
  NoteDecided(context_.transaction, id_, cases_, &decision_);
  return absl::OkStatus();
}

absl::Status DecisionChange::Refuse() {
  FRANK_RETURN_IF_ERROR(CheckSecondPerson());
  FRANK_RETURN_IF_ERROR(MoveCases(CaseEvent::kRefuse, ""));
  storage::DeleteApproval(context_.transaction, decision_.decided_at(), id_);
  decision_.set_state(v1::DECISION_STATE_REFUSED);
  return absl::OkStatus();
}

absl::Status DecisionChange::Withdraw() {
  FRANK_RETURN_IF_ERROR(
      CheckState(v1::DECISION_STATE_PROPOSED, "the decision is not proposed"));
  if (decision_.moderator() != input_.moderator.id) {
    return NotPermitted("only who proposed it withdraws it", "NOT_PERMITTED");
  }
  FRANK_RETURN_IF_ERROR(MoveCases(CaseEvent::kRefuse, decision_.moderator()));
  storage::DeleteApproval(context_.transaction, decision_.decided_at(), id_);
  decision_.set_state(v1::DECISION_STATE_WITHDRAWN);
  return absl::OkStatus();
}

absl::Status DecisionChange::Undo() {
  FRANK_RETURN_IF_ERROR(
      CheckState(v1::DECISION_STATE_MADE, "the decision does not hold"));
  if (decision_.moderator() != input_.moderator.id &&
      !Approved(decision_, input_.moderator.id) &&
      !IsSenior(input_.moderator)) {
    return NotPermitted("only who decided or a senior undoes it",
                        "NOT_PERMITTED");
  }
  FRANK_ASSIGN_OR_RETURN(bool wait,
                         EffectsWait(context_.transaction, id_, decision_));
  if (!wait || IsHandedOver()) {
    return WithReason(
        absl::FailedPreconditionError(
            "too late: effects are on their way; reverse the decision instead"),
        "UNDO_TOO_LATE");
  }
  FRANK_RETURN_IF_ERROR(MoveCases(CaseEvent::kUndo, decision_.moderator()));
  FRANK_RETURN_IF_ERROR(RemoveFromForce(context_.transaction, id_, decision_));
  WithdrawReferral();
  decision_.set_state(v1::DECISION_STATE_UNDONE);
  return absl::OkStatus();
}

absl::Status DecisionChange::Reverse() {
  FRANK_RETURN_IF_ERROR(
      CheckState(v1::DECISION_STATE_MADE, "the decision does not hold"));
  if (decision_.moderator() == input_.moderator.id &&
      !IsSenior(input_.moderator)) {
    return NotPermitted("it takes somebody else than who decided, or a senior",
                        "SECOND_PERSON");
  }
  if (!Acts(ActionsOf(decision_))) {
    return BadState("the decision did nothing that could be taken back");
  }
  FRANK_ASSIGN_OR_RETURN(bool wait,
                         EffectsWait(context_.transaction, id_, decision_));
  if (wait && !IsHandedOver()) {
    return BadState("its effects wait still; undo it instead");
  }
  for (const storage::StoredCase& stored : cases_) {
    FRANK_RETURN_IF_ERROR(
        StateAfter(stored.record.state(), CaseEvent::kReverse).status());
  }
  FRANK_RETURN_IF_ERROR(NoteReversed());
  return TakeBackEffects();
}

// What it said about deletion and a referral falls with it, where that was not
// done.
absl::Status DecisionChange::NoteReversed() {
  for (storage::StoredCase& stored : cases_) {
    storage::v1::CaseRecord after = stored.record;
    if (storage::IsErased(after.state()) ||
        !NoteTakenBack(input_.now, &after)) {
      continue;
    }
    FRANK_RETURN_IF_ERROR(storage::PutCase(context_.transaction, stored.id,
                                           &stored.record, &after));
  }
  return absl::OkStatus();
}

absl::Status DecisionChange::TakeBackEffects() {
  FRANK_ASSIGN_OR_RETURN(bool wait,
                         EffectsWait(context_.transaction, id_, decision_));
  // An appeal that was faster than what it is against.
  if (wait) {
    FRANK_RETURN_IF_ERROR(
        RemoveFromForce(context_.transaction, id_, decision_));
  }
  FRANK_RETURN_IF_ERROR(
      TakeBack({context_.engine, context_.transaction, input_.now}, id_,
               input_.act_id, decision_));
  WithdrawReferral();
  decision_.set_state(v1::DECISION_STATE_REVERSED);
  return absl::OkStatus();
}

bool DecisionChange::IsHandedOver() const {
  return referral_ && referral_->handed_over_at() != 0;
}

void DecisionChange::WithdrawReferral() {
  if (!referral_ || !storage::IsOpen(*referral_)) return;
  withdrawn_ = referral_;
  withdrawn_->set_state(
      static_cast<uint32_t>(storage::ReferralState::kWithdrawn));
  withdrawn_->set_withdrawn_at(input_.now);
  storage::PutReferral(context_.transaction, id_, &*referral_, *withdrawn_);
}

absl::Status DecisionChange::Resolve(v1::AppealOutcome outcome) {
  AppealResolution resolution;
  resolution.decision = id_;
  resolution.outcome = outcome;
  resolution.moderator = input_.moderator.id;
  resolution.now = input_.now;
  resolution.notice_due_at = input_.now;
  return ResolveAppeal(context_.transaction, resolution, acts_);
}

absl::Status DecisionChange::MoveCases(CaseEvent event,
                                       const std::string& holder) {
  for (storage::StoredCase& stored : cases_) {
    storage::v1::CaseRecord after = stored.record;
    FRANK_ASSIGN_OR_RETURN(uint32_t state, StateAfter(after.state(), event));
    after.set_state(state);
    NoteClosing(event, &after);
    DropLease(&after);
    if (!holder.empty()) {
      TakeLease(holder, input_.now + input_.lease_time, &after);
      event_.add_epoch(after.lease().epoch());
    }
    FRANK_RETURN_IF_ERROR(storage::PutCase(context_.transaction, stored.id,
                                           &stored.record, &after));
  }
  return absl::OkStatus();
}

void DecisionChange::NoteClosing(CaseEvent event,
                                 storage::v1::CaseRecord* record) const {
  if (event == CaseEvent::kApprove) {
    NoteClosed(ActionsOf(decision_), input_.now, record);
  } else if (event == CaseEvent::kUndo) {
    NoteReopened(record);
  } else if (event == CaseEvent::kDecide) {
    NoteAppealDecided(input_.kind == v1::DECISION_EVENT_KIND_APPEAL_OVERTURNED,
                      input_.now, record);
  }
}

absl::Status DecisionChange::Record() {
  event_.set_kind(input_.kind);
  event_.set_moderator(input_.moderator.id);
  event_.set_happened_at(input_.now);
  event_.set_act_id(ToString(input_.act_id.bytes()));
  FRANK_RETURN_IF_ERROR(SealWords(context_.vault, context_.transaction, id_,
                                  decision_, event_.act_id(), input_.reason,
                                  event_.mutable_reason_ciphertext()));
  for (size_t i = 0; i < cases_.size(); ++i) {
    FRANK_ASSIGN_OR_RETURN(
        crypto::Sha256Digest hash,
        acts_.Add(CaseSubject(cases_[i].id),
                  ModeratorActor(input_.moderator.id), ActOf(input_.kind),
                  crypto::AuditDetails()
                      .SetHex("decision", id_.bytes())
                      .SetHex("act_id", input_.act_id.bytes())));
    if (i == 0) event_.set_act_sha256(ToString(hash));
  }
  if (auto counted = TargetEventOf(input_.kind)) {
    NoteOutcome(context_.transaction, input_.now, *counted, id_, decision_,
                withdrawn_);
  }
  *decision_.add_event() = event_;
  storage::PutDecision(context_.transaction, id_, decision_);
  return acts_.Write();
}

absl::StatusOr<ChangedDecision> DecisionChange::Answer() const {
  ChangedDecision changed;
  FRANK_ASSIGN_OR_RETURN(
      changed.decision,
      ShowDecision(context_.vault, context_.transaction, id_, decision_));
  for (int i = 0; i < event_.epoch_size(); ++i) {
    v1::HeldCase& held = changed.held.emplace_back();
    held.set_case_id(decision_.case_id(i));
    held.set_epoch(event_.epoch(i));
  }
  changed.act_hash = event_.act_sha256();
  return changed;
}

}  // namespace frank::moderation
