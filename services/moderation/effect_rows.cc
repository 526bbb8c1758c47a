#include "services/moderation/effect_rows.h"

#include "core/limits.h"
#include "core/status.h"
#include "storage/case_store.h"

namespace frank::moderation {
namespace {

// One item is left for an account's state.
bool IsFull(const storage::v1::EffectRecord& row) {
  return row.outcome_size() + 1 >= static_cast<int>(limits::kMaxApplyItems);
}

}  // namespace

storage::v1::EffectRecord& EffectRows::AddRow(const CaseId& case_id) {
  storage::v1::EffectRecord& row = rows_.emplace_back();
  row.set_case_id(ToString(case_id.bytes()));
  row.set_phase(storage::kEffectWaiting);
  row.set_decision_id(ToString(id_.bytes()));
  row.set_decided_at(decided_at_);
  return row;
}

void EffectRows::ChangeAccount(const CaseId& case_id,
                               const std::string& account_uri,
                               v1::NoticeKind notice,
                               const std::string& policy) {
  storage::v1::EffectRecord& row = AddRow(case_id);
  row.set_account_uri(account_uri);
  row.set_notice(static_cast<uint32_t>(notice));
  row.set_policy(policy);
}

absl::Status EffectRows::TellReporters(
    storage::Engine& engine, const CaseId& case_id,
    absl::FunctionRef<v1::ReportOutcome(bool proves)> outcome_for) {
  FRANK_ASSIGN_OR_RETURN(auto reports,
                         storage::ListCaseReports(engine, case_id));
  for (const storage::CaseReport& report : reports) {
    if (rows_.empty() || IsFull(rows_.back()) ||
        rows_.back().case_id() != case_id.text()) {
      AddRow(case_id);
    }
    auto* outcome = rows_.back().add_outcome();
    outcome->set_report_id(ToString(report.report.id.bytes()));
    outcome->set_reporter_uri(report.report.reporter_uri);
    outcome->set_outcome(outcome_for(report.proves));
  }
  return absl::OkStatus();
}

uint32_t EffectRows::Write(storage::Transaction& transaction,
                           UnixMillis due) const {
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    storage::PutEffect(transaction, {due, id_, i}, rows_[i]);
  }
  return static_cast<uint32_t>(rows_.size());
}

}  // namespace frank::moderation
