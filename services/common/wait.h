// Waiting, in main and in background work.
#ifndef FRANK_SERVICES_COMMON_WAIT_H_
#define FRANK_SERVICES_COMMON_WAIT_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/clock.h"

namespace frank::services {

// Must be called before any thread starts: blocks SIGINT and SIGTERM, sets what
// every process of the project needs (locks that do not look for deadlocks,
// SIGPIPE, core dumps without memory of ours).
void PrepareProcess();

// Waits until SIGINT or SIGTERM.
void WaitForEnd();

// A thread that runs `work` whenever it is woken, and at the latest after the
// time that `work` asked for. Ends with its destructor, after the running call.
class Worker {
 public:
  // Returns after how many milliseconds to run again if nothing wakes it.
  using Work = std::function<UnixMillis()>;

  // A wake waits until `gather` milliseconds have passed since the last run, so
  // that what many woke it for is done in one. Not what `work` itself asks for.
  Worker(std::string name, Work work, UnixMillis gather = 0);
  ~Worker();

  // Runs `work` soon. Wakes that come while it runs make it run once more.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();

  const std::string name_;
  const Work work_;
  const absl::Duration gather_;
  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = true;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_WAIT_H_
