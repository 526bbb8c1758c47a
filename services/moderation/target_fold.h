// Counts what happened into days, each thing once, and forgets days that are
// older than they are kept.
#ifndef FRANK_SERVICES_MODERATION_TARGET_FOLD_H_
#define FRANK_SERVICES_MODERATION_TARGET_FOLD_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/targets.h"
#include "services/moderation/worker_lease.h"
#include "storage/engine.h"
#include "storage/target_store.h"

namespace frank::moderation {

// Used by one thread, a Worker's. Of several instances one works, by lease.
class TargetFold {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Targets& targets;
    const Clock& clock;
    RandomSource& random;
    ModerationMetrics& metrics;
  };
  explicit TargetFold(const Dependencies& dependencies);

  // Counts some of what waits. Returns after how many milliseconds to go on: 0
  // when there is more.
  UnixMillis FoldSome();

  // Gives the work to whoever comes; after the last FoldSome.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TryFold();
  // One transaction: the events go as the days that have counted them come.
  absl::Status Count(const std::vector<storage::StoredTargetEvent>& events);
  absl::Status Forget(UnixMillis now);

  const Dependencies d_;
  WorkerLease lease_;
  UnixMillis forgotten_at_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_TARGET_FOLD_H_
