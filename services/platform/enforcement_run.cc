#include "services/platform/enforcement_run.h"

#include "core/status.h"
#include "crypto/hash.h"
#include "storage/account_store.h"
#include "storage/notice_store.h"

namespace frank::platform {
namespace {

using storage::v1::NoticeRecord;

storage::Enforcement FromProto(const v1::EnforcementState& state) {
  storage::Enforcement enforcement;
  enforcement.number = state.number();
  enforcement.suspended = state.suspended();
  enforcement.suspended_until = state.suspended_until();
  enforcement.messages_an_hour = state.messages_an_hour();
  enforcement.limited_until = state.limited_until();
  enforcement.policy = state.policy();
  return enforcement;
}

UnixMillis UntilOf(const v1::EnforcementState& state) {
  switch (state.notice()) {
    case v1::NOTICE_KIND_SUSPENDED:
      return state.suspended_until();
    case v1::NOTICE_KIND_LIMITED:
      return state.limited_until();
    default:
      return 0;
  }
}

bool MayBeAppealed(v1::NoticeKind kind) {
  return kind == v1::NOTICE_KIND_WARNED || kind == v1::NOTICE_KIND_LIMITED ||
         kind == v1::NOTICE_KIND_SUSPENDED;
}

// A decision has a notice to the account that it is about, which bears its own
// id, and others to reporters and of an appeal.
NoticeRecord NoticeOf(v1::NoticeKind kind, const std::string& decision_id,
                      const std::string& subject) {
  std::string name = v1::NoticeKind_Name(kind);
  crypto::Sha256Digest id =
      crypto::Sha256({AsBytes(name), AsBytes(decision_id), AsBytes(subject)});
  NoticeRecord notice;
  notice.set_notice_id(ToString(ByteSpan(id).first(16)));
  notice.set_kind(static_cast<uint32_t>(kind));
  return notice;
}

NoticeRecord NoticeOf(const v1::EnforcementState& state,
                      UnixMillis appeal_until) {
  NoticeRecord notice;
  notice.set_notice_id(state.decision_id());
  notice.set_kind(static_cast<uint32_t>(state.notice()));
  notice.set_policy(state.policy());
  notice.set_until(UntilOf(state));
  notice.set_decision_id(state.decision_id());
  notice.set_appeal_until(appeal_until);
  return notice;
}

NoticeRecord NoticeOf(const v1::OutcomeNotice& outcome) {
  NoticeRecord notice = NoticeOf(v1::NOTICE_KIND_REPORT_DECIDED,
                                 outcome.decision_id(), outcome.report_id());
  notice.set_report_id(outcome.report_id());
  notice.set_report_outcome(static_cast<uint32_t>(outcome.outcome()));
  return notice;
}

NoticeRecord NoticeOf(const v1::AppealNotice& appeal) {
  NoticeRecord notice =
      NoticeOf(v1::NOTICE_KIND_APPEAL_DECIDED, appeal.decision_id(), "");
  notice.set_decision_id(appeal.decision_id());
  notice.set_appeal_outcome(static_cast<uint32_t>(appeal.outcome()));
  return notice;
}

// Takes an outcome over; false if it is known. An older decision that arrives
// late does not replace a newer one.
bool Decide(const v1::OutcomeNotice& outcome, storage::ReportStatus* status) {
  if (status->decided_at > outcome.decided_at() ||
      status->decision_id == outcome.decision_id()) {
    return false;
  }
  status->outcome = static_cast<uint32_t>(outcome.outcome());
  status->decided_at = outcome.decided_at();
  status->decision_id = outcome.decision_id();
  return true;
}

}  // namespace

absl::Status EnforcementRun::Add(const v1::EnforcementState& state) {
  FRANK_ASSIGN_OR_RETURN(bool taken, TakeOver(state));
  if (MayBeAppealed(state.notice())) {
    FRANK_ASSIGN_OR_RETURN(bool added, AddDecision(state));
    if (!added) return absl::OkStatus();
    notices_[state.account_uri()].push_back(
        NoticeOf(state, now_ + appeal_period_));
  } else if (taken && state.notice() != v1::NOTICE_KIND_UNSPECIFIED) {
    notices_[state.account_uri()].push_back(NoticeOf(state, 0));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> EnforcementRun::TakeOver(
    const v1::EnforcementState& state) {
  auto known = states_.find(state.account_uri());
  if (known == states_.end()) {
    FRANK_ASSIGN_OR_RETURN(
        absl::optional<storage::Enforcement> stored,
        storage::FindEnforcement(transaction_, state.account_uri()));
    known = states_
                .emplace(state.account_uri(),
                         stored.value_or(storage::Enforcement()))
                .first;
  }
  if (state.number() <= known->second.number) return false;
  known->second = FromProto(state);
  changed_.insert(state.account_uri());
  return true;
}

absl::StatusOr<bool> EnforcementRun::AddDecision(
    const v1::EnforcementState& state) {
  if (!decisions_.emplace(state.account_uri(), state.decision_id()).second) {
    return false;
  }
  FRANK_ASSIGN_OR_RETURN(DecisionId id,
                         DecisionId::Parse("decision_id", state.decision_id()));
  FRANK_ASSIGN_OR_RETURN(
      auto stored,
      storage::FindAccountDecision(transaction_, state.account_uri(), id));
  if (stored) return false;
  storage::v1::AccountDecisionRecord record;
  record.set_notice_kind(static_cast<uint32_t>(state.notice()));
  record.set_policy(state.policy());
  record.set_until(UntilOf(state));
  record.set_told_at(now_);
  record.set_appeal_until(now_ + appeal_period_);
  storage::AddAccountDecision(transaction_, state.account_uri(), id, record);
  return true;
}

absl::Status EnforcementRun::Add(const v1::OutcomeNotice& outcome) {
  FRANK_ASSIGN_OR_RETURN(ReportId id,
                         ReportId::Parse("report_id", outcome.report_id()));
  auto key = std::make_pair(outcome.reporter_uri(), id);
  auto known = reports_.find(key);
  if (known == reports_.end()) {
    FRANK_ASSIGN_OR_RETURN(
        absl::optional<storage::ReportStatus> stored,
        storage::FindReport(transaction_, outcome.reporter_uri(), id));
    if (!stored) return absl::OkStatus();
    known = reports_.emplace(std::move(key), *std::move(stored)).first;
  }
  if (!Decide(outcome, &known->second)) return absl::OkStatus();
  FRANK_ASSIGN_OR_RETURN(bool wanted, WantsNotice(outcome, known->second));
  if (wanted) notices_[outcome.reporter_uri()].push_back(NoticeOf(outcome));
  return absl::OkStatus();
}

// Reporters of other messengers have no devices here to be told.
absl::StatusOr<bool> EnforcementRun::WantsNotice(
    const v1::OutcomeNotice& outcome, const storage::ReportStatus& status) {
  if (status.notices_off) return false;
  FRANK_ASSIGN_OR_RETURN(
      auto choices,
      storage::GetReporterChoices(transaction_, outcome.reporter_uri()));
  if (choices.notices_off()) return false;
  FRANK_ASSIGN_OR_RETURN(
      auto account, storage::FindAccount(transaction_, outcome.reporter_uri()));
  return account.has_value();
}

absl::Status EnforcementRun::Add(const v1::AppealNotice& appeal) {
  if (!appeals_.emplace(appeal.account_uri(), appeal.decision_id()).second) {
    return absl::OkStatus();
  }
  FRANK_ASSIGN_OR_RETURN(
      DecisionId id, DecisionId::Parse("decision_id", appeal.decision_id()));
  FRANK_ASSIGN_OR_RETURN(
      auto record,
      storage::FindAccountDecision(transaction_, appeal.account_uri(), id));
  if (!record || !record->has_appeal() || record->appeal().outcome() != 0) {
    return absl::OkStatus();
  }
  record->mutable_appeal()->set_outcome(
      static_cast<uint32_t>(appeal.outcome()));
  record->mutable_appeal()->set_decided_at(appeal.decided_at());
  storage::PutAccountDecision(transaction_, appeal.account_uri(), id, *record);
  notices_[appeal.account_uri()].push_back(NoticeOf(appeal));
  return absl::OkStatus();
}

absl::Status EnforcementRun::Write() {
  for (const std::string& account : changed_) {
    storage::PutEnforcement(transaction_, account, states_[account]);
  }
  for (const auto& [key, status] : reports_) {
    storage::PutReport(transaction_, key.first, key.second, status);
  }
  for (const auto& [account, notices] : notices_) {
    FRANK_RETURN_IF_ERROR(
        storage::AppendNotices(transaction_, account, now_, notices));
  }
  return absl::OkStatus();
}

}  // namespace frank::platform
