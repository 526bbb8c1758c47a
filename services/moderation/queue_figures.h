// How much waits in the queues, without looking at all that waits: counts are
// kept up from the log of changes, which misses nothing, and the oldest case of
// a queue, and what is due first in it, are the first of an index.
#ifndef FRANK_SERVICES_MODERATION_QUEUE_FIGURES_H_
#define FRANK_SERVICES_MODERATION_QUEUE_FIGURES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "frank/storage/v1/figure.pb.h"
#include "services/common/metrics.h"
#include "services/moderation/routing.h"
#include "services/moderation/worker_lease.h"
#include "storage/case_change_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Keeps the figures in the store. Used by one thread, a Worker's. Of several
// instances one works, by lease.
class QueueFigures {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const Routing& routing;
    const Clock& clock;
    RandomSource& random;
  };
  explicit QueueFigures(const Dependencies& dependencies);

  // Counts what has changed. Returns after how many milliseconds to go on.
  UnixMillis Keep();

  // Gives the work to whoever comes; after the last Keep.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TryKeep();
  // Counts the changes of a bucket from behind `counted` to `last`, in pieces.
  absl::Status CountChanges(uint8_t bucket, uint64_t counted, uint64_t last);
  // Counts a bucket anew: it never was, or what changed since is no more known.
  absl::Status CountAll(uint8_t bucket);
  absl::Status KeepFirst();
  // Looks at what is due first among the free cases of a queue.
  absl::Status LookAtDeadlines(
      const std::string& queue,
      storage::v1::QueueFirstRecord::First* first) const;
  // A transaction of the work: tracks the lease.
  absl::Status Run(storage::TransactionBody body);

  const Dependencies d_;
  WorkerLease lease_;
  // By queue: no undecided case was opened before. What comes before it, as a
  // decision that is undone, lowers it by its change.
  std::map<std::string, UnixMillis> oldest_from_;
  std::string first_written_;
};

// What is known of one queue.
struct QueueFigure {
  // By state on disk; and how many of all these somebody holds, not counting
  // more than the figures' worker looks at.
  std::map<uint32_t, uint64_t> cases;
  uint64_t held = 0;
  // 0: there is none.
  UnixMillis oldest_opened_at = 0;
  UnixMillis first_deadline = 0;
  // At most limits::kMaxOverdueCounted.
  uint64_t overdue = 0;
};
// By queue, as the figures in the store have them: a few seconds old.
absl::StatusOr<std::map<std::string, QueueFigure>> ReadQueueFigures(
    storage::Engine& engine);

// Adds queue_depth{queue,state} and oldest_age_seconds{queue}, read from the
// figures in the store; all outlive the metrics' readers. Queues that the
// configuration does not have count as "other".
void AddQueueGauges(storage::Engine& engine, const Routing& routing,
                    const Clock& clock, services::Metrics& metrics);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_QUEUE_FIGURES_H_
