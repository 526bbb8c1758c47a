// The background work of retention: shreds cases whose time is over.
//
// Each step is durable before the next, so a process that ends at any point is
// followed by one that goes on:
//
//   1. the case is marked SHREDDING, if nothing stands in the way: from here on
//      nobody sees its content or changes it;
//   2. its wrapped keys are deleted, with what they opened (CaseErasure);
//   3. the store rewrites the files that held deleted keys, and drops its logs;
//   4. the case is marked SHREDDED, with the act that says so.
#ifndef FRANK_SERVICES_MODERATION_RETENTION_KEEPER_H_
#define FRANK_SERVICES_MODERATION_RETENTION_KEEPER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/random.h"
#include "services/moderation/retention_rules.h"
#include "services/moderation/worker_lease.h"
#include "storage/engine.h"
#include "storage/retention_store.h"

namespace frank::moderation {

// Used by one thread, a Worker's.
class RetentionKeeper {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const RetentionRules& rules;
    const Clock& clock;
    RandomSource& random;
  };
  explicit RetentionKeeper(const Dependencies& dependencies);

  // Shreds some of what is due. Returns after how many milliseconds to go on: 0
  // when there is more.
  UnixMillis Tend();

  // Gives the work to whoever comes; after the last Tend.
  void End() { lease_.Release(); }

 private:
  // Where a round over all that is closed has come to: a class and bucket, and
  // the case behind which it goes on there.
  struct Place {
    size_t range = 0;
    absl::optional<storage::ClosedCase> after;
  };

  absl::StatusOr<UnixMillis> TryTend();
  // Marks some of what is due. Returns whether the round is over.
  absl::StatusOr<bool> MarkSome(UnixMillis now);
  absl::Status Mark(storage::Transaction& transaction, const CaseId& id,
                    UnixMillis now) const;
  // Erases what is marked, all the way.
  absl::Status ShredMarked();
  absl::Status Finish(storage::Transaction& transaction,
                      const CaseId& id) const;

  // A transaction of the work: tracks the lease.
  absl::Status Run(storage::TransactionBody body);

  const Dependencies d_;
  WorkerLease lease_;
  Place place_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_RETENTION_KEEPER_H_
