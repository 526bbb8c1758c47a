#include "services/platform/enforcement_handler.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "services/platform/enforcement_run.h"

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
      state.notice() > v1::NOTICE_KIND_REVERSED) {
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

absl::Status ValidateAppeal(const v1::AppealNotice& appeal) {
  FRANK_RETURN_IF_ERROR(CheckUri("account_uri", appeal.account_uri()));
  if (appeal.outcome() == v1::APPEAL_OUTCOME_UNSPECIFIED ||
      !v1::AppealOutcome_IsValid(appeal.outcome())) {
    return FieldError("outcome", "must be a known outcome");
  }
  if (appeal.decided_at() == 0) return FieldError("decided_at", "must be set");
  return DecisionId::Parse("decision_id", appeal.decision_id()).status();
}

}  // namespace

absl::Status ValidateApply(const v1::ApplyRequest& request) {
  size_t items = static_cast<size_t>(request.state_size()) +
                 static_cast<size_t>(request.outcome_size()) +
                 static_cast<size_t>(request.appeal_size());
  if (items > limits::kMaxApplyItems) {
    return FieldError("state",
                      absl::StrCat("must be at most ", limits::kMaxApplyItems,
                                   " together with outcome and appeal"));
  }
  for (int i = 0; i < request.state_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("state[", i, "]"),
                                  ValidateState(request.state(i))));
  }
  for (int i = 0; i < request.outcome_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("outcome[", i, "]"),
                                  ValidateOutcome(request.outcome(i))));
  }
  for (int i = 0; i < request.appeal_size(); ++i) {
    FRANK_RETURN_IF_ERROR(InField(absl::StrCat("appeal[", i, "]"),
                                  ValidateAppeal(request.appeal(i))));
  }
  return absl::OkStatus();
}

void EnforcementHandler::Apply(const services::Call& call,
                               const v1::ApplyRequest& request,
                               services::Done<v1::ApplyResponse> done) {
  absl::Status allowed = call.RequirePeer(d_.moderation);
  if (allowed.ok()) allowed = ValidateApply(request);
  if (!allowed.ok()) return std::move(done)(allowed);
  storage::RunTransaction(
      d_.engine,
      [this, &request](storage::Transaction& transaction) -> absl::Status {
        EnforcementRun run(transaction, d_.clock.Now(), d_.appeal_period);
        for (const v1::EnforcementState& state : request.state()) {
          FRANK_RETURN_IF_ERROR(run.Add(state));
        }
        for (const v1::OutcomeNotice& outcome : request.outcome()) {
          FRANK_RETURN_IF_ERROR(run.Add(outcome));
        }
        for (const v1::AppealNotice& appeal : request.appeal()) {
          FRANK_RETURN_IF_ERROR(run.Add(appeal));
        }
        return run.Write();
      },
      [done = std::move(done)](absl::Status committed) mutable {
        if (!committed.ok()) return std::move(done)(committed);
        std::move(done)(v1::ApplyResponse());
      });
}

}  // namespace frank::platform
