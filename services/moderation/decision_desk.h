// Decisions: in one transaction a case is decided, the account's enforcement
// state changes, and the outbox gets what the platform and reporters are told.
#ifndef FRANK_SERVICES_MODERATION_DECISION_DESK_H_
#define FRANK_SERVICES_MODERATION_DECISION_DESK_H_

#include <string>

#include "core/clock.h"
#include "frank/v1/review.pb.h"
#include "services/common/call.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe; never blocks on a commit.
class DecisionDesk {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const Clock& clock;
    // Between a decision and its effects.
    UnixMillis undo_window;
  };
  explicit DecisionDesk(const Dependencies& dependencies);

  // Decides a case that the caller holds. The same decision id with the same
  // content again gives the first answer; with other content kAlreadyExists
  // ID_CONFLICT. The request is checked, all but the times in it: a repeat may
  // come when they have passed.
  void Decide(const Moderator& moderator, const v1::DecideCaseRequest& request,
              services::Done<v1::DecideCaseResponse> done);

 private:
  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_DESK_H_
