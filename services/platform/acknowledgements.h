// What devices acknowledge, on its way to the store.
#ifndef FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_
#define FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/common/wait.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

// Commits acknowledgements many together, in the order in which they came.
// Nobody is answered, so they wait a few milliseconds for company; what a crash
// takes is delivered again. One commit at a time. Thread-safe.
class Acknowledgements {
 public:
  // Called once, on a thread of the engine.
  using Committed = absl::AnyInvocable<void(const absl::Status&)>;

  // The engine outlives it.
  explicit Acknowledgements(storage::Engine& engine);
  // Commits what is left, and waits for that. Nothing may be added any more.
  ~Acknowledgements();

  // `at_once`: somebody waits for it.
  void Add(std::vector<storage::Acknowledgement> acknowledgements, bool at_once,
           Committed committed) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Batch {
    std::vector<storage::Acknowledgement> acknowledgements;
    std::vector<Committed> committed;
  };

  UnixMillis CommitWhenDue() ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<Batch> Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Commit(std::shared_ptr<Batch> batch) ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCommitted(Batch& batch, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  absl::Mutex mutex_;
  Batch gathered_ ABSL_GUARDED_BY(mutex_);
  bool at_once_ ABSL_GUARDED_BY(mutex_) = false;
  // Whether what is gathered has had its time.
  bool waited_ ABSL_GUARDED_BY(mutex_) = false;
  bool committing_ ABSL_GUARDED_BY(mutex_) = false;
  // Null once it ends.
  std::unique_ptr<services::Worker> worker_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_
