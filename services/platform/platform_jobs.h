// Background work on accounts, rooms, messages and files.
#ifndef FRANK_SERVICES_PLATFORM_PLATFORM_JOBS_H_
#define FRANK_SERVICES_PLATFORM_PLATFORM_JOBS_H_

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "services/common/wait.h"
#include "storage/engine.h"

namespace frank::platform {

// Does a round of what is due: forgets messages that everybody acknowledged or
// whose time ended, empties mailboxes of removed devices, removes files and
// whatever else has an end. In small transactions, a bounded number of each
// job; safe in several instances at once. Returns whether some job may have
// more to do. A job that fails is logged and does not keep the others from
// running; the first error is returned.
absl::StatusOr<bool> RunPlatformJobs(storage::Engine& engine,
                                     const Clock& clock);

// Runs them every few seconds on a thread of its own, until destroyed. Engine
// and clock outlive it.
class PlatformJobs {
 public:
  PlatformJobs(storage::Engine& engine, const Clock& clock);

 private:
  services::Worker worker_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_PLATFORM_JOBS_H_
