// How reports become durable.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_
#define FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "storage/report_store.h"

namespace frank::platform {

// Stores reports, several in one transaction. Every one of those reads and
// raises the counter that numbers the outbox, so two that ran side by side
// would abort each other; in one process they queue up instead, and instances
// that meet in the store repeat. What waits is bounded by the callers: each
// report is a call under way.
//
// Thread-safe. Outlives what it was given to store.
class ReportQueue {
 public:
  // When the report became durable. ALREADY_EXISTS with ID_CONFLICT when the id
  // is known with other bytes; RESOURCE_EXHAUSTED when the reporter has used up
  // the hour; errors of the engine.
  using Done = absl::AnyInvocable<void(absl::StatusOr<UnixMillis>)>;

  ReportQueue(storage::Engine& engine, const Clock& clock)
      : engine_(engine), clock_(clock) {}
  // Waits for what was submitted.
  ~ReportQueue();

  // Stores a report whose sealed bytes have the SHA-256 `fingerprint`, or finds
  // that it is stored already. `report.accepted_at` is set here.
  void Submit(storage::OutgoingReport report, std::string fingerprint,
              Done done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    storage::OutgoingReport report;
    std::string fingerprint;
    Done done;
    absl::StatusOr<UnixMillis> outcome;
  };
  using Batch = std::vector<Waiting>;

  void StartNext() ABSL_LOCKS_EXCLUDED(mutex_);
  Batch TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Store(Batch& batch, storage::Transaction& transaction) const;
  absl::StatusOr<UnixMillis> StoreOne(Waiting& waiting, UnixMillis now,
                                      uint64_t* last_number,
                                      storage::Transaction& transaction) const;
  void Complete(Batch& batch, const absl::Status& committed);

  storage::Engine& engine_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  // A transaction is under way; when it ends it starts the next.
  bool storing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_
