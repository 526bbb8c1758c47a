#include "services/moderation/decision_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "services/moderation/account_sanctions.h"
#include "services/moderation/decision_plan.h"
#include "services/moderation/decision_proto.h"
#include "services/moderation/validate_decision.h"
#include "storage/decision_store.h"

namespace frank::moderation {
namespace {

absl::Status NotFound(absl::string_view what) {
  return WithReason(absl::NotFoundError(what), "NOT_FOUND");
}

// The sanctions of an account as a decision would leave them.
std::vector<storage::StoredSanction> With(
    std::vector<storage::StoredSanction> sanctions, const Actions& actions,
    const absl::optional<storage::v1::LadderStepRecord>& step, UnixMillis now) {
  storage::StoredSanction added;
  added.record.set_released(true);
  if (Has(actions, v1::ACTION_KIND_RESTORE)) {
    for (const storage::StoredSanction& other : sanctions) {
      added.record.add_lifted(ToString(other.id.bytes()));
    }
  }
  for (auto& action : SanctionsOf(actions, step, now)) {
    *added.record.add_action() = std::move(action);
  }
  sanctions.push_back(std::move(added));
  return sanctions;
}

// Number, policy, notice and decision stay empty.
void ShowState(const std::string& account, const DerivedState& derived,
               v1::EnforcementState* shown) {
  shown->set_account_uri(account);
  shown->set_suspended(derived.suspended);
  shown->set_suspended_until(derived.suspended_until);
  shown->set_messages_an_hour(derived.messages_an_hour);
  shown->set_limited_until(derived.limited_until);
}

}  // namespace

DecisionView::DecisionView(const Dependencies& dependencies)
    : d_(dependencies) {}

absl::StatusOr<v1::PreviewDecisionResponse> DecisionView::Preview(
    const v1::PreviewDecisionRequest& request) const {
  const Actions& actions = request.action();
  FRANK_ASSIGN_OR_RETURN(auto cases, FindCases(request));
  FRANK_ASSIGN_OR_RETURN(auto policy, d_.policies.FindPolicy(request.policy()));
  FRANK_ASSIGN_OR_RETURN(
      auto reason, d_.policies.FindReason(request.reason(), Acts(actions)));
  const std::string& account = cases.front().record.accused_uri();
  if (Acts(actions) && account.empty()) {
    return FieldError("action", "must be NONE: the case accuses nobody");
  }
  FRANK_RETURN_IF_ERROR(CheckEnds(actions, d_.clock.Now()));
  v1::PreviewDecisionResponse response;
  Step step;
  if (AddsStrike(actions) && policy.strike_weight() > 0) {
    FRANK_ASSIGN_OR_RETURN(step, StepOf(account, policy));
    *response.mutable_ladder_step() = ToProto(*step);
    response.set_strike_weight(policy.strike_weight());
    response.set_strike_lifetime_ms(d_.policies.strike_lifetime());
  }
  const bool report_asks = std::any_of(
      cases.begin(), cases.end(), [](const storage::StoredCase& stored) {
        return stored.record.needs_second_person();
      });
  for (v1::ApprovalCause cause :
       ApprovalCausesOf(actions, step, policy, reason, report_asks)) {
    response.add_approval_cause(cause);
  }
  response.set_least_wait_ms(d_.timing.undo_window + d_.timing.least_delay);
  response.set_most_wait_ms(d_.timing.undo_window + d_.timing.most_delay);
  FRANK_RETURN_IF_ERROR(ShowAccount(account, request, step, &response));
  FRANK_RETURN_IF_ERROR(ShowTold(cases, request, &response));
  return response;
}

absl::StatusOr<std::vector<storage::StoredCase>> DecisionView::FindCases(
    const v1::PreviewDecisionRequest& request) const {
  std::vector<storage::StoredCase> cases;
  for (int i = 0; i < request.case_id_size(); ++i) {
    storage::StoredCase stored;
    FRANK_ASSIGN_OR_RETURN(stored.id,
                           CaseId::Parse("case_id", request.case_id(i)));
    FRANK_ASSIGN_OR_RETURN(auto found, storage::FindCase(d_.engine, stored.id));
    if (!found) return NotFound("no such case");
    stored.record = *std::move(found);
    cases.push_back(std::move(stored));
    if (cases[i].record.accused_uri() != cases[0].record.accused_uri()) {
      return FieldError(absl::StrCat("case_id[", i, "]"),
                        "must accuse the same account as the first");
    }
  }
  return cases;
}

absl::StatusOr<DecisionView::Step> DecisionView::StepOf(
    const std::string& account, const storage::v1::PolicyRecord& policy) const {
  FRANK_ASSIGN_OR_RETURN(auto strikes,
                         storage::ListStrikes(d_.engine, account));
  return Step(
      StepFor(d_.policies.ladder(),
              CountStrikes(strikes, d_.clock.Now()) + policy.strike_weight()));
}

absl::Status DecisionView::ShowAccount(
    const std::string& account, const v1::PreviewDecisionRequest& request,
    const Step& step, v1::PreviewDecisionResponse* response) const {
  FRANK_ASSIGN_OR_RETURN(auto sanctions,
                         storage::ListSanctions(d_.engine, account));
  const UnixMillis now = d_.clock.Now();
  const DerivedState derived =
      DeriveState(With(std::move(sanctions), request.action(), step, now), now);
  ShowState(account, derived, response->mutable_account());
  response->mutable_account()->set_notice(NoticeFor(request.action(), step));
  return absl::OkStatus();
}

absl::Status DecisionView::ShowTold(
    const std::vector<storage::StoredCase>& cases,
    const v1::PreviewDecisionRequest& request,
    v1::PreviewDecisionResponse* response) const {
  std::map<v1::ReportOutcome, uint32_t> told;
  for (const storage::StoredCase& stored : cases) {
    FRANK_ASSIGN_OR_RETURN(auto reports,
                           storage::ListCaseReports(d_.engine, stored.id));
    for (const storage::CaseReport& report : reports) {
      ++told[OutcomeFor(request.action(), report.proves)];
    }
  }
  for (const auto& [outcome, count] : told) {
    auto* added = response->add_told();
    added->set_outcome(outcome);
    added->set_count(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListApprovalsResponse> DecisionView::Approvals(
    const v1::ListApprovalsRequest& request) const {
  std::string after;
  if (!absl::WebSafeBase64Unescape(request.page_token(), &after)) {
    return FieldError("page_token", "must be one that was returned");
  }
  const size_t limit =
      request.page_size() == 0 ? limits::kDefaultPageSize : request.page_size();
  FRANK_ASSIGN_OR_RETURN(storage::ApprovalPage page,
                         storage::ListApprovals(d_.engine, after, limit));
  v1::ListApprovalsResponse response;
  for (const storage::StoredDecision& stored : page.decisions) {
    auto* approval = response.add_approval();
    approval->set_accused_uri(stored.record.accused_uri());
    FRANK_ASSIGN_OR_RETURN(
        *approval->mutable_decision(),
        ShowDecision(d_.vault, d_.engine, stored.id, stored.record));
  }
  response.set_next_page_token(absl::WebSafeBase64Escape(page.next));
  return response;
}

absl::StatusOr<v1::ListPoliciesResponse> DecisionView::Policies(
    const v1::ListPoliciesRequest& request) const {
  const bool in_force =
      request.version() == 0 || request.version() == d_.policies.version();
  storage::v1::PolicyVersionRecord policies = d_.policies.policies();
  if (!in_force) {
    FRANK_ASSIGN_OR_RETURN(
        auto stored, storage::FindPolicyVersion(d_.engine, request.version()));
    if (!stored) return NotFound("no such version");
    policies = *std::move(stored);
  }
  v1::ListPoliciesResponse response;
  response.set_version(in_force ? d_.policies.version() : request.version());
  for (const auto& policy : policies.policy()) {
    *response.add_policy() = ToProto(policy);
  }
  for (const auto& reason : policies.action_reason()) {
    *response.add_action_reason() = ToProto(reason);
  }
  for (const auto& reason : policies.no_action_reason()) {
    *response.add_no_action_reason() = ToProto(reason);
  }
  for (const auto& step : d_.policies.ladder()) {
    *response.add_ladder() = ToProto(step);
  }
  response.set_strike_lifetime_ms(d_.policies.strike_lifetime());
  return response;
}

absl::StatusOr<v1::ListStrikesResponse> DecisionView::Strikes(
    const v1::ListStrikesRequest& request) const {
  FRANK_ASSIGN_OR_RETURN(
      auto strikes, storage::ListStrikes(d_.engine, request.account_uri()));
  FRANK_ASSIGN_OR_RETURN(
      auto sanctions, storage::ListSanctions(d_.engine, request.account_uri()));
  const UnixMillis now = d_.clock.Now();
  v1::ListStrikesResponse response;
  response.set_strike_count(CountStrikes(strikes, now));
  ShowState(request.account_uri(), DeriveState(sanctions, now),
            response.mutable_account());
  std::reverse(strikes.begin(), strikes.end());
  strikes.resize(std::min(strikes.size(), limits::kMaxStrikesShown));
  for (const storage::StoredStrike& strike : strikes) {
    v1::Strike* added = response.add_strike();
    added->set_decision_id(ToString(strike.id.bytes()));
    added->set_policy(strike.record.policy());
    added->set_weight(strike.record.weight());
    added->set_added_at(strike.added_at);
    added->set_expires_at(strike.record.expires_at());
    added->set_reversed(strike.record.reversed());
  }
  return response;
}

}  // namespace frank::moderation
