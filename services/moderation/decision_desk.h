// Decisions and what happens to them: each method is one transaction.
#ifndef FRANK_SERVICES_MODERATION_DECISION_DESK_H_
#define FRANK_SERVICES_MODERATION_DECISION_DESK_H_

#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/v1/decision.pb.h"
#include "services/common/call.h"
#include "services/moderation/decision_change.h"
#include "services/moderation/decision_timing.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/policy_book.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe; never blocks on a commit. Requests have been checked, all but
// the times in them: a repeat may come when they have passed.
class DecisionDesk {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const PolicyBook& policies;
    const Clock& clock;
    RandomSource& random;
    DecisionTiming timing;
    // How long cases that an act gives back are held.
    UnixMillis lease_time;
  };
  explicit DecisionDesk(const Dependencies& dependencies);

  // Decides cases that the caller holds, or proposes it.
  void Decide(const Moderator& moderator, const v1::DecideCaseRequest& request,
              services::Done<v1::DecideCaseResponse> done);

  // Does something to a decision: see ChangeInput.
  struct Change {
    v1::DecisionEventKind kind;
    std::string decision_id;
    std::string act_id;
    std::string reason;
    std::vector<uint64_t> seen_revisions;
  };
  void Apply(const Moderator& moderator, const Change& change,
             services::Done<ChangedDecision> done);
  // Decides the appeal of a case that the caller holds.
  void DecideAppeal(const Moderator& moderator,
                    const v1::DecideAppealRequest& request,
                    services::Done<ChangedDecision> done);

 private:
  using Body =
      absl::AnyInvocable<absl::StatusOr<ChangedDecision>(DecisionChange&)>;
  void Run(ChangeInput input, Body body, services::Done<ChangedDecision> done);

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_DESK_H_
