// Who calls: devices and stamp credentials, by bearer token. Stores and
// configuration hold SHA-256 of tokens, never a token.
#ifndef FRANK_SERVICES_PLATFORM_AUTHENTICATOR_H_
#define FRANK_SERVICES_PLATFORM_AUTHENTICATOR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "services/common/call.h"
#include "services/platform/token_cache.h"
#include "storage/engine.h"
#include "storage/schema.h"

namespace frank::platform {

// A device of an account. Authentic when the call began; what must still hold
// when it commits reads the account's list again, tracked.
struct Device {
  std::string account_uri;
  DeviceId device_id;
  storage::MailboxId mailbox;
};

// A messenger that delivers by itself.
struct StampCredential {
  std::string name;
  storage::TokenHash token_hash;
  // "scheme://host", for senders, rooms and reporters.
  std::vector<std::string> authorities;
};

// A credential lives as long as the authenticator.
using Principal = absl::variant<Device, const StampCredential*>;

// Draws a token: "frank_" and 32 random bytes in base64url without padding.
std::string NewToken(RandomSource& random);

// Returns SHA-256 of a token as it is sent.
storage::TokenHash HashToken(absl::string_view token);

// Thread-safe. Engine and clock outlive it.
class Authenticator {
 public:
  Authenticator(storage::Engine& engine, const Clock& clock,
                std::vector<StampCredential> credentials = {});

  // Each: kUnauthenticated, CREDENTIAL_INVALID, without a token or with one
  // that is unknown or was replaced; kPermissionDenied, NOT_PERMITTED, with a
  // good one of the other kind; errors of the engine. The first use of a new
  // token ends the one that it replaces, soon after the answer.
  absl::StatusOr<Principal> Authenticate(const services::Call& call);
  absl::StatusOr<Device> AuthenticateDevice(const services::Call& call);
  absl::StatusOr<const StampCredential*> AuthenticateStamp(
      const services::Call& call);

 private:
  storage::Engine& engine_;
  TokenCache tokens_;
  const Clock& clock_;
  // Never changes.
  std::map<storage::TokenHash, StampCredential> credentials_;
};

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_AUTHENTICATOR_H_
