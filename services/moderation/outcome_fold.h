// Counts what decisions mean for reporters into the reporters' records, each
// mark once.
#ifndef FRANK_SERVICES_MODERATION_OUTCOME_FOLD_H_
#define FRANK_SERVICES_MODERATION_OUTCOME_FOLD_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "services/moderation/worker_lease.h"
#include "storage/engine.h"

namespace frank::moderation {

// Used by one thread, a Worker's. Of several instances one works, by lease.
class OutcomeFold {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Clock& clock;
    RandomSource& random;
  };
  explicit OutcomeFold(const Dependencies& dependencies);

  // Counts some of what waits. Returns after how many milliseconds to go on: 0
  // when there may be more.
  UnixMillis FoldSome();

  // Gives the work to whoever comes; after the last FoldSome.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TryFold();
  // One transaction a decision, which is of bounded size.
  absl::Status Count(const DecisionId& id);

  const Dependencies d_;
  WorkerLease lease_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_OUTCOME_FOLD_H_
