// The background work of the queue: returns cases whose lease lapsed, wakes
// those whose hold is over, takes expired tags off, routes anew what waits in a
// queue that is gone, trims the log of changes, forgets who looked at cases.
#ifndef FRANK_SERVICES_MODERATION_QUEUE_KEEPER_H_
#define FRANK_SERVICES_MODERATION_QUEUE_KEEPER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/routing.h"
#include "services/moderation/worker_lease.h"
#include "storage/case_change_store.h"
#include "storage/engine.h"
#include "storage/queue_schema.h"

namespace frank::moderation {

// Used by one thread, a Worker's.
class QueueKeeper {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Routing& routing;
    const Clock& clock;
    RandomSource& random;
    ModerationMetrics& metrics;
  };
  explicit QueueKeeper(const Dependencies& dependencies);

  // Does some of what is due. Returns after how many milliseconds to go on: 0
  // when there is more.
  UnixMillis Tend();

  // Gives the work to whoever comes; after the last Tend.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TryTend();
  absl::StatusOr<std::vector<CaseId>> ScanDue(UnixMillis now);
  // Returns how many.
  absl::StatusOr<size_t> TendCases(const std::vector<CaseId>& due,
                                   UnixMillis now);
  absl::Status NoteSwept(UnixMillis now);
  absl::Status KeepChanges(UnixMillis now);
  absl::Status TrimChanges(UnixMillis now);
  absl::Status ForgetAttendance(UnixMillis now);

  // A transaction of the work: tracks the lease.
  absl::Status Run(storage::TransactionBody body);

  const Dependencies d_;
  WorkerLease lease_;
  UnixMillis swept_at_ = 0;
  UnixMillis marked_at_ = 0;
  UnixMillis forgot_at_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_QUEUE_KEEPER_H_
