// Tells ThreadSanitizer what absl's locks order. The system's absl is built
// without the sanitizer, so that every lock of it looks like none. A definition
// in the program goes before the shared library's: each of these calls the
// library's, by its mangled name in Debian 12's absl, and announces it. Only
// for builds with -fsanitize=thread.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace {

template <typename Function>
Function* Next(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

// The library evaluates a condition while the lock is held, but on a thread of
// its choice and after that thread has announced its unlock.
struct Announced {
  absl::Mutex* mutex;
  const absl::Condition* condition;
  bool Holds() {
    __tsan_acquire(mutex);
    const bool holds = condition->Eval();
    __tsan_release(mutex);
    return holds;
  }
};

}  // namespace

// RocksDB and Snappy order their own accesses by atomics that are not seen
// either, absl's search for deadlocks by a lock of its own; Announced lies on
// the stack of whoever waits for the lock.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:librocksdb.so\n"
         "called_from_lib:libsnappy.so\n"
         "race:rocksdb::\n"
         "race:synchronization_internal::GraphCycles\n"
         "race:Announced\n";
}

#define NEXT(type, symbol) static auto* const next = Next<type>("_ZN" symbol)
#define NEXT_CONST(type, symbol) \
  static auto* const next = Next<type>("_ZNK" symbol)

namespace absl {

void Mutex::Lock() {
  NEXT(void(Mutex*), "4absl7debian35Mutex4LockEv");
  next(this);
  __tsan_acquire(this);
}
void Mutex::Unlock() {
  NEXT(void(Mutex*), "4absl7debian35Mutex6UnlockEv");
  __tsan_release(this);
  next(this);
}
bool Mutex::TryLock() {
  NEXT(bool(Mutex*), "4absl7debian35Mutex7TryLockEv");
  const bool locked = next(this);
  if (locked) __tsan_acquire(this);
  return locked;
}
void Mutex::ReaderLock() {
  NEXT(void(Mutex*), "4absl7debian35Mutex10ReaderLockEv");
  next(this);
  __tsan_acquire(this);
}
void Mutex::ReaderUnlock() {
  NEXT(void(Mutex*), "4absl7debian35Mutex12ReaderUnlockEv");
  __tsan_release(this);
  next(this);
}
void Mutex::LockWhen(const Condition& condition) {
  NEXT(void(Mutex*, const Condition&),
       "4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
  Announced announced{this, &condition};
  next(this, Condition(&announced, &Announced::Holds));
  __tsan_acquire(this);
}
void Mutex::ReaderLockWhen(const Condition& condition) {
  NEXT(void(Mutex*, const Condition&),
       "4absl7debian35Mutex14ReaderLockWhenERKNS0_9ConditionE");
  Announced announced{this, &condition};
  next(this, Condition(&announced, &Announced::Holds));
  __tsan_acquire(this);
}
bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  NEXT(bool(Mutex*, const Condition&, Duration),
       "4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_"
       "8DurationE");
  Announced announced{this, &condition};
  const bool met =
      next(this, Condition(&announced, &Announced::Holds), timeout);
  __tsan_acquire(this);
  return met;
}
void Mutex::Await(const Condition& condition) {
  NEXT(void(Mutex*, const Condition&),
       "4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  Announced announced{this, &condition};
  __tsan_release(this);
  next(this, Condition(&announced, &Announced::Holds));
  __tsan_acquire(this);
}
bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  NEXT(bool(Mutex*, const Condition&, Duration),
       "4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  Announced announced{this, &condition};
  __tsan_release(this);
  const bool met =
      next(this, Condition(&announced, &Announced::Holds), timeout);
  __tsan_acquire(this);
  return met;
}

void CondVar::Wait(Mutex* mutex) {
  NEXT(void(CondVar*, Mutex*), "4absl7debian37CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  next(this, mutex);
  __tsan_acquire(mutex);
}
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  NEXT(bool(CondVar*, Mutex*, Duration),
       "4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool timed_out = next(this, mutex, timeout);
  __tsan_acquire(mutex);
  return timed_out;
}

void Notification::Notify() {
  NEXT(void(Notification*), "4absl7debian312Notification6NotifyEv");
  // HasBeenNotified is inline and acquires by this address.
  __tsan_release(&notified_yet_);
  next(this);
}
void Notification::WaitForNotification() const {
  NEXT_CONST(void(const Notification*),
             "4absl7debian312Notification19WaitForNotificationEv");
  next(this);
  __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
}
bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  NEXT_CONST(bool(const Notification*, Duration),
             "4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_"
             "8DurationE");
  const bool notified = next(this, timeout);
  if (notified) {
    __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
  }
  return notified;
}

bool BlockingCounter::DecrementCount() {
  NEXT(bool(BlockingCounter*),
       "4absl7debian315BlockingCounter14DecrementCountEv");
  __tsan_release(this);
  return next(this);
}
void BlockingCounter::Wait() {
  NEXT(void(BlockingCounter*), "4absl7debian315BlockingCounter4WaitEv");
  next(this);
  __tsan_acquire(this);
}

}  // namespace absl
