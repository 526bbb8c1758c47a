#include "services/platform/validate_account.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/signature.h"
#include "services/platform/normal_form.h"

namespace frank::platform {
namespace {

constexpr char kRoomPath[] = "/r/";

absl::Status CheckLengths(const v1::SignedDeviceList& list) {
  if (list.device_list().empty() ||
      list.device_list().size() > limits::kMaxDeviceListBytes) {
    return FieldError(
        "device_list.device_list",
        absl::StrCat("must be 1 to ", limits::kMaxDeviceListBytes, " bytes"));
  }
  if (list.signature().size() != crypto::kSignatureBytes) {
    return FieldError("device_list.signature", "must be 64 bytes");
  }
  if (list.identity_public_key().size() != crypto::kEd25519KeyBytes) {
    return FieldError("device_list.identity_public_key", "must be 32 bytes");
  }
  if (list.accepted_at() != 0) {
    return FieldError("device_list.accepted_at", "must be 0 in requests");
  }
  if (list.replaced_at() != 0) {
    return FieldError("device_list.replaced_at", "must be 0 in requests");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateAccountUri(absl::string_view field, absl::string_view uri,
                                absl::string_view authority) {
  FRANK_RETURN_IF_ERROR(CheckUri(field, uri));
  absl::string_view path = uri;
  if (!absl::ConsumePrefix(&path, authority) || path.size() < 2 ||
      path[0] != '/') {
    return FieldError(field, "must be a path within the platform's authority");
  }
  if (absl::StartsWith(path, kRoomPath)) {
    return FieldError(field, "must not be the URI of a room");
  }
  FRANK_ASSIGN_OR_RETURN(bool nfc, IsNfc(uri));
  if (!nfc) return FieldError(field, "must be in Unicode normal form C");
  return absl::OkStatus();
}

absl::StatusOr<crypto::DeviceList> OpenDeviceList(
    absl::string_view account_uri, const v1::SignedDeviceList& list) {
  FRANK_RETURN_IF_ERROR(CheckLengths(list));
  absl::StatusOr<crypto::Ed25519PublicKey> identity =
      crypto::Ed25519PublicKey::Create(AsBytes(list.identity_public_key()));
  if (!identity.ok()) {
    return FieldError("device_list.identity_public_key",
                      "must be an Ed25519 key that is not of small order");
  }
  absl::StatusOr<crypto::DeviceList> opened = crypto::OpenDeviceList(
      account_uri, AsBytes(list.device_list()), AsBytes(list.signature()),
      *identity, crypto::SeenDeviceList{});
  if (absl::IsUnauthenticated(opened.status())) {
    return WithReason(FieldError("device_list.signature",
                                 "must verify with the identity key"),
                      "NOT_AUTHENTIC");
  }
  if (!opened.ok()) return InField("device_list", opened.status());
  if (opened->devices.empty() || opened->devices.size() > limits::kMaxDevices) {
    return FieldError(
        "device_list.device_list",
        absl::StrCat("must have 1 to ", limits::kMaxDevices, " devices"));
  }
  return opened;
}

absl::Status Validate(const v1::RegisterAccountRequest& request,
                      absl::string_view authority) {
  FRANK_RETURN_IF_ERROR(
      ValidateAccountUri("account_uri", request.account_uri(), authority));
  return RequestId::Parse("request_id", request.request_id()).status();
}

absl::Status Validate(const v1::UpdateDeviceListRequest& request) {
  FRANK_RETURN_IF_ERROR(CheckLengths(request.device_list()));
  return RequestId::Parse("request_id", request.request_id()).status();
}

absl::Status Validate(const v1::GetDeviceListsRequest& request) {
  if (request.query_size() > static_cast<int>(limits::kMaxDeviceListQueries)) {
    return FieldError("query", absl::StrCat("must be at most ",
                                            limits::kMaxDeviceListQueries));
  }
  for (int i = 0; i < request.query_size(); ++i) {
    FRANK_RETURN_IF_ERROR(CheckUri(absl::StrCat("query[", i, "].account_uri"),
                                   request.query(i).account_uri()));
  }
  return absl::OkStatus();
}

}  // namespace frank::platform
