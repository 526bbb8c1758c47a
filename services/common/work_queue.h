// Work that goes on elsewhere than on the thread that found it.
#ifndef FRANK_SERVICES_COMMON_WORK_QUEUE_H_
#define FRANK_SERVICES_COMMON_WORK_QUEUE_H_

#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "services/common/wait.h"

namespace frank::services {

// Runs what it is given, in order, on a thread of its own: for what follows a
// commit and reads, since the engine's callbacks hold up everybody's outcomes.
// Thread-safe. As long as the calls that wait, hence bounded as they are.
class WorkQueue {
 public:
  explicit WorkQueue(std::string name);
  // Runs what is left.
  ~WorkQueue();

  void Post(absl::AnyInvocable<void()> work) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void RunAll() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Worker> worker_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_WORK_QUEUE_H_
