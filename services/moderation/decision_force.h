// What a decision does once it is made, and how that is taken back.
#ifndef FRANK_SERVICES_MODERATION_DECISION_FORCE_H_
#define FRANK_SERVICES_MODERATION_DECISION_FORCE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/decision.pb.h"
#include "storage/engine.h"

namespace frank::moderation {

// The store within a transaction. `engine` is read for the reports of cases
// whose records the transaction tracks.
struct ForceContext {
  storage::Engine& engine;
  storage::Transaction& transaction;
  UnixMillis now;
};

// Makes a decision: adds its strike, its sanction and its referral, and puts
// its effects into the outbox for `due`. Fills in what the record says of that.
absl::Status PutInForce(const ForceContext& context, const DecisionId& id,
                        UnixMillis due, storage::v1::DecisionRecord* record);

// Whether every effect waits still; tracked.
absl::StatusOr<bool> EffectsWait(storage::Transaction& transaction,
                                 const DecisionId& id,
                                 const storage::v1::DecisionRecord& record);

// Removes all that PutInForce added but its referral. The effects wait.
absl::Status RemoveFromForce(storage::Transaction& transaction,
                             const DecisionId& id,
                             const storage::v1::DecisionRecord& record);

// Takes back what a decision did to the account: ends its sanction, reverses
// its strike, and tells the account and the reporters at once, under the id of
// the act.
absl::Status TakeBack(const ForceContext& context, const DecisionId& id,
                      const DecisionId& act_id,
                      const storage::v1::DecisionRecord& record);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_FORCE_H_
