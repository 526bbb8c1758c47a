#include "services/moderation/decision_plan.h"

namespace frank::moderation {
namespace {

using storage::v1::ActionRecord;
using storage::v1::LadderStepRecord;

v1::ActionKind KindOf(const absl::optional<LadderStepRecord>& step) {
  return step ? static_cast<v1::ActionKind>(step->kind())
              : v1::ACTION_KIND_UNSPECIFIED;
}

bool SuspendsForGood(const Actions& actions,
                     const absl::optional<LadderStepRecord>& step) {
  for (const v1::Action& action : actions) {
    if (action.kind() == v1::ACTION_KIND_SUSPEND && action.until() == 0) {
      return true;
    }
  }
  return KindOf(step) == v1::ACTION_KIND_SUSPEND && step->duration_ms() == 0;
}

}  // namespace

bool Has(const Actions& actions, v1::ActionKind kind) {
  for (const v1::Action& action : actions) {
    if (action.kind() == kind) return true;
  }
  return false;
}

bool Acts(const Actions& actions) {
  for (const v1::Action& action : actions) {
    if (action.kind() != v1::ACTION_KIND_NONE &&
        action.kind() != v1::ACTION_KIND_ASK_REPORTER &&
        action.kind() != v1::ACTION_KIND_DELETE_EVIDENCE) {
      return true;
    }
  }
  return false;
}

bool ConcernsAccount(const Actions& actions) {
  return Has(actions, v1::ACTION_KIND_WARN) ||
         Has(actions, v1::ACTION_KIND_LIMIT) ||
         Has(actions, v1::ACTION_KIND_SUSPEND) ||
         Has(actions, v1::ACTION_KIND_RESTORE);
}

bool AddsStrike(const Actions& actions) {
  return ConcernsAccount(actions) && !Has(actions, v1::ACTION_KIND_RESTORE);
}

uint32_t CountStrikes(const std::vector<storage::StoredStrike>& strikes,
                      UnixMillis now) {
  uint32_t count = 0;
  for (const storage::StoredStrike& strike : strikes) {
    if (strike.record.reversed() || strike.record.expires_at() <= now) continue;
    count += strike.record.weight();
  }
  return count;
}

LadderStepRecord StepFor(const std::vector<LadderStepRecord>& ladder,
                         uint32_t count) {
  LadderStepRecord reached;
  for (const LadderStepRecord& step : ladder) {
    if (step.strike_count() <= count) reached = step;
  }
  reached.set_strike_count(count);
  return reached;
}

std::vector<ActionRecord> SanctionsOf(
    const Actions& actions, const absl::optional<LadderStepRecord>& step,
    UnixMillis now) {
  std::vector<ActionRecord> sanctions;
  auto add = [&](v1::ActionKind kind, UnixMillis until, uint32_t rate) {
    if (kind != v1::ACTION_KIND_LIMIT && kind != v1::ACTION_KIND_SUSPEND) {
      return;
    }
    ActionRecord& sanction = sanctions.emplace_back();
    sanction.set_kind(static_cast<uint32_t>(kind));
    sanction.set_until(until);
    sanction.set_messages_an_hour(rate);
  };
  for (const v1::Action& action : actions) {
    add(action.kind(), action.until(), action.messages_an_hour());
  }
  if (step) {
    add(KindOf(step), step->duration_ms() == 0 ? 0 : now + step->duration_ms(),
        step->messages_an_hour());
  }
  return sanctions;
}

v1::NoticeKind NoticeFor(const Actions& actions,
                         const absl::optional<LadderStepRecord>& step) {
  auto done = [&](v1::ActionKind kind) {
    return Has(actions, kind) || KindOf(step) == kind;
  };
  if (done(v1::ACTION_KIND_SUSPEND)) return v1::NOTICE_KIND_SUSPENDED;
  if (done(v1::ACTION_KIND_LIMIT)) return v1::NOTICE_KIND_LIMITED;
  if (Has(actions, v1::ACTION_KIND_RESTORE)) return v1::NOTICE_KIND_RESTORED;
  if (done(v1::ACTION_KIND_WARN)) return v1::NOTICE_KIND_WARNED;
  return v1::NOTICE_KIND_UNSPECIFIED;
}

v1::ReportOutcome OutcomeFor(const Actions& actions, bool proves) {
  if (Has(actions, v1::ACTION_KIND_ASK_REPORTER)) {
    return v1::REPORT_OUTCOME_MORE_INFORMATION_WANTED;
  }
  if (Acts(actions)) return v1::REPORT_OUTCOME_ACTION_TAKEN;
  return proves ? v1::REPORT_OUTCOME_NO_ACTION
                : v1::REPORT_OUTCOME_NOT_VERIFIABLE;
}

std::vector<v1::ApprovalCause> ApprovalCausesOf(
    const Actions& actions, const absl::optional<LadderStepRecord>& step,
    const storage::v1::PolicyRecord& policy,
    const storage::v1::ReasonRecord& reason, bool report_asks) {
  std::vector<v1::ApprovalCause> causes;
  if (SuspendsForGood(actions, step)) {
    causes.push_back(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION);
  }
  if (Has(actions, v1::ACTION_KIND_REFER)) {
    causes.push_back(v1::APPROVAL_CAUSE_REFERRAL);
  }
  if (Has(actions, v1::ACTION_KIND_DELETE_EVIDENCE)) {
    causes.push_back(v1::APPROVAL_CAUSE_DELETION);
  }
  if (policy.second_person() && Acts(actions)) {
    causes.push_back(v1::APPROVAL_CAUSE_POLICY);
  }
  if (reason.second_person()) causes.push_back(v1::APPROVAL_CAUSE_REASON);
  if (report_asks && Acts(actions)) {
    causes.push_back(v1::APPROVAL_CAUSE_REPORT_REASON);
  }
  return causes;
}

}  // namespace frank::moderation
