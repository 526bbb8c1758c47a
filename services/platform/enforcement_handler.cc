#include "services/platform/enforcement_handler.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "storage/enforcement_store.h"
#include "storage/notice_store.h"
#include "storage/report_store.h"

namespace frank::platform {
namespace {

absl::Status ValidateState(const v1::EnforcementState& state) {
  FRANK_RETURN_IF_ERROR(CheckUri("account_uri", state.account_uri()));
  if (state.number() == 0) return FieldError("number", "must not be 0");
  if (state.policy().size() > limits::kMaxPolicyBytes) {
    return FieldError(
        "policy",
        absl::StrCat("must be at most ", limits::kMaxPolicyBytes, " bytes"));
  }
  if (!v1::NoticeKind_IsValid(state.notice())) {
    return FieldError("notice", "must be a known kind");
  }
  return DecisionId::Parse("decision_id", state.decision_id()).status();
}

absl::Status ValidateOutcome(const v1::OutcomeNotice& outcome) {
  FRANK_RETURN_IF_ERROR(
      ReportId::Parse("report_id", outcome.report_id()).status());
  FRANK_RETURN_IF_ERROR(CheckUri("reporter_uri", outcome.reporter_uri()));
  if (outcome.outcome() == v1::REPORT_OUTCOME_UNSPECIFIED ||
      !v1::ReportOutcome_IsValid(outcome.outcome())) {
    return FieldError("outcome", "must be a known outcome");
  }
  if (outcome.decided_at() == 0) return FieldError("decided_at", "must be set");
  return DecisionId::Parse("decision_id", outcome.decision_id()).status();
}

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

struct ChangedAccount {
  storage::Enforcement enforcement;
  bool changed = false;
  std::vector<storage::v1::NoticeRecord> notices;
};

void TakeOver(const v1::EnforcementState& state, ChangedAccount* account) {
  if (state.number() <= account->enforcement.number) return;
  account->enforcement = FromProto(state);
  account->changed = true;
  if (state.notice() == v1::NOTICE_KIND_UNSPECIFIED) return;
  storage::v1::NoticeRecord notice;
  notice.set_notice_id(state.decision_id());
  notice.set_kind(static_cast<uint32_t>(state.notice()));
  notice.set_policy(state.policy());
  notice.set_until(UntilOf(state));
  account->notices.push_back(std::move(notice));
}

// Takes an outcome over. An older decision that arrives late does not replace a
// newer one.
void Decide(const v1::OutcomeNotice& outcome, storage::ReportStatus* status) {
  if (status->decided_at > outcome.decided_at()) return;
  status->outcome = static_cast<uint32_t>(outcome.outcome());
  status->decided_at = outcome.decided_at();
  status->decision_id = outcome.decision_id();
}

}  // namespace

absl::Status ValidateApply(const v1::ApplyRequest& request) {
  size_t items = static_cast<size_t>(request.state_size()) +
                 static_cast<size_t>(request.outcome_size());
  if (items > limits::kMaxApplyItems) {
    return FieldError("state",
                      absl::StrCat("must be at most ", limits::kMaxApplyItems,
                                   " together with outcome"));
  }
  for (int i = 0; i < request.state_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("state[", i, "]"),
                                  ValidateState(request.state(i))));
  }
  for (int i = 0; i < request.outcome_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("outcome[", i, "]"),
                                  ValidateOutcome(request.outcome(i))));
  }
  return absl::OkStatus();
}

void EnforcementHandler::Apply(const services::Call& call,
                               const v1::ApplyRequest& request,
                               services::Done<v1::ApplyResponse> done) {
  absl::Status allowed = call.RequirePeer(moderation_);
  if (allowed.ok()) allowed = ValidateApply(request);
  if (!allowed.ok()) return std::move(done)(allowed);
  storage::RunTransaction(
      engine_,
      [this, &request](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(ApplyStates(request, transaction));
        return ApplyOutcomes(request, transaction);
      },
      [done = std::move(done)](absl::Status committed) mutable {
        if (!committed.ok()) return std::move(done)(committed);
        std::move(done)(v1::ApplyResponse());
      });
}

// A transaction does not see its own writes, so what this request has changed
// already is kept beside it and written once.
absl::Status EnforcementHandler::ApplyStates(
    const v1::ApplyRequest& request, storage::Transaction& transaction) const {
  std::map<std::string, ChangedAccount> accounts;
  for (const v1::EnforcementState& state : request.state()) {
    auto known = accounts.find(state.account_uri());
    if (known == accounts.end()) {
      FRANK_ASSIGN_OR_RETURN(
          absl::optional<storage::Enforcement> stored,
          storage::FindEnforcement(transaction, state.account_uri()));
      known = accounts.emplace(state.account_uri(), ChangedAccount{}).first;
      if (stored) known->second.enforcement = *std::move(stored);
    }
    TakeOver(state, &known->second);
  }
  for (const auto& [account, changed] : accounts) {
    if (!changed.changed) continue;
    storage::PutEnforcement(transaction, account, changed.enforcement);
    if (changed.notices.empty()) continue;
    FRANK_RETURN_IF_ERROR(storage::AppendNotices(
        transaction, account, clock_.Now(), changed.notices));
  }
  return absl::OkStatus();
}

absl::Status EnforcementHandler::ApplyOutcomes(
    const v1::ApplyRequest& request, storage::Transaction& transaction) const {
  std::map<std::pair<std::string, ReportId>, storage::ReportStatus> reports;
  for (const v1::OutcomeNotice& outcome : request.outcome()) {
    FRANK_ASSIGN_OR_RETURN(ReportId id,
                           ReportId::Parse("report_id", outcome.report_id()));
    auto key = std::make_pair(outcome.reporter_uri(), id);
    auto known = reports.find(key);
    if (known == reports.end()) {
      FRANK_ASSIGN_OR_RETURN(
          absl::optional<storage::ReportStatus> stored,
          storage::FindReport(transaction, outcome.reporter_uri(), id));
      if (!stored) continue;
      known = reports.emplace(std::move(key), *std::move(stored)).first;
    }
    Decide(outcome, &known->second);
  }
  for (const auto& [key, status] : reports) {
    storage::PutReport(transaction, key.first, key.second, status);
  }
  return absl::OkStatus();
}

}  // namespace frank::platform
