#include "tests/services/decision_world.h"

#include "core/status.h"
#include "crypto/hash.h"
#include "gtest/gtest.h"
#include "storage/case_store.h"
#include "storage/enforcement_store.h"

namespace frank::moderation {

std::string IdOf(char letter) { return std::string(16, letter); }

std::string ReasonOf(const absl::Status& status) {
  return FindReason(status).value_or(
      status.ok() ? "" : absl::StatusCodeToString(status.code()));
}

absl::Status RememberingPlatform::Apply(const v1::ApplyRequest& request) {
  if (before) before();
  if (!away.ok()) return away;
  for (const auto& state : request.state()) {
    v1::EnforcementState& held = accounts[state.account_uri()];
    if (state.number() <= held.number()) continue;
    held = state;
    if (state.notice() != v1::NOTICE_KIND_UNSPECIFIED) {
      notices.push_back(state.notice());
    }
  }
  for (const auto& outcome : request.outcome()) {
    v1::OutcomeNotice& held = outcomes[outcome.reporter_uri()];
    if (held.decided_at() <= outcome.decided_at()) held = outcome;
  }
  for (const auto& appeal : request.appeal()) appeals.push_back(appeal);
  return absl::OkStatus();
}

// By the rules of the platform's own store.
RememberingPlatform::Effective RememberingPlatform::At(
    const std::string& account, UnixMillis now) const {
  auto found = accounts.find(account);
  if (found == accounts.end()) return {};
  storage::Enforcement enforcement;
  enforcement.suspended = found->second.suspended();
  enforcement.suspended_until = found->second.suspended_until();
  enforcement.messages_an_hour = found->second.messages_an_hour();
  enforcement.limited_until = found->second.limited_until();
  return {enforcement.SuspendedAt(now), enforcement.MessagesAnHourAt(now)};
}

DecisionWorld::DecisionWorld(UnixMillis undo_window)
    : DecisionWorld(undo_window, nullptr) {}

DecisionWorld::DecisionWorld(UnixMillis undo_window,
                             std::unique_ptr<storage::Engine> store)
    : ModerationWorld(1, std::move(store)) {
  config.set_undo_window_ms(undo_window);
  config::v1::Moderator* senior = config.add_moderator();
  senior->set_id("sol");
  senior->add_role("senior");
  senior->set_token_sha256(ToHex(crypto::Sha256({AsBytes(kSecondSenior)})));
  StartAgain();
}

void DecisionWorld::StartAgain() {
  if (sender_) sender_->End();
  Restart();
  sender_ = std::make_unique<EffectSender>(
      EffectSender::Dependencies{*engine, receiver, clock, random});
}

void DecisionWorld::Send() {
  for (int i = 0; i < 100 && sender_->SendDue() == 0; ++i) {
  }
}

v1::CaseSummary DecisionWorld::NewCase(const std::string& accused,
                                       const std::string& reason,
                                       const std::string& token,
                                       const std::string& reporter) {
  Report(Content(accused, reason, {platform.SendText(accused, "abuse")}),
         reporter);
  Fold();
  return Claim(token).value().claimed();
}

v1::CaseState DecisionWorld::StateOf(const std::string& case_id) {
  return GetCase(kReviewer, case_id, false).value().case_summary().state();
}

absl::StatusOr<v1::DecideCaseResponse> DecisionWorld::DecideOne(
    const v1::CaseSummary& held, const std::vector<v1::Action>& actions,
    char id, const std::string& token) {
  return Decide(token, Decision(held, actions, IdOf(id)));
}

absl::StatusOr<v1::UndoDecisionResponse> DecisionWorld::Undo(
    const std::string& token, char id, char act) {
  v1::UndoDecisionRequest request;
  request.set_decision_id(IdOf(id));
  request.set_act_id(IdOf(act));
  return Ask(&DecisionHandler::UndoDecision, token, request);
}

absl::StatusOr<v1::ReverseDecisionResponse> DecisionWorld::Reverse(
    const std::string& token, char id, char act) {
  v1::ReverseDecisionRequest request;
  request.set_decision_id(IdOf(id));
  request.set_act_id(IdOf(act));
  request.set_reason("It was too hard.");
  return Ask(&DecisionHandler::ReverseDecision, token, request);
}

absl::StatusOr<v1::ApproveDecisionResponse> DecisionWorld::Approve(
    const std::string& token, char id, char act,
    const std::vector<uint64_t>& seen) {
  v1::ApproveDecisionRequest request;
  request.set_decision_id(IdOf(id));
  request.set_act_id(IdOf(act));
  for (uint64_t revision : seen) request.add_seen_revision(revision);
  return Ask(&DecisionHandler::ApproveDecision, token, request);
}

absl::StatusOr<v1::RefuseDecisionResponse> DecisionWorld::Refuse(
    const std::string& token, char id, char act) {
  v1::RefuseDecisionRequest request;
  request.set_decision_id(IdOf(id));
  request.set_act_id(IdOf(act));
  request.set_reason("A week would do.");
  return Ask(&DecisionHandler::RefuseDecision, token, request);
}

absl::StatusOr<v1::WithdrawDecisionResponse> DecisionWorld::Withdraw(
    const std::string& token, char id, char act) {
  v1::WithdrawDecisionRequest request;
  request.set_decision_id(IdOf(id));
  request.set_act_id(IdOf(act));
  return Ask(&DecisionHandler::WithdrawDecision, token, request);
}

absl::StatusOr<v1::ListApprovalsResponse> DecisionWorld::Approvals(
    const std::string& token) {
  return Ask(&DecisionHandler::ListApprovals, token,
             v1::ListApprovalsRequest());
}

absl::StatusOr<v1::ListStrikesResponse> DecisionWorld::Strikes(
    const std::string& account) {
  v1::ListStrikesRequest request;
  request.set_account_uri(account);
  return Ask(&DecisionHandler::ListStrikes, kReviewer, request);
}

v1::Decision DecisionWorld::Shown(const std::string& case_id, int index) {
  v1::GetCaseResponse shown = GetCase(kReviewer, case_id, false).value();
  EXPECT_GT(shown.decision_size(), index);
  return shown.decision_size() > index ? shown.decision(index) : v1::Decision();
}

}  // namespace frank::moderation
