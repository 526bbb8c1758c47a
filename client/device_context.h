// What the parts of a Device share.
#ifndef FRANK_CLIENT_DEVICE_CONTEXT_H_
#define FRANK_CLIENT_DEVICE_CONTEXT_H_

#include "client/device_store.h"
#include "client/transport.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/hpke.h"
#include "crypto/signature.h"

namespace frank::client {

// Everything outlives the parts. Parts hold no state that matters; it is all in
// the store. Not thread-safe.
struct DeviceContext {
  DeviceStore& store;
  Transport& transport;
  const Clock& clock;
  RandomSource& random;
};

// Keeps the platform's clock as a response's server_time just stated it. Never
// takes a frank's time: the answer to a repeated send is as old as its first.
absl::Status LearnPlatformTime(const DeviceContext& context,
                               UnixMillis server_time);

// Platform time now: as last learned, plus what this device's clock went on
// since. nullopt when nothing was learned within the last hour by this device's
// clock, or that clock was set back.
absl::optional<UnixMillis> PlatformTime(const DeviceContext& context);

// Keys from the profile. kDataLoss when it holds none.
absl::StatusOr<crypto::HpkePrivateKey> DeviceKey(
    const stored::DeviceProfile& profile);
absl::StatusOr<crypto::Ed25519PrivateKey> IdentityKey(
    const stored::DeviceProfile& profile);

// Views a protobuf bytes field.
inline ByteSpan FieldBytes(const std::string& field) {
  return AsBytes(absl::string_view(field));
}

// Whether a call that ended so may have been carried out: the answer was lost,
// or will be another when it is asked again.
bool MayHaveArrived(const absl::Status& status);

// Whether the platform will answer the same request so for ever.
bool IsFinal(const absl::Status& status);

// Counts a page of a list. kInternal after kMaxPagesFollowed of them.
absl::Status FollowPage(size_t* pages);

}  // namespace frank::client

#endif  // FRANK_CLIENT_DEVICE_CONTEXT_H_
