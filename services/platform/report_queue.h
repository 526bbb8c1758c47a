// How reports become durable.
#ifndef FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_
#define FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_

#include <deque>
#include <map>
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

// A report as it came in.
struct SubmittedReport {
  // `accepted_at` is set when it is stored.
  storage::OutgoingReport report;
  // SHA-256 of the sealed bytes.
  std::string fingerprint;
  // The name of the stamp credential that brought it; empty from a device. It
  // may name any reporter, so that limits of reporters do not limit it.
  std::string credential;
};

// Stores reports, several in one transaction. Every one of those reads and
// raises the counter that numbers the outbox, so two that ran side by side
// would abort each other; in one process they queue up instead, and instances
// that meet in the store repeat. What waits is bounded, for each reporter and
// credential and in all.
//
// Thread-safe. Outlives what it was given to store.
class ReportQueue {
 public:
  // When the report became durable. ALREADY_EXISTS with ID_CONFLICT when the id
  // is known with other bytes; RESOURCE_EXHAUSTED with QUOTA_EXCEEDED when the
  // reporter or the credential has used up the hour, or too much waits; errors
  // of the engine.
  using Done = absl::AnyInvocable<void(absl::StatusOr<UnixMillis>)>;

  ReportQueue(storage::Engine& engine, const Clock& clock)
      : engine_(engine), clock_(clock) {}
  // Waits for what was submitted.
  ~ReportQueue();

  // Stores a report, or finds that it is stored already.
  void Submit(SubmittedReport submitted, Done done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    SubmittedReport submitted;
    Done done;
    absl::StatusOr<UnixMillis> outcome;
  };
  using Batch = std::vector<Waiting>;
  using Counts = std::map<std::string, size_t>;

  bool Fits(const SubmittedReport& submitted) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count(const SubmittedReport& submitted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Uncount(const SubmittedReport& submitted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

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
  // Waiting or under way.
  Counts of_reporter_ ABSL_GUARDED_BY(mutex_);
  Counts of_credential_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // A transaction is under way; when it ends it starts the next.
  bool storing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_REPORT_QUEUE_H_
