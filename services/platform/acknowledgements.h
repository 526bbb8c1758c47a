// What devices acknowledge, on its way to the store.
#ifndef FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_
#define FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "storage/mailbox_store.h"

namespace frank::platform {

// Commits acknowledgements many together, in the order in which they came.
// Nobody is answered, so they wait a few milliseconds for company; what a crash
// takes is delivered again. One transaction at a time, of bounded size, which
// is prepared on a thread of its own.
//
// When what goes together fails, each goes alone, and has its own outcome. What
// the store does not take now keeps its place and is tried again when it asks,
// for half a minute or so: to end streams would have all of it delivered and
// acknowledged once more. Thread-safe.
class Acknowledgements {
 public:
  // Called once, on that thread.
  using Committed = absl::AnyInvocable<void(const absl::Status&)>;

  // The engine outlives it.
  explicit Acknowledgements(storage::Engine& engine);
  // Commits what is left, and waits for that; what the store does not take is
  // not tried again. Nothing may be added any more.
  ~Acknowledgements();

  // `at_once`: somebody waits for it.
  void Add(std::vector<storage::Acknowledgement> acknowledgements, bool at_once,
           Committed committed) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What was added in one call.
  struct Part {
    std::vector<storage::Acknowledgement> acknowledgements;
    Committed committed;
    size_t entries = 0;
    size_t bytes = 0;
    // It failed with others.
    bool alone = false;
    // How often the store did not take it, or what it waited behind.
    size_t refused = 0;
    bool again = false;
    absl::Status outcome;
  };
  using Flight = std::deque<Part>;
  using Group = std::vector<Part*>;

  static std::vector<Group> GroupsOf(Flight& flight);

  void Run();
  // Waits for something to commit; nothing when there is nothing left and it
  // ends.
  Flight Take() ABSL_LOCKS_EXCLUDED(mutex_);
  // Gives each of the flight its outcome, unless it is to be tried again.
  // Returns for how long the store is to be left alone.
  UnixMillis Carry(Flight& flight) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Write(storage::Transaction& transaction, const Group& group);
  void Settle(const Group& group, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Puts what is to be tried again in front, and tells the others.
  void Release(Flight flight) ABSL_LOCKS_EXCLUDED(mutex_);
  // Leaves the store alone. Cut short when it ends.
  void Pause(UnixMillis pause) ABSL_LOCKS_EXCLUDED(mutex_);

  storage::Engine& engine_;
  absl::Mutex mutex_;
  Flight waiting_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_entries_ ABSL_GUARDED_BY(mutex_) = 0;
  // What waits is not to wait for company.
  bool due_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_ACKNOWLEDGEMENTS_H_
