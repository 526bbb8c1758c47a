#include "services/moderation/moderation_metrics.h"

#include <string>
#include <utility>
#include <vector>

#include "crypto/report.h"
#include "services/moderation/target_tally.h"

namespace frank::moderation {
namespace {

using crypto::Verdict;
using services::MetricFamily;
using services::MetricKind;

constexpr std::pair<Verdict, const char*> kVerdicts[] = {
    {Verdict::kMalformed, "malformed"},
    {Verdict::kExpiredKey, "expired_key"},
    {Verdict::kUnknownKey, "unknown_key"},
    {Verdict::kForgedFrank, "forged_frank"},
    {Verdict::kBadOpening, "bad_opening"},
    {Verdict::kProven, "proven"}};

MetricFamily Verifications() {
  return {"report_verification_total",
          MetricKind::kCounter,
          "Verdicts of reported messages, and reports that do not open",
          {"verdict"}};
}
MetricFamily Reveals() {
  return {"reveal_total",
          MetricKind::kCounter,
          "Pieces of evidence that were shown",
          {"category"}};
}

MetricFamily Referrals() {
  return {"referral_state_total",
          MetricKind::kCounter,
          "Matters for an authority that came into a state",
          {"authority", "state"}};
}
constexpr std::pair<storage::ReferralState, const char*> kReferralStates[] = {
    {storage::ReferralState::kWaiting, "waiting"},
    {storage::ReferralState::kAssigned, "assigned"},
    {storage::ReferralState::kHandedOver, "handed_over"},
    {storage::ReferralState::kWithdrawn, "withdrawn"}};

// From a minute to a quarter of a year.
std::vector<double> AgeBounds() {
  return {60,     600,    3600,    21600,   86400,
          259200, 604800, 1209600, 2592000, 7776000};
}

double SecondsOf(UnixMillis time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

std::vector<double> TargetBounds() {
  std::vector<double> bounds;
  for (UnixMillis time : kTargetTimes) bounds.push_back(SecondsOf(time));
  return bounds;
}

}  // namespace

ModerationMetrics::ModerationMetrics(services::Metrics& metrics,
                                     const Authorities& authorities)
    : unopenable_(metrics.AddCounter(Verifications(), {"unopenable"})),
      proof_age_(metrics.AddHistogram(
          {"report_proof_age_seconds",
           MetricKind::kHistogram,
           "How old proven messages were when they were reported",
           {}},
          AgeBounds())),
      leases_expired_(metrics.AddCounter(
          {"lease_expired_total",
           MetricKind::kCounter,
           "Leases on cases that ended without being given back",
           {}})),
      budgets_exhausted_(metrics.AddCounter(
          {"exposure_budget_exhausted_total",
           MetricKind::kCounter,
           "Reveals that the budget of a shift had no room for",
           {}})),
      first_actions_(metrics.AddHistogram(
          {"time_to_first_action_seconds",
           MetricKind::kHistogram,
           "From the opening of a case until somebody first claimed it",
           {}},
          TargetBounds())),
      decisions_(metrics.AddHistogram(
          {"time_to_decision_seconds",
           MetricKind::kHistogram,
           "From the opening of a case until it was decided",
           {}},
          TargetBounds())) {
  std::vector<std::string> names = {kUnassigned, kOtherAuthority};
  for (const auto& entry : authorities.all()) names.push_back(entry.first);
  for (const std::string& authority : names) {
    for (const auto& [state, name] : kReferralStates) {
      referrals_[{authority, state}] =
          &metrics.AddCounter(Referrals(), {authority, name});
    }
  }
  for (const auto& [verdict, name] : kVerdicts) {
    verdicts_[static_cast<uint32_t>(verdict)] =
        &metrics.AddCounter(Verifications(), {name});
  }
  for (Exposure category : kExposures) {
    reveals_[category] =
        &metrics.AddCounter(Reveals(), {std::string(ExposureName(category))});
  }
}

void ModerationMetrics::Judged(uint32_t verdict) {
  auto found = verdicts_.find(verdict);
  if (found != verdicts_.end()) found->second->Add();
}

void ModerationMetrics::Proven(UnixMillis age) {
  proof_age_.Observe(SecondsOf(age));
}

void ModerationMetrics::Revealed(Exposure category, uint64_t pieces) {
  auto found = reveals_.find(category);
  if (found != reveals_.end()) found->second->Add(pieces);
}

void ModerationMetrics::FirstAction(UnixMillis after) {
  first_actions_.Observe(SecondsOf(after));
}

void ModerationMetrics::Decided(UnixMillis after) {
  decisions_.Observe(SecondsOf(after));
}

void ModerationMetrics::Referral(const std::string& authority,
                                 storage::ReferralState state) {
  auto found =
      referrals_.find({authority.empty() ? kUnassigned : authority, state});
  if (found == referrals_.end()) {
    found = referrals_.find({kOtherAuthority, state});
  }
  found->second->Add();
}

}  // namespace frank::moderation
