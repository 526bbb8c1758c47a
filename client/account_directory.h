// Other people's devices: their identity keys, pinned at first use, and the
// device lists that verify under them (protocol section 5). The platform hands
// out lists; it is believed about none.
#ifndef FRANK_CLIENT_ACCOUNT_DIRECTORY_H_
#define FRANK_CLIENT_ACCOUNT_DIRECTORY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/device_context.h"
#include "core/ids.h"
#include "crypto/records.h"
#include "frank/v1/account.pb.h"

namespace frank::client {

// Reason of a status that says an account shows another identity key than the
// pinned one.
inline constexpr char kReasonKeyChanged[] = "IDENTITY_KEY_CHANGED";

class AccountDirectory {
 public:
  explicit AccountDirectory(const DeviceContext& context) : context_(context) {}

  // Fetches and verifies the current lists of accounts, in order. kNotFound
  // names an account that does not exist; else as Learn.
  absl::StatusOr<std::vector<crypto::DeviceList>> FetchCurrent(
      const std::vector<std::string>& account_uris);

  // Verifies a current list and remembers it: pins the identity key at first
  // use. kFailedPrecondition with kReasonKeyChanged: the list is signed by
  // another identity key; the message states both, and the other is kept until
  // the user has compared it. kFailedPrecondition: a lower version than was
  // seen, or the same with other bytes; kInvalidArgument, kUnauthenticated.
  absl::StatusOr<crypto::DeviceList> Learn(const std::string& account_uri,
                                           const v1::SignedDeviceList& list);

  // Opens a list under a pinned key, without remembering anything.
  // kFailedPrecondition when it is older than the pinned one; kInvalidArgument,
  // kUnauthenticated.
  static absl::StatusOr<crypto::DeviceList> Open(
      const stored::PinnedAccount& pin, const v1::SignedDeviceList& list);

  // Returns the public key of the sender's device that was on a verified list
  // at some time in the 30 days before `accepted`. A refusal (UNDECRYPTABLE)
  // when there is none; other errors mean that the lists could not be had.
  absl::StatusOr<crypto::HpkePublicKey> FindSenderKey(
      const std::string& sender_uri, const KeyId& key_id, UnixMillis accepted);

  // Pins the key that the account changed to and that the user compared.
  // kNotFound when it did not change; kFailedPrecondition with
  // kReasonKeyChanged when the platform last showed another one than `key`.
  absl::Status AcceptChangedKey(const std::string& account_uri, ByteSpan key);

 private:
  absl::Status KeepChangedKey(stored::PinnedAccount pin,
                              const v1::SignedDeviceList& list);
  // A verified list and when it was current, by the platform's word.
  struct DatedList {
    crypto::DeviceList list;
    UnixMillis accepted_at = 0;
    UnixMillis replaced_at = 0;  // 0: current
  };
  absl::StatusOr<std::vector<DatedList>> FetchSince(
      const std::string& account_uri, UnixMillis since);
  // The pinned list and those of the fetched that do not contradict it: each of
  // a lower version than the one after it, and replaced when that one came.
  static absl::StatusOr<std::vector<DatedList>> Believed(
      const stored::PinnedAccount& pin,
      const v1::GetDeviceListsResponse::Lists& fetched);
  static const crypto::ListedDevice* Find(const std::vector<DatedList>& lists,
                                          const KeyId& key_id,
                                          UnixMillis accepted);

  DeviceContext context_;
  // Lists that were fetched since this object was made, and when by this
  // device's clock. A list that was current then was current within the 30 days
  // before any time of the next 30 days.
  struct Known {
    std::vector<DatedList> lists;
    UnixMillis fetched_at = 0;
  };
  std::map<std::string, Known> known_;
};

}  // namespace frank::client

#endif  // FRANK_CLIENT_ACCOUNT_DIRECTORY_H_
