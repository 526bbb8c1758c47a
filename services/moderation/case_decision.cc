#include "services/moderation/case_decision.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "frank/v1/message.pb.h"
#include "services/moderation/case_lease.h"
#include "services/moderation/case_note.h"
#include "services/moderation/review_proto.h"
#include "storage/effect_store.h"
#include "storage/moderation_account_store.h"

namespace frank::moderation {
namespace {

using storage::v1::AccountStateRecord;

std::string FingerprintOf(const std::string& moderator,
                          const v1::DecideCaseRequest& request) {
  crypto::Encoder encoder;
  encoder.Vec(moderator)
      .Vec(request.case_id())
      .Vec(request.policy())
      .Vec(request.rationale());
  for (const v1::Action& action : request.action()) {
    encoder.U32(static_cast<uint32_t>(action.kind()))
        .U64(action.until())
        .U32(action.messages_an_hour());
  }
  return ToString(crypto::Sha256({encoder.bytes()}));
}

bool Acts(const v1::DecideCaseRequest& request) {
  return request.action(0).kind() != v1::ACTION_KIND_NONE;
}

// What the account is told: the gravest of what was done.
void Apply(const v1::Action& action, AccountStateRecord* state) {
  switch (action.kind()) {
    case v1::ACTION_KIND_WARN:
      if (state->notice() == v1::NOTICE_KIND_UNSPECIFIED) {
        state->set_notice(v1::NOTICE_KIND_WARNED);
      }
      break;
    case v1::ACTION_KIND_LIMIT:
      state->set_messages_an_hour(action.messages_an_hour());
      state->set_limited_until(action.until());
      if (state->notice() != v1::NOTICE_KIND_SUSPENDED) {
        state->set_notice(v1::NOTICE_KIND_LIMITED);
      }
      break;
    case v1::ACTION_KIND_SUSPEND:
      state->set_suspended(true);
      state->set_suspended_until(action.until());
      state->set_notice(v1::NOTICE_KIND_SUSPENDED);
      break;
    case v1::ACTION_KIND_RESTORE:
      state->clear_suspended();
      state->clear_suspended_until();
      state->clear_messages_an_hour();
      state->clear_limited_until();
      state->set_notice(v1::NOTICE_KIND_RESTORED);
      break;
    default:
      break;
  }
}

}  // namespace

DecisionInput MakeDecisionInput(const std::string& moderator,
                                const v1::DecideCaseRequest& request,
                                UnixMillis now, UnixMillis undo_window) {
  DecisionInput input;
  input.case_id = CaseId(ToArray<CaseId::kSize>(AsBytes(request.case_id())));
  input.decision_id =
      DecisionId(ToArray<DecisionId::kSize>(AsBytes(request.decision_id())));
  input.moderator = moderator;
  input.request = request;
  input.fingerprint = FingerprintOf(moderator, request);
  input.now = now;
  input.effects_due_at = now + undo_window;
  return input;
}

CaseDecision::CaseDecision(const KeyVault& vault, storage::Engine& engine,
                           storage::Transaction& transaction,
                           const DecisionInput& input)
    : vault_(vault),
      engine_(engine),
      transaction_(transaction),
      input_(input),
      acts_(transaction, input.now) {}

absl::StatusOr<v1::DecideCaseResponse> CaseDecision::Run() {
  FRANK_ASSIGN_OR_RETURN(
      auto first, storage::FindDecision(transaction_, input_.decision_id));
  if (first) return Repeat(*first);
  FRANK_ASSIGN_OR_RETURN(
      case_, GetHeldCase(transaction_, input_.case_id, input_.moderator,
                         input_.request.epoch(), CaseEvent::kDecide));
  FRANK_RETURN_IF_ERROR(CheckActions());
  FRANK_RETURN_IF_ERROR(CloseCase());
  FRANK_ASSIGN_OR_RETURN(AccountStateRecord state, ChangeAccount());
  FRANK_RETURN_IF_ERROR(AddEffects(state));
  FRANK_RETURN_IF_ERROR(AddDecision());
  v1::DecideCaseResponse response;
  *response.mutable_decision() =
      ToProto(input_.decision_id, decision_, input_.request.rationale());
  response.set_act_hash(decision_.act_sha256());
  return response;
}

absl::StatusOr<v1::DecideCaseResponse> CaseDecision::Repeat(
    const storage::v1::DecisionRecord& first) {
  if (first.fingerprint() != input_.fingerprint) {
    return WithReason(
        absl::AlreadyExistsError("this decision id has other content"),
        "ID_CONFLICT");
  }
  v1::DecideCaseResponse response;
  *response.mutable_decision() =
      ToProto(input_.decision_id, first, input_.request.rationale());
  response.set_act_hash(first.act_sha256());
  return response;
}

absl::Status CaseDecision::CheckActions() const {
  if (Acts(input_.request) && case_.accused_uri().empty()) {
    return FieldError("action", "must be NONE: the case accuses nobody");
  }
  for (int i = 0; i < input_.request.action_size(); ++i) {
    uint64_t until = input_.request.action(i).until();
    if (until != 0 && until <= input_.now) {
      return FieldError(absl::StrCat("action[", i, "].until"),
                        "must be in the future");
    }
  }
  return absl::OkStatus();
}

absl::Status CaseDecision::CloseCase() {
  FRANK_ASSIGN_OR_RETURN(uint32_t state,
                         StateAfter(case_.state(), CaseEvent::kDecide));
  storage::v1::CaseRecord decided = case_;
  DropLease(&decided);
  decided.set_state(state);
  return storage::PutCase(transaction_, input_.case_id, &case_, &decided);
}

absl::StatusOr<AccountStateRecord> CaseDecision::ChangeAccount() {
  if (!Acts(input_.request)) return AccountStateRecord();
  FRANK_ASSIGN_OR_RETURN(
      AccountStateRecord state,
      storage::GetAccountState(transaction_, case_.accused_uri()));
  state.set_account_uri(case_.accused_uri());
  state.set_number(state.number() + 1);
  state.set_policy(input_.request.policy());
  state.set_decision_id(input_.request.decision_id());
  state.clear_notice();
  for (const v1::Action& action : input_.request.action()) {
    Apply(action, &state);
  }
  storage::PutAccountState(transaction_, state);
  return state;
}

v1::ReportOutcome CaseDecision::OutcomeFor(bool proves) const {
  if (Acts(input_.request)) return v1::REPORT_OUTCOME_ACTION_TAKEN;
  return proves ? v1::REPORT_OUTCOME_NO_ACTION
                : v1::REPORT_OUTCOME_NOT_VERIFIABLE;
}

absl::Status CaseDecision::AddEffects(const AccountStateRecord& state) {
  std::vector<storage::v1::EffectRecord> rows;
  auto add_row = [&]() -> storage::v1::EffectRecord& {
    storage::v1::EffectRecord& row = rows.emplace_back();
    row.set_case_id(input_.request.case_id());
    row.set_phase(storage::kEffectWaiting);
    row.set_decision_id(input_.request.decision_id());
    row.set_decided_at(input_.now);
    return row;
  };
  if (state.number() != 0) *add_row().mutable_state() = state;
  // Untracked: a report joins a case only with a write to its record, which is
  // tracked. The reports themselves may be too large to read them all here.
  FRANK_ASSIGN_OR_RETURN(auto reports,
                         storage::ListCaseReports(engine_, input_.case_id));
  for (const storage::CaseReport& report : reports) {
    if (rows.empty() || rows.back().outcome_size() >=
                            static_cast<int>(limits::kMaxApplyItems) - 1) {
      add_row();
    }
    auto* outcome = rows.back().add_outcome();
    outcome->set_report_id(ToString(report.report.id.bytes()));
    outcome->set_reporter_uri(report.report.reporter_uri);
    outcome->set_outcome(OutcomeFor(report.proves));
  }
  for (uint32_t i = 0; i < rows.size(); ++i) {
    storage::PutEffect(transaction_,
                       {input_.effects_due_at, input_.decision_id, i}, rows[i]);
  }
  decision_.set_effects_due_at(input_.effects_due_at);
  decision_.set_effect_count(static_cast<uint32_t>(rows.size()));
  return absl::OkStatus();
}

absl::Status CaseDecision::AddDecision() {
  FRANK_ASSIGN_OR_RETURN(DataKey key,
                         vault_.CaseKey(transaction_, input_.case_id));
  FRANK_ASSIGN_OR_RETURN(*decision_.mutable_rationale_ciphertext(),
                         SealRationale(vault_.random(), key, input_.decision_id,
                                       input_.request.rationale()));
  decision_.set_case_id(input_.request.case_id());
  decision_.set_moderator(input_.moderator);
  decision_.set_policy(input_.request.policy());
  crypto::AuditDetails details;
  for (const v1::Action& action : input_.request.action()) {
    auto* added = decision_.add_action();
    added->set_kind(action.kind());
    added->set_until(action.until());
    added->set_messages_an_hour(action.messages_an_hour());
    details.Set(absl::StrCat("action_", decision_.action_size()),
                v1::ActionKind_Name(action.kind()));
  }
  decision_.set_decided_at(input_.now);
  decision_.set_outcome(Acts(input_.request) ? v1::REPORT_OUTCOME_ACTION_TAKEN
                        : case_.proven_count() > 0
                            ? v1::REPORT_OUTCOME_NO_ACTION
                            : v1::REPORT_OUTCOME_NOT_VERIFIABLE);
  decision_.set_fingerprint(input_.fingerprint);
  details.SetHex("decision", input_.decision_id.bytes())
      .Set("epoch", input_.request.epoch())
      .Set("policy", input_.request.policy());
  FRANK_ASSIGN_OR_RETURN(
      crypto::Sha256Digest hash,
      acts_.Add(CaseSubject(input_.case_id), ModeratorActor(input_.moderator),
                "case.decided", details));
  decision_.set_act_sha256(ToString(hash));
  storage::AddDecision(transaction_, input_.case_id, input_.decision_id,
                       decision_);
  return acts_.Write();
}

}  // namespace frank::moderation
