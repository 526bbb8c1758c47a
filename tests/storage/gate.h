// Holds a committer up right before its batch becomes durable.
#ifndef FRANK_TESTS_STORAGE_GATE_H_
#define FRANK_TESTS_STORAGE_GATE_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace frank::storage {

// Open at first. Thread-safe.
class Gate {
 public:
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  void Open() {
    absl::MutexLock lock(&mutex_);
    closed_ = false;
  }
  // Waits until somebody stands before the closed gate.
  void AwaitArrival() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&somebody_waits_));
  }
  // Called by the engine: waits while the gate is closed.
  void Pass() {
    absl::MutexLock lock(&mutex_);
    somebody_waits_ = closed_;
    const auto open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !closed_;
    };
    mutex_.Await(absl::Condition(&open));
    somebody_waits_ = false;
  }

 private:
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool somebody_waits_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::storage

#endif  // FRANK_TESTS_STORAGE_GATE_H_
