#include "client/device_context.h"

#include "core/status.h"

namespace frank::client {

absl::Status LearnPlatformTime(const DeviceContext& context,
                               UnixMillis platform_time) {
  stored::PlatformTime time;
  time.set_platform_ms(platform_time);
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

}  // namespace frank::client
