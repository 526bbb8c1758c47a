#include "client/device_context.h"

#include "core/limits.h"
#include "core/status.h"

namespace frank::client {

absl::Status LearnPlatformTime(const DeviceContext& context,
                               UnixMillis server_time) {
  stored::PlatformTime time;
  time.set_platform_ms(server_time);
  time.set_local_ms(context.clock.Now());
  return context.store.PutTime(time);
}

absl::optional<UnixMillis> PlatformTime(const DeviceContext& context) {
  stored::PlatformTime time = context.store.Time();
  UnixMillis now = context.clock.Now();
  if (time.platform_ms() == 0 || now < time.local_ms() ||
      now - time.local_ms() > kHour) {
    return absl::nullopt;
  }
  return time.platform_ms() + (now - time.local_ms());
}

absl::StatusOr<crypto::HpkePrivateKey> DeviceKey(
    const stored::DeviceProfile& profile) {
  return crypto::HpkePrivateKey::Create(
      crypto::Secret::Copy(FieldBytes(profile.device_private_key())));
}

absl::StatusOr<crypto::Ed25519PrivateKey> IdentityKey(
    const stored::DeviceProfile& profile) {
  if (profile.identity_seed().empty()) {
    return absl::FailedPreconditionError(
        "this device is not linked yet; run: frank link accept");
  }
  return crypto::Ed25519PrivateKey::FromSeed(
      crypto::Secret::Copy(FieldBytes(profile.identity_seed())));
}

bool MayHaveArrived(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsAborted(status) || absl::IsInternal(status) ||
         absl::IsCancelled(status) || absl::IsUnknown(status);
}

bool IsFinal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsAlreadyExists(status) || absl::IsPermissionDenied(status) ||
         absl::IsFailedPrecondition(status);
}

absl::Status FollowPage(size_t* pages) {
  if (++*pages <= limits::kMaxPagesFollowed) return absl::OkStatus();
  return absl::InternalError("the platform's list does not end");
}

}  // namespace frank::client
