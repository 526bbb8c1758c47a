// Which case a claim of the next one gets.
#ifndef FRANK_SERVICES_MODERATION_CLAIM_CHOICE_H_
#define FRANK_SERVICES_MODERATION_CLAIM_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/claims_under_way.h"
#include "services/moderation/moderator.h"
#include "services/moderation/routing.h"
#include "services/moderation/waiting_queue.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Whether somebody may have a case at all: kPermissionDenied EXCLUDED when they
// decided it before, NOT_PERMITTED when it waits for seniors.
absl::Status CheckMayHold(const Routing& routing, const Moderator& moderator,
                          const storage::v1::CaseRecord& record);

// What somebody who claims the next case wants and may have.
struct ClaimWish {
  Moderator moderator;
  v1::ClaimFilter filter;
  // Queues of the filter, or all that they serve; without the lanes of which
  // they may have no case.
  WaitingQueue::Parts parts;
  WaitingPlace after;
};
// kInvalidArgument on a queue that there is not and on a strange page token;
// kPermissionDenied NOT_PERMITTED on a queue that is for seniors.
absl::StatusOr<ClaimWish> MakeClaimWish(const Routing& routing,
                                        const Moderator& moderator,
                                        const v1::ClaimCaseRequest& request);

// Whether a case is what is wanted, besides its queue and severity.
bool Wants(const ClaimWish& wish, const Routing& routing,
           const storage::v1::CaseRecord& record);

// One free case that is wanted, as the index and the cases were when they were
// read, which was untracked: look again in the transaction. Chosen at random
// among the most urgent ones that no other claim of this process is about to
// take; after an attempt that was lost to another instance also among those of
// the same severity that follow, 32 in all at most.
struct ClaimChoice {
  // Kept for this claim.
  absl::optional<ClaimsUnderWay::Hold> chosen;
  // Nothing was chosen, though not all that waits was looked at: where to go
  // on.
  absl::optional<WaitingPlace> rest;
};
absl::StatusOr<ClaimChoice> ChooseCase(storage::Engine& engine,
                                       const Routing& routing,
                                       const ClaimWish& wish, UnixMillis now,
                                       size_t attempt, RandomSource& random,
                                       ClaimsUnderWay& under_way);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CLAIM_CHOICE_H_
