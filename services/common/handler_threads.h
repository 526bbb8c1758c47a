// Threads for handlers that take their time, so that who polls does not.
#ifndef FRANK_SERVICES_COMMON_HANDLER_THREADS_H_
#define FRANK_SERVICES_COMMON_HANDLER_THREADS_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace frank::services {

// Runs what it is given, begun in order. Thread-safe. As much waits as there
// are calls, whose requests the transport bounds.
class HandlerThreads {
 public:
  explicit HandlerThreads(size_t threads);
  // Runs what is left.
  ~HandlerThreads();

  void Post(absl::AnyInvocable<void()> work) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_HANDLER_THREADS_H_
