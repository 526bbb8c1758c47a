#include "tests/e2e/shift/desk.h"

#include <utility>

#include "core/status.h"

namespace frank::shift {

absl::Status Desk::FetchPolicies(const ModerationClient& client) {
  FRANK_ASSIGN_OR_RETURN(v1::ListPoliciesResponse response,
                         client.Call(&v1::DecisionService::Stub::ListPolicies,
                                     v1::ListPoliciesRequest()));
  for (const v1::Policy& policy : response.policy()) {
    if (!policy.heading()) policies_.push_back(policy.policy());
  }
  for (const v1::DecisionReason& reason : response.action_reason()) {
    action_reasons_.push_back(reason.reason());
  }
  for (const v1::DecisionReason& reason : response.no_action_reason()) {
    no_action_reasons_.push_back(reason.reason());
  }
  return absl::OkStatus();
}

void Desk::Acknowledged(const std::string& act_hash) {
  absl::MutexLock lock(&mutex_);
  acts_.insert(act_hash);
}

std::set<std::string> Desk::acknowledged() const {
  absl::MutexLock lock(&mutex_);
  return acts_;
}

void Desk::Made(MadeDecision decision) {
  absl::MutexLock lock(&mutex_);
  if (decision.concerns_account) to_appeal_.push_back(decision);
  made_.push_back(std::move(decision));
}

absl::optional<MadeDecision> Desk::SomeDecision(Dice* dice) const {
  absl::MutexLock lock(&mutex_);
  if (made_.empty()) return absl::nullopt;
  return dice->Pick(made_);
}

absl::optional<MadeDecision> Desk::NextToAppeal() {
  absl::MutexLock lock(&mutex_);
  if (to_appeal_.empty()) return absl::nullopt;
  MadeDecision next = std::move(to_appeal_.front());
  to_appeal_.pop_front();
  return next;
}

void Desk::Muted(const std::string& reporter_uri) {
  absl::MutexLock lock(&mutex_);
  muted_.push_back(reporter_uri);
}

std::vector<std::string> Desk::muted() const {
  absl::MutexLock lock(&mutex_);
  return muted_;
}

}  // namespace frank::shift
