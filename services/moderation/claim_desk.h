// Taking cases from the queue, keeping them, giving them back.
#ifndef FRANK_SERVICES_MODERATION_CLAIM_DESK_H_
#define FRANK_SERVICES_MODERATION_CLAIM_DESK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "frank/v1/review.pb.h"
#include "services/common/call.h"
#include "services/common/work_queue.h"
#include "services/moderation/case_view.h"
#include "services/moderation/claim_choice.h"
#include "services/moderation/claims_under_way.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/moderator.h"
#include "services/moderation/reveal_desk.h"
#include "services/moderation/routing.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe; never blocks on a commit. Callers are authorized, requests
// checked. Everything it was made of outlives it and its commits.
class ClaimDesk {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const CaseView& view;
    const RevealDesk& reveals;
    const Routing& routing;
    const Clock& clock;
    RandomSource& random;
    UnixMillis lease_time;
    ModerationMetrics& metrics;
    // Cases that one moderator holds at most.
    uint32_t held_limit;
  };
  explicit ClaimDesk(const Dependencies& dependencies);

  using Done = services::Done<v1::ClaimCaseResponse>;

  // Takes the next case by priority that the filter lets through. The queues
  // are read untracked; one of those with equal priority is chosen at random
  // and tracked alone, so that two never get one case. Errors as MakeClaimWish
  // and CheckHeldQuota.
  void ClaimNext(const Moderator& moderator,
                 const v1::ClaimCaseRequest& request, Done done);
  // Takes the named case. Who holds it is answered with the lease that they
  // have: the same again is the same. Errors as StateAfter, CheckMayHold and
  // CheckHeldQuota.
  void ClaimNamed(const Moderator& moderator,
                  const v1::ClaimCaseRequest& request, Done done);
  void Renew(const Moderator& moderator, const CaseId& id, uint64_t epoch,
             services::Done<v1::RenewLeaseResponse> done);
  void Release(const std::string& moderator, const CaseId& id, uint64_t epoch,
               const std::string& note,
               services::Done<v1::ReleaseCaseResponse> done);

 private:
  // Puts cases whose lease ended back into the queue, then goes on, on a thread
  // that may read.
  void ReturnLapsed(absl::AnyInvocable<void()> next);
  // Adds to an answer the case that was taken, if that is asked for and the
  // case can be shown, with what of its content is asked for and may be seen:
  // it is the caller's either way.
  Done ThenShow(const Moderator& moderator, const v1::ClaimCaseRequest& request,
                Done done);
  void Show(const Moderator& moderator, const v1::ClaimCaseRequest& request,
            v1::ClaimCaseResponse answer, Done done) const;
  // A claim of the next case: it travels from attempt to attempt.
  struct NextClaim;
  // Attempts it until it commits, each time on a thread that may read.
  void TakeNext(std::unique_ptr<NextClaim> claim);
  absl::Status TryNext(storage::Transaction& transaction, NextClaim* claim);
  // Chooses a case for it, or answers it that none waits and returns false.
  absl::StatusOr<bool> Choose(NextClaim* claim);
  absl::Status Take(storage::Transaction& transaction,
                    const std::string& moderator, const CaseId& id,
                    storage::v1::CaseRecord* record) const;

  const Dependencies d_;
  ClaimsUnderWay under_way_;
  // When a claim last found that no lease has ended.
  std::atomic<UnixMillis> looked_at_{0};
  // Where a claim goes on that had to return cases first, or others were faster
  // than. The last member: what is left of it uses the others.
  services::WorkQueue work_{"claims"};
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CLAIM_DESK_H_
