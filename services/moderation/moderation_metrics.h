// What frank-moderation counts beside its calls: what happened, and to how
// many; never to whom or by whom.
#ifndef FRANK_SERVICES_MODERATION_MODERATION_METRICS_H_
#define FRANK_SERVICES_MODERATION_MODERATION_METRICS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/taxonomy.h"
#include "services/common/metrics.h"
#include "services/moderation/authorities.h"
#include "storage/referral_store.h"

namespace frank::moderation {

// Thread-safe; lock-free. `metrics` outlives it. Each is called once what it is
// about is durable.
class ModerationMetrics {
 public:
  explicit ModerationMetrics(services::Metrics& metrics,
                             const Authorities& authorities = {});

  // A reported message got a verdict, crypto::Verdict by number; a report could
  // not be opened.
  void Judged(uint32_t verdict);
  void NotOpened() { unopenable_.Add(); }
  // How old a message was, when it was reported, that a report proves.
  void Proven(UnixMillis age);

  // A lease ended without being given back, and the case was taken from it.
  void LeaseExpired() { leases_expired_.Add(); }

  // Pieces of evidence were shown; a reveal was refused for the budget.
  void Revealed(Exposure category, uint64_t pieces);
  void BudgetExhausted() { budgets_exhausted_.Add(); }

  // A case was claimed for the first time, or decided, so long after it opened.
  void FirstAction(UnixMillis after);
  void Decided(UnixMillis after);
  // A matter that a decision referred came into a state; no authority: "".
  void Referral(const std::string& authority, storage::ReferralState state);

 private:
  std::map<uint32_t, services::Counter*> verdicts_;
  services::Counter& unopenable_;
  services::Histogram& proof_age_;
  services::Counter& leases_expired_;
  std::map<Exposure, services::Counter*> reveals_;
  services::Counter& budgets_exhausted_;
  services::Histogram& first_actions_;
  services::Histogram& decisions_;
  // By authority and state.
  std::map<std::pair<std::string, storage::ReferralState>, services::Counter*>
      referrals_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_MODERATION_METRICS_H_
