// How an appeal comes to the desk.
#ifndef FRANK_SERVICES_MODERATION_APPEAL_OPENING_H_
#define FRANK_SERVICES_MODERATION_APPEAL_OPENING_H_

#include <string>

#include "absl/status/status.h"
#include "core/clock.h"
#include "core/ids.h"
#include "services/moderation/act_log.h"
#include "storage/engine.h"

namespace frank::moderation {

struct AppealOpening {
  DecisionId decision_id;
  // Who brings it, as acts name it: the platform.
  std::string actor;
  UnixMillis now = 0;
  // How long until the answer is due.
  UnixMillis time_to_answer = 0;
};

// Moves the first case of a decision to APPEALED, within the transaction that
// takes the appeal in, with a deadline of its own; who proposed, decided or
// approved may not decide it. The verdict (DecideAppeal) is about the whole
// decision. The act is added to `acts`, which the caller writes. kNotFound
// without such a decision; kFailedPrecondition DECISION_STATE unless it holds,
// concerns the account and was never appealed against; as StateAfter for the
// case.
absl::Status OpenAppeal(storage::Transaction& transaction,
                        const AppealOpening& opening, ActLog* acts);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_APPEAL_OPENING_H_
