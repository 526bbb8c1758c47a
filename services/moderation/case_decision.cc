#include "services/moderation/case_decision.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "services/moderation/case_access.h"
#include "services/moderation/case_closing.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/decision_force.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/decision_words.h"
#include "services/moderation/target_events.h"
#include "services/moderation/validate_decision.h"

namespace frank::moderation {
namespace {

using storage::v1::DecisionRecord;

crypto::Sha256Digest DigestOf(const std::string& moderator,
                              const v1::DecideCaseRequest& request) {
  crypto::Encoder encoder;
  encoder.Vec(moderator).U32(static_cast<uint32_t>(request.held_case_size()));
  for (const v1::HeldCase& held : request.held_case()) {
    encoder.Vec(held.case_id());
  }
  encoder.Vec(request.policy()).Vec(request.reason()).Vec(request.rationale());
  for (const v1::Action& action : request.action()) {
    encoder.U32(static_cast<uint32_t>(action.kind()))
        .U64(action.until())
        .U32(action.messages_an_hour());
  }
  return crypto::Sha256({encoder.bytes()});
}

// What the details of an act say of a decision: ids and enums.
crypto::AuditDetails DetailsOf(const DecisionId& id,
                               const DecisionRecord& record) {
  crypto::AuditDetails details;
  for (int i = 0; i < record.action_size(); ++i) {
    details.Set(absl::StrCat("action_", i + 1),
                v1::ActionKind_Name(
                    static_cast<v1::ActionKind>(record.action(i).kind())));
  }
  if (record.has_ladder_step()) {
    details.Set("strikes", uint64_t{record.ladder_step().strike_count()})
        .Set("ladder", v1::ActionKind_Name(static_cast<v1::ActionKind>(
                           record.ladder_step().kind())));
  }
  details.SetHex("decision", id.bytes())
      .Set("policy", record.policy())
      .Set("policy_version", uint64_t{record.policy_version()})
      .Set("reason", record.reason());
  return details;
}

}  // namespace

DecisionInput MakeDecisionInput(const Moderator& moderator,
                                const v1::DecideCaseRequest& request) {
  DecisionInput input;
  input.id =
      DecisionId(ToArray<DecisionId::kSize>(AsBytes(request.decision_id())));
  input.moderator = moderator;
  input.request = request;
  input.digest = DigestOf(moderator.id, request);
  return input;
}

CaseDecision::CaseDecision(const Context& context, const DecisionInput& input)
    : context_(context), input_(input), acts_(context.transaction, input.now) {}

absl::StatusOr<v1::DecideCaseResponse> CaseDecision::Run() {
  absl::Status cases = LoadCases();
  // Behind the cases: a repeat that finds them decided finds by what as well.
  FRANK_ASSIGN_OR_RETURN(
      auto first, storage::FindDecision(context_.transaction, input_.id));
  if (first) return Repeat(*first);
  FRANK_RETURN_IF_ERROR(cases);
  FRANK_RETURN_IF_ERROR(CheckActions());
  FRANK_RETURN_IF_ERROR(Describe());
  FRANK_RETURN_IF_ERROR(Add());
  return Answer(decision_);
}

absl::StatusOr<v1::DecideCaseResponse> CaseDecision::Repeat(
    const DecisionRecord& first) const {
  FRANK_ASSIGN_OR_RETURN(std::string fingerprint,
                         FingerprintWords(context_.vault, context_.transaction,
                                          first, input_.digest));
  if (first.fingerprint() == fingerprint) return Answer(first);
  return WithReason(
      absl::AlreadyExistsError("this decision id has other content"),
      "ID_CONFLICT");
}

absl::StatusOr<v1::DecideCaseResponse> CaseDecision::Answer(
    const DecisionRecord& record) const {
  v1::DecideCaseResponse response;
  FRANK_ASSIGN_OR_RETURN(
      *response.mutable_decision(),
      ShowDecision(context_.vault, context_.transaction, input_.id, record));
  response.set_act_hash(record.act_sha256());
  return response;
}

absl::Status CaseDecision::LoadCases() {
  for (int i = 0; i < input_.request.held_case_size(); ++i) {
    const v1::HeldCase& held = input_.request.held_case(i);
    storage::StoredCase stored;
    FRANK_ASSIGN_OR_RETURN(stored.id, CaseId::Parse("case_id", held.case_id()));
    FRANK_ASSIGN_OR_RETURN(
        stored.record,
        GetHeldCase(context_.transaction, stored.id, input_.moderator.id,
                    held.epoch(), CaseEvent::kDecide));
    FRANK_RETURN_IF_ERROR(
        CheckAccess(context_.transaction, input_.moderator, stored.record));
    FRANK_RETURN_IF_ERROR(CheckNothingNew(stored.record, held.seen_revision()));
    if (stored.record.state() == storage::kCaseAppealed) {
      return WithReason(absl::FailedPreconditionError(
                            "the case waits for a decision on its appeal"),
                        "CASE_STATE");
    }
    cases_.push_back(std::move(stored));
    if (cases_[i].record.accused_uri() != cases_[0].record.accused_uri()) {
      return FieldError(absl::StrCat("held_case[", i, "].case_id"),
                        "must accuse the same account as the first");
    }
  }
  return CheckSize();
}

absl::Status CaseDecision::CheckSize() const {
  size_t reports = 0;
  for (const storage::StoredCase& stored : cases_) {
    reports += stored.record.report_count();
  }
  if (cases_.size() == 1 || reports <= limits::kMaxDecidedReports) {
    return absl::OkStatus();
  }
  return WithReason(
      absl::ResourceExhaustedError("the cases have too many reports together"),
      "TOO_LARGE");
}

absl::Status CaseDecision::CheckActions() const {
  if (Acts(input_.request.action()) &&
      cases_.front().record.accused_uri().empty()) {
    return FieldError("action", "must be NONE: the case accuses nobody");
  }
  return CheckEnds(input_.request.action(), input_.now);
}

absl::Status CaseDecision::Describe() {
  const Actions& actions = input_.request.action();
  FRANK_ASSIGN_OR_RETURN(auto policy,
                         context_.policies.FindPolicy(input_.request.policy()));
  FRANK_ASSIGN_OR_RETURN(
      auto reason,
      context_.policies.FindReason(input_.request.reason(), Acts(actions)));
  bool proven = false;
  bool report_asks = false;
  for (const storage::StoredCase& stored : cases_) {
    decision_.add_case_id(ToString(stored.id.bytes()));
    proven = proven || stored.record.proven_count() > 0;
    report_asks = report_asks || stored.record.needs_second_person();
  }
  decision_.set_moderator(input_.moderator.id);
  decision_.set_accused_uri(cases_.front().record.accused_uri());
  decision_.set_policy(policy.policy());
  decision_.set_policy_version(context_.policies.version());
  decision_.set_reason(reason.reason());
  decision_.set_decided_at(input_.now);
  decision_.set_outcome(OutcomeFor(actions, proven));
  FRANK_ASSIGN_OR_RETURN(*decision_.mutable_fingerprint(),
                         FingerprintWords(context_.vault, context_.transaction,
                                          decision_, input_.digest));
  for (const v1::Action& action : actions) {
    auto* added = decision_.add_action();
    added->set_kind(action.kind());
    added->set_until(action.until());
    added->set_messages_an_hour(action.messages_an_hour());
  }
  if (AddsStrike(actions)) FRANK_RETURN_IF_ERROR(AddStrike(policy));
  absl::optional<storage::v1::LadderStepRecord> step;
  if (decision_.has_ladder_step()) step = decision_.ladder_step();
  for (v1::ApprovalCause cause :
       ApprovalCausesOf(actions, step, policy, reason, report_asks)) {
    decision_.add_approval_cause(static_cast<uint32_t>(cause));
  }
  return context_.policies.Use(context_.transaction);
}

absl::Status CaseDecision::AddStrike(const storage::v1::PolicyRecord& policy) {
  if (policy.strike_weight() == 0) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(
      auto strikes,
      storage::ListStrikes(context_.transaction, decision_.accused_uri()));
  decision_.set_strike_weight(policy.strike_weight());
  decision_.set_strike_lifetime_ms(context_.policies.strike_lifetime());
  *decision_.mutable_ladder_step() =
      StepFor(context_.policies.ladder(),
              CountStrikes(strikes, input_.now) + policy.strike_weight());
  return absl::OkStatus();
}

absl::Status CaseDecision::CloseCases(CaseEvent event) {
  for (storage::StoredCase& stored : cases_) {
    storage::v1::CaseRecord closed = stored.record;
    FRANK_ASSIGN_OR_RETURN(uint32_t state, StateAfter(closed.state(), event));
    DropLease(&closed);
    closed.set_state(state);
    if (state == storage::kCaseDecided) {
      NoteClosed(input_.request.action(), input_.now, &closed);
    }
    FRANK_RETURN_IF_ERROR(storage::PutCase(context_.transaction, stored.id,
                                           &stored.record, &closed));
  }
  return absl::OkStatus();
}

absl::Status CaseDecision::Add() {
  FRANK_RETURN_IF_ERROR(SealWords(
      context_.vault, context_.transaction, input_.id, decision_, "",
      input_.request.rationale(), decision_.mutable_rationale_ciphertext()));
  if (decision_.approval_cause().empty()) {
    FRANK_RETURN_IF_ERROR(CloseCases(CaseEvent::kDecide));
    FRANK_RETURN_IF_ERROR(
        PutInForce({context_.engine, context_.transaction, input_.now},
                   input_.id, input_.effects_due_at, &decision_));
    NoteDecided(context_.transaction, input_.id, cases_, &decision_);
  } else {
    FRANK_RETURN_IF_ERROR(CloseCases(CaseEvent::kPropose));
    decision_.set_state(v1::DECISION_STATE_PROPOSED);
    storage::AddApproval(context_.transaction, input_.now, input_.id);
  }
  FRANK_RETURN_IF_ERROR(Record());
  storage::AddDecision(context_.transaction, input_.id, decision_);
  return absl::OkStatus();
}

absl::Status CaseDecision::Record() {
  const bool made = decision_.state() == v1::DECISION_STATE_MADE;
  for (size_t i = 0; i < cases_.size(); ++i) {
    crypto::AuditDetails details = DetailsOf(input_.id, decision_);
    details.Set("epoch", cases_[i].record.lease().epoch());
    FRANK_ASSIGN_OR_RETURN(
        crypto::Sha256Digest hash,
        acts_.Add(CaseSubject(cases_[i].id),
                  ModeratorActor(input_.moderator.id),
                  made ? "case.decided" : "decision.proposed", details));
    if (i == 0) decision_.set_act_sha256(ToString(hash));
  }
  return acts_.Write();
}

}  // namespace frank::moderation
