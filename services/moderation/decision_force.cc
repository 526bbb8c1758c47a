#include "services/moderation/decision_force.h"

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "core/status.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/effect_rows.h"
#include "services/moderation/reporter_tally.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/effect_store.h"
#include "storage/referral_store.h"

namespace frank::moderation {
namespace {

using storage::v1::DecisionRecord;

absl::StatusOr<std::vector<CaseId>> CasesOf(const DecisionRecord& record) {
  std::vector<CaseId> cases;
  for (const std::string& bytes : record.case_id()) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, CaseId::Parse("case_id", bytes));
    cases.push_back(id);
  }
  return cases;
}

absl::optional<storage::v1::LadderStepRecord> StepOf(
    const DecisionRecord& record) {
  if (!record.has_ladder_step()) return absl::nullopt;
  return record.ladder_step();
}

storage::StoredStrike StrikeOf(const DecisionId& id,
                               const DecisionRecord& record) {
  storage::StoredStrike strike;
  strike.id = id;
  strike.added_at = record.decided_at();
  strike.record.set_policy(record.policy());
  strike.record.set_weight(record.strike_weight());
  strike.record.set_expires_at(record.decided_at() +
                               record.strike_lifetime_ms());
  return strike;
}

absl::Status AddSanction(storage::Transaction& transaction,
                         const DecisionId& id, const DecisionRecord& record) {
  const Actions actions = ActionsOf(record);
  storage::v1::SanctionRecord sanction;
  for (auto& action :
       SanctionsOf(actions, StepOf(record), record.decided_at())) {
    *sanction.add_action() = std::move(action);
  }
  if (Has(actions, v1::ACTION_KIND_RESTORE)) {
    FRANK_ASSIGN_OR_RETURN(
        auto others, storage::ListSanctions(transaction, record.accused_uri()));
    for (const storage::StoredSanction& other : others) {
      sanction.add_lifted(ToString(other.id.bytes()));
    }
  }
  if (sanction.action().empty() && sanction.lifted().empty()) {
    return absl::OkStatus();
  }
  sanction.set_case_id(record.case_id(0));
  sanction.set_policy(record.policy());
  storage::PutSanction(transaction, record.accused_uri(), id, sanction);
  return absl::OkStatus();
}

void AddReferral(storage::Transaction& transaction, const DecisionId& id,
                 const DecisionRecord& record) {
  storage::v1::ReferralRecord referral;
  referral.set_state(static_cast<uint32_t>(storage::ReferralState::kWaiting));
  *referral.mutable_case_id() = record.case_id();
  referral.set_accused_uri(record.accused_uri());
  referral.set_policy(record.policy());
  referral.set_decided_at(record.decided_at());
  referral.set_due_at(record.effects_due_at());
  storage::PutReferral(transaction, id, nullptr, referral);
}

// Tells everybody who reported, and marks what they are told.
absl::Status EndForReporters(
    const ForceContext& context, const DecisionId& id,
    const std::vector<CaseId>& cases,
    absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for,
    EffectRows* rows) {
  std::vector<storage::CaseReport> reports;
  for (const CaseId& case_id : cases) {
    FRANK_RETURN_IF_ERROR(
        rows->TellReporters(context.engine, case_id, outcome_for));
    FRANK_ASSIGN_OR_RETURN(auto found,
                           storage::ListCaseReports(context.engine, case_id));
    reports.insert(reports.end(), found.begin(), found.end());
  }
  return MarkOutcome(context.transaction, id, reports, outcome_for);
}

absl::Status AddEffects(const ForceContext& context, const DecisionId& id,
                        DecisionRecord* record) {
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> cases, CasesOf(*record));
  const Actions actions = ActionsOf(*record);
  EffectRows rows(id, record->decided_at());
  if (ConcernsAccount(actions)) {
    rows.ChangeAccount(cases.front(), record->accused_uri(),
                       NoticeFor(actions, StepOf(*record)), record->policy());
  }
  FRANK_RETURN_IF_ERROR(EndForReporters(
      context, id, cases,
      [&](bool proves) { return OutcomeFor(actions, proves); }, &rows));
  record->set_effect_count(
      rows.Write(context.transaction, record->effects_due_at()));
  return absl::OkStatus();
}

}  // namespace

absl::Status PutInForce(const ForceContext& context, const DecisionId& id,
                        UnixMillis due, DecisionRecord* record) {
  record->set_state(v1::DECISION_STATE_MADE);
  record->set_decided_at(context.now);
  record->set_effects_due_at(due);
  if (record->strike_weight() > 0) {
    storage::PutStrike(context.transaction, record->accused_uri(),
                       StrikeOf(id, *record));
  }
  FRANK_RETURN_IF_ERROR(AddSanction(context.transaction, id, *record));
  if (Has(ActionsOf(*record), v1::ACTION_KIND_REFER)) {
    AddReferral(context.transaction, id, *record);
  }
  return AddEffects(context, id, record);
}

absl::StatusOr<bool> EffectsWait(storage::Transaction& transaction,
                                 const DecisionId& id,
                                 const DecisionRecord& record) {
  for (uint32_t i = 0; i < record.effect_count(); ++i) {
    FRANK_ASSIGN_OR_RETURN(
        auto row,
        storage::FindEffect(transaction, {record.effects_due_at(), id, i}));
    if (!row || row->phase() != storage::kEffectWaiting) return false;
  }
  return true;
}

absl::Status RemoveFromForce(storage::Transaction& transaction,
                             const DecisionId& id,
                             const DecisionRecord& record) {
  for (uint32_t i = 0; i < record.effect_count(); ++i) {
    storage::DeleteEffect(transaction, {record.effects_due_at(), id, i});
  }
  FRANK_RETURN_IF_ERROR(UnmarkOutcome(transaction, id));
  if (record.accused_uri().empty()) return absl::OkStatus();
  storage::DeleteSanction(transaction, record.accused_uri(), id);
  storage::DeleteStrike(transaction, record.accused_uri(), record.decided_at(),
                        id);
  return absl::OkStatus();
}

absl::Status TakeBack(const ForceContext& context, const DecisionId& id,
                      const DecisionId& act_id, const DecisionRecord& record) {
  FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> cases, CasesOf(record));
  storage::DeleteSanction(context.transaction, record.accused_uri(), id);
  if (record.strike_weight() > 0) {
    storage::StoredStrike strike = StrikeOf(id, record);
    strike.record.set_reversed(true);
    storage::PutStrike(context.transaction, record.accused_uri(), strike);
  }
  EffectRows rows(act_id, context.now);
  if (ConcernsAccount(ActionsOf(record))) {
    rows.ChangeAccount(cases.front(), record.accused_uri(),
                       v1::NOTICE_KIND_REVERSED, record.policy());
  }
  FRANK_RETURN_IF_ERROR(EndForReporters(
      context, id, cases,
      [](bool proves) {
        return proves ? v1::REPORT_OUTCOME_NO_ACTION
                      : v1::REPORT_OUTCOME_NOT_VERIFIABLE;
      },
      &rows));
  rows.Write(context.transaction, context.now);
  return absl::OkStatus();
}

}  // namespace frank::moderation
