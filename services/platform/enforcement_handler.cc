#include "services/platform/enforcement_handler.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "storage/account_store.h"
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
  if (state.notice() < v1::NOTICE_KIND_UNSPECIFIED ||
      state.notice() > v1::NOTICE_KIND_RESTORED) {
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

storage::v1::NoticeRecord NoticeOf(const v1::EnforcementState& state) {
  storage::v1::NoticeRecord notice;
  notice.set_notice_id(state.decision_id());
  notice.set_kind(static_cast<uint32_t>(state.notice()));
  notice.set_policy(state.policy());
  notice.set_until(UntilOf(state));
  return notice;
}

storage::v1::NoticeRecord NoticeOf(const v1::OutcomeNotice& outcome) {
  storage::v1::NoticeRecord notice;
  notice.set_notice_id(outcome.decision_id());
  notice.set_kind(v1::NOTICE_KIND_REPORT_DECIDED);
  notice.set_report_id(outcome.report_id());
  notice.set_report_outcome(static_cast<uint32_t>(outcome.outcome()));
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

// One run of the transaction. A transaction does not see its own writes, so
// what this request has changed already is kept beside it and written once.
class ApplyRun {
 public:
  ApplyRun(storage::Transaction& transaction, UnixMillis now)
      : transaction_(transaction), now_(now) {}

  absl::Status Add(const v1::EnforcementState& state) {
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
    if (state.number() <= known->second.number) return absl::OkStatus();
    known->second = FromProto(state);
    changed_.insert(state.account_uri());
    if (state.notice() != v1::NOTICE_KIND_UNSPECIFIED) {
      notices_[state.account_uri()].push_back(NoticeOf(state));
    }
    return absl::OkStatus();
  }

  absl::Status Add(const v1::OutcomeNotice& outcome) {
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

  absl::Status Write() {
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

 private:
  // Reporters of other messengers have no devices here to be told.
  absl::StatusOr<bool> WantsNotice(const v1::OutcomeNotice& outcome,
                                   const storage::ReportStatus& status) {
    if (status.notices_off) return false;
    FRANK_ASSIGN_OR_RETURN(
        auto choices,
        storage::GetReporterChoices(transaction_, outcome.reporter_uri()));
    if (choices.notices_off()) return false;
    FRANK_ASSIGN_OR_RETURN(
        auto account,
        storage::FindAccount(transaction_, outcome.reporter_uri()));
    return account.has_value();
  }

  storage::Transaction& transaction_;
  const UnixMillis now_;
  std::map<std::string, storage::Enforcement> states_;
  std::set<std::string> changed_;
  std::map<std::pair<std::string, ReportId>, storage::ReportStatus> reports_;
  std::map<std::string, std::vector<storage::v1::NoticeRecord>> notices_;
};

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
        ApplyRun run(transaction, clock_.Now());
        for (const v1::EnforcementState& state : request.state()) {
          FRANK_RETURN_IF_ERROR(run.Add(state));
        }
        for (const v1::OutcomeNotice& outcome : request.outcome()) {
          FRANK_RETURN_IF_ERROR(run.Add(outcome));
        }
        return run.Write();
      },
      [done = std::move(done)](absl::Status committed) mutable {
        if (!committed.ok()) return std::move(done)(committed);
        std::move(done)(v1::ApplyResponse());
      });
}

}  // namespace frank::platform
