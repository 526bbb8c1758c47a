#include "services/moderation/package_slots.h"

#include "core/limits.h"
#include "core/status.h"

namespace frank::moderation {
namespace {

absl::Status Later(absl::string_view why) {
  return WithRetryAfter(WithReason(absl::UnavailableError(why), "UNAVAILABLE"),
                        1 * kSecond);
}

}  // namespace

void HeldPackage::Begin(UnixMillis now, absl::AnyInvocable<void()> give_up) {
  absl::MutexLock lock(&mutex_);
  began_at_ = now;
  give_up_ = std::move(give_up);
}

void HeldPackage::Took(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  taken_ += bytes;
}

bool HeldPackage::IsBeingRead() {
  absl::MutexLock lock(&mutex_);
  return began_at_ != 0;
}

bool HeldPackage::IsTooSlow(UnixMillis now) {
  absl::MutexLock lock(&mutex_);
  const UnixMillis grace_ends = began_at_ + limits::kPackageReadGrace;
  if (began_at_ == 0 || now <= grace_ends) return false;
  return taken_ <
         (now - grace_ends) * limits::kLeastPackageBytesASecond / kSecond;
}

void HeldPackage::GiveUp() {
  absl::AnyInvocable<void()> give_up;
  {
    absl::MutexLock lock(&mutex_);
    give_up = std::move(give_up_);
  }
  if (give_up) give_up();
}

absl::StatusOr<std::shared_ptr<HeldPackage>> PackageSlots::Take(
    const std::string& moderator) {
  auto held = std::make_shared<HeldPackage>(moderator);
  // Told of it, and let go of, once the lock is given back.
  std::vector<std::shared_ptr<HeldPackage>> others;
  std::vector<std::shared_ptr<HeldPackage>> ended;
  absl::Status refused;
  {
    absl::MutexLock lock(&mutex_);
    std::vector<std::weak_ptr<HeldPackage>> kept;
    for (const std::weak_ptr<HeldPackage>& slot : taken_) {
      std::shared_ptr<HeldPackage> other = slot.lock();
      if (other == nullptr) continue;
      const bool own = other->moderator_ == moderator;
      if (other->IsTooSlow(clock_.Now()) || (own && other->IsBeingRead())) {
        ended.push_back(std::move(other));
        continue;
      }
      if (own) refused = Later("another package is made for the caller");
      kept.push_back(slot);
      others.push_back(std::move(other));
    }
    if (refused.ok() && kept.size() >= limits::kMaxPackagesAtOnce) {
      refused = Later("other packages are being fetched");
    }
    if (refused.ok()) kept.push_back(held);
    taken_ = std::move(kept);
  }
  for (const auto& other : ended) other->GiveUp();
  if (!refused.ok()) return refused;
  return held;
}

}  // namespace frank::moderation
