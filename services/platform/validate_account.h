// Checks of AccountService's requests that need no store. kInvalidArgument
// names the field and the rule.
#ifndef FRANK_SERVICES_PLATFORM_VALIDATE_ACCOUNT_H_
#define FRANK_SERVICES_PLATFORM_VALIDATE_ACCOUNT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/records.h"
#include "frank/v1/account.pb.h"

namespace frank::platform {

// Checks a new account's URI: within `authority`, NFC, not that of a room.
absl::Status ValidateAccountUri(absl::string_view field, absl::string_view uri,
                                absl::string_view authority);

// Opens a device list with the identity key beside it: lengths, signature,
// every device's key, 1 to 8 devices. A signature that does not verify is
// kInvalidArgument with NOT_AUTHENTIC.
absl::StatusOr<crypto::DeviceList> OpenDeviceList(
    absl::string_view account_uri, const v1::SignedDeviceList& list);

// Both check all but the lists, which OpenDeviceList does.
absl::Status Validate(const v1::RegisterAccountRequest& request,
                      absl::string_view authority);
absl::Status Validate(const v1::UpdateDeviceListRequest& request);
absl::Status Validate(const v1::GetDeviceListsRequest& request);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_VALIDATE_ACCOUNT_H_
