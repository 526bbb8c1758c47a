// The thread on which an engine calls its callers back.
#ifndef FRANK_STORAGE_COMMIT_COMPLETION_THREAD_H_
#define FRANK_STORAGE_COMMIT_COMPLETION_THREAD_H_

#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace frank::storage {

// Runs tasks one after another in the order in which they were posted, so that
// a slow callback never delays the committer. Thread-safe.
class CompletionThread {
 public:
  CompletionThread();
  ~CompletionThread();

  // Never blocks and never runs the task on the calling thread.
  void Post(absl::AnyInvocable<void()> task);

  // Returns when every task has run, those included that tasks post meanwhile;
  // then the thread has ended. Not from a task.
  void Stop();

 private:
  void Run();

  absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace frank::storage

#endif  // FRANK_STORAGE_COMMIT_COMPLETION_THREAD_H_
