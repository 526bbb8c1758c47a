// How many packages are made and sent at a time, and who has to give way.
#ifndef FRANK_SERVICES_MODERATION_PACKAGE_SLOTS_H_
#define FRANK_SERVICES_MODERATION_PACKAGE_SLOTS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "services/moderation/package_composer.h"

namespace frank::moderation {

// A package in its slot, which it has until it is destroyed or too slow.
// Thread-safe, but for `package`, which its maker fills.
class HeldPackage {
 public:
  explicit HeldPackage(std::string moderator)
      : moderator_(std::move(moderator)) {}

  Package package;

  // Somebody reads it from now on, and is told by `give_up`, once, when others
  // wait and that is too slow, or the same person fetches anew: whoever sends
  // it is to let go of it.
  void Begin(UnixMillis now, absl::AnyInvocable<void()> give_up)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // They have taken so many bytes more.
  void Took(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class PackageSlots;
  bool IsBeingRead() ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsTooSlow(UnixMillis now) ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveUp() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string moderator_;
  absl::Mutex mutex_;
  // 0: it is being made.
  UnixMillis began_at_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::AnyInvocable<void()> give_up_ ABSL_GUARDED_BY(mutex_);
};

// Thread-safe.
class PackageSlots {
 public:
  // `clock` outlives the object.
  explicit PackageSlots(const Clock& clock) : clock_(clock) {}

  // Takes a slot for a package to be made. Those who are too slow lose theirs,
  // and so does the moderator's own package that is being read: whoever asks
  // again has given up on it. kUnavailable while one is made for them, or all
  // are taken.
  absl::StatusOr<std::shared_ptr<HeldPackage>> Take(
      const std::string& moderator) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const Clock& clock_;
  absl::Mutex mutex_;
  std::vector<std::weak_ptr<HeldPackage>> taken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_PACKAGE_SLOTS_H_
