// The own account: registration, linking and removing devices, tokens (protocol
// section 5).
#ifndef FRANK_CLIENT_MEMBERSHIP_H_
#define FRANK_CLIENT_MEMBERSHIP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/account_directory.h"
#include "client/device_context.h"
#include "client/verify.h"
#include "crypto/records.h"

namespace frank::client {

// Who a new device belongs to and whom it trusts.
struct NewDevice {
  std::string account_uri;
  std::string server;                // host:port
  std::string server_authority_pem;  // may be empty: the system's
  Bytes moderation_identity_key;     // 32 bytes
  RequiredIntegrity required_integrity = RequiredIntegrity::kAsStated;
};

// Writes the profile of a device with fresh keys: an account's first, with an
// identity key, or one that is to be linked. A profile of the same account and
// kind that is not registered or linked yet keeps its keys and takes the new
// values. kAlreadyExists when the home has another device; kInvalidArgument on
// a bad URI or key.
enum class DeviceKind { kFirst, kToBeLinked };
absl::Status CreateProfile(const NewDevice& device, DeviceKind kind,
                           DeviceStore& store, RandomSource& random);

// Twenty digits of SHA-256 of a link request, in groups: what the new device
// shows and an old one is told before it approves.
std::string LinkFingerprint(ByteSpan link_request);

// Linking: the new device writes a request (its id and public key); a device of
// the account adds it to the list and seals identity key, token and pins to its
// key:
//   package = HPKE Seal(new device, "frank/1 link", aad = request, LinkPackage)
// The two files go by any way the user likes, never through the platform.
class Membership {
 public:
  Membership(const DeviceContext& context, AccountDirectory& directory)
      : context_(context), directory_(directory) {}

  // Registers the profile's account with this device as its first. Repeats are
  // harmless until the token is stored.
  absl::Status Register();

  absl::StatusOr<Bytes> MakeLinkRequest();
  // Returns the package. `code` is the LinkFingerprint as the new device shows
  // it, spaces aside: without it the account could go to whoever can put
  // another file in the request's place. kUnauthenticated when the request has
  // another code, or a listed device of its id another key; kInvalidArgument on
  // a request of another account.
  absl::StatusOr<Bytes> ApproveLink(ByteSpan link_request,
                                    absl::string_view code);
  // Stores all of the package or nothing. kUnauthenticated when it is not for
  // this device's request, or the platform has no list with this device on it
  // that the package's identity key signs; kFailedPrecondition when this device
  // belongs to the account already.
  absl::Status AcceptLink(ByteSpan package);

  absl::StatusOr<crypto::DeviceList> FetchOwnList();
  // kNotFound when the device is not on the list; kInvalidArgument when it is
  // this one.
  absl::Status RemoveDevice(const DeviceId& device_id);
  absl::Status RotateToken();

 private:
  // Signs the list, stores it, sends it, and again after a crash. Returns the
  // token of `added`, empty when no device was added.
  absl::StatusOr<std::string> Publish(const crypto::DeviceList& list,
                                      absl::string_view added);
  absl::StatusOr<v1::SignedDeviceList> SignList(
      const stored::DeviceProfile& profile, const crypto::DeviceList& list);
  absl::StatusOr<v1::UpdateDeviceListResponse> Send(
      const stored::PendingDeviceList& pending);
  // Fetches this account's list with the package's token, checks it and this
  // device on it, and puts it into the package's own pin. Stores nothing.
  absl::Status CheckPackage(const crypto::HpkePrivateKey& own_key,
                            stored::LinkPackage* package);

  DeviceContext context_;
  AccountDirectory& directory_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_MEMBERSHIP_H_
