// Refusals of a server that has too much to do, answered when the caller may
// ask again.
#ifndef FRANK_SERVICES_COMMON_HELD_REFUSALS_H_
#define FRANK_SERVICES_COMMON_HELD_REFUSALS_H_

#include <cstddef>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/common/wait.h"

namespace frank::services {

// A refused call costs as much as gRPC takes for any, and a client that heeds
// no RetryInfo asks again at once. While its refusal is held, it is one of the
// calls that a connection may have on its way, which slows such a client down.
// One thread answers all; who cancels a call has its place kept until its time
// comes, like anybody's. Thread-safe.
class HeldRefusals {
 public:
  using Answer = absl::AnyInvocable<void()>;

  explicit HeldRefusals(const Clock& clock);
  // Answers what is held.
  ~HeldRefusals();

  // Has `answer` called once, from any thread, this one included. The call
  // keeps so many bytes in memory until then.
  void Hold(size_t bytes, Answer answer) ABSL_LOCKS_EXCLUDED(mutex_);

  // Answers those whose time has come. Returns how long the next has to wait.
  UnixMillis AnswerDue() ABSL_LOCKS_EXCLUDED(mutex_);

  // Answers all, in their order, and holds none from now on.
  void LetGo() ABSL_LOCKS_EXCLUDED(mutex_);

  // How many are held.
  size_t count() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Held {
    UnixMillis due = 0;
    size_t bytes = 0;
    Answer answer;
  };

  Held TakeOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  // In the order in which they came, hence in which they are due.
  std::deque<Held> held_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Worker> worker_;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_HELD_REFUSALS_H_
