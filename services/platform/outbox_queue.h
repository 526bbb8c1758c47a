// How what goes to the moderators becomes durable: reports and appeals.
#ifndef FRANK_SERVICES_PLATFORM_OUTBOX_QUEUE_H_
#define FRANK_SERVICES_PLATFORM_OUTBOX_QUEUE_H_

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/platform/subject.h"
#include "storage/account_decision_store.h"
#include "storage/engine.h"
#include "storage/report_store.h"

namespace frank::platform {

// Something to be stored with a row in the outbox.
struct OutboxEntry {
  // Who submits it. Of one, and of one credential, one entry goes into a
  // transaction, which does not see its own writes: two would not see each
  // other's id and count.
  Subject submitter;
  size_t bytes = 0;
  // Decides and writes, in a run of the transaction; starts from nothing each
  // time. Returns when it became durable, now or by an earlier call. A new one
  // goes under ++*last_number.
  absl::AnyInvocable<absl::StatusOr<UnixMillis>(
      storage::Transaction&, UnixMillis now, uint64_t* last_number)>
      store;
};

// A report whose sealed bytes have the SHA-256 `fingerprint`; `accepted_at` is
// set when it is stored. ALREADY_EXISTS with ID_CONFLICT when the id is known
// with other bytes; RESOURCE_EXHAUSTED with QUOTA_EXCEEDED when the reporter or
// the credential has used up the hour.
OutboxEntry MakeEntry(storage::OutgoingReport report, std::string fingerprint,
                      std::string credential);

// An appeal, in the same way. kNotFound, NOT_FOUND, unless the account was told
// of the decision; ALREADY_EXISTS with ID_CONFLICT when it appealed with other
// bytes; kFailedPrecondition, APPEAL_PERIOD_OVER.
OutboxEntry MakeEntry(storage::OutgoingAppeal appeal, std::string fingerprint,
                      std::string credential);

// Stores entries, several in one transaction. Every one of those reads and
// raises the counter that numbers the outbox, so two that ran side by side
// would abort each other; in one process they queue up instead, and instances
// that meet in the store repeat. What waits is bounded, for each submitter and
// credential and in all.
//
// Thread-safe. Outlives what it was given to store.
class OutboxQueue {
 public:
  // When the entry became durable, or its own error; RESOURCE_EXHAUSTED with
  // QUOTA_EXCEEDED when too much waits; errors of the engine.
  using Done = absl::AnyInvocable<void(absl::StatusOr<UnixMillis>)>;

  OutboxQueue(storage::Engine& engine, const Clock& clock)
      : engine_(engine), clock_(clock) {}
  // Waits for what was submitted.
  ~OutboxQueue();

  void Submit(OutboxEntry entry, Done done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    OutboxEntry entry;
    Done done;
    absl::StatusOr<UnixMillis> outcome;
  };
  using Batch = std::vector<Waiting>;

  using Counts = std::map<std::string, size_t>;

  bool Fits(const OutboxEntry& entry) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count(const OutboxEntry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Uncount(const OutboxEntry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void StartNext() ABSL_LOCKS_EXCLUDED(mutex_);
  Batch TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Store(Batch& batch, storage::Transaction& transaction) const;
  void Complete(Batch& batch, const absl::Status& committed);

  storage::Engine& engine_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  // Waiting or under way.
  Counts of_submitter_ ABSL_GUARDED_BY(mutex_);
  Counts of_credential_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // A transaction is under way; when it ends it starts the next.
  bool storing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_OUTBOX_QUEUE_H_
