// The lease under which one instance of frank-moderation does background work.
#ifndef FRANK_SERVICES_MODERATION_WORKER_LEASE_H_
#define FRANK_SERVICES_MODERATION_WORKER_LEASE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "storage/engine.h"

namespace frank::moderation {

// (holder, epoch, expires_at), the holder being this object. The clock decides
// only when the lease may be taken; whether work is valid is decided by its
// transaction, which tracks the lease. Not thread-safe.
class WorkerLease {
 public:
  WorkerLease(storage::Engine& engine, const Clock& clock, RandomSource& random,
              std::string job);

  // Takes or extends the lease; false when somebody else has it. One that lasts
  // until long after a lease taken now is nobody's: the clock was set back.
  // Waits for the commit.
  absl::StatusOr<bool> Acquire();

  // Gives the lease back, so that the next instance need not wait until it has
  // run out. Waits for the commit; if that fails, the lease runs out.
  void Release();

  // Tracks the lease in a transaction of the work. kFailedPrecondition when it
  // has been taken since.
  absl::Status Track(storage::Transaction& transaction) const;

 private:
  storage::Engine& engine_;
  const Clock& clock_;
  const std::string job_;
  const std::string holder_;
  uint64_t epoch_ = 0;
};

// Whether work failed because the store or the lease is in the way, whatever it
// was about: else the other work can go on.
bool ConcernsAll(const absl::Status& status);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_WORKER_LEASE_H_
