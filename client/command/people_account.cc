// register, link, device.
#include "absl/strings/str_cat.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

JsonObject AccountJson(const stored::DeviceProfile& profile) {
  return JsonObject()
      .Text("account", profile.account_uri())
      .Hex("device_id", profile.device_id());
}

}  // namespace

absl::Status RunRegister(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device,
                         MakeDevice(in, DeviceKind::kFirst));
  FRANK_RETURN_IF_ERROR(device->membership().Register());
  FRANK_ASSIGN_OR_RETURN(stored::DeviceProfile profile,
                         device->store().GetProfile());
  in.out.Print(
      AccountJson(profile),
      absl::StrCat("Registered ", profile.account_uri(), " with this device, ",
                   ToHex(FieldBytes(profile.device_id())), "."));
  return absl::OkStatus();
}

absl::Status RunLinkRequest(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device,
                         MakeDevice(in, DeviceKind::kToBeLinked));
  FRANK_ASSIGN_OR_RETURN(Bytes request, device->membership().MakeLinkRequest());
  FRANK_RETURN_IF_ERROR(wire::WriteFile(in.args.Get("out"), AsText(request),
                                        wire::FileMode::kPublic, true));
  std::string code = LinkFingerprint(request);
  in.out.Print(JsonObject().Text("file", in.args.Get("out")).Text("code", code),
               absl::StrCat("Wrote ", in.args.Get("out"), ". Code: ", code,
                            "\nOn a device of the account, compare the code "
                            "and run: frank link approve FILE --out PACKAGE"));
  return absl::OkStatus();
}

absl::Status RunLinkApprove(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, 1, "the file of link request"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(std::string request,
                         wire::ReadFile(in.args.positionals()[0]));
  ByteSpan bytes = AsBytes(absl::string_view(request));
  std::string code = LinkFingerprint(bytes);
  if (in.args.Has("code") && in.args.Get("code") != code) {
    return absl::UnauthenticatedError(absl::StrCat(
        "this request has the code ", code, ", not the one that was given"));
  }
  FRANK_ASSIGN_OR_RETURN(Bytes package,
                         device->membership().ApproveLink(bytes));
  FRANK_RETURN_IF_ERROR(wire::WriteFile(in.args.Get("out"), AsText(package),
                                        wire::FileMode::kSecret, true));
  in.out.Print(JsonObject().Text("file", in.args.Get("out")).Text("code", code),
               absl::StrCat("Added the device with the code ", code, ". Wrote ",
                            in.args.Get("out"),
                            ", which only that device can open; there, run: "
                            "frank link accept PACKAGE"));
  return absl::OkStatus();
}

absl::Status RunLinkAccept(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, 1, "the file of link approve"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(std::string package,
                         wire::ReadFile(in.args.positionals()[0]));
  FRANK_RETURN_IF_ERROR(
      device->membership().AcceptLink(AsBytes(absl::string_view(package))));
  FRANK_ASSIGN_OR_RETURN(stored::DeviceProfile profile,
                         device->store().GetProfile());
  in.out.Print(AccountJson(profile), absl::StrCat("This device now belongs to ",
                                                  profile.account_uri(), "."));
  return absl::OkStatus();
}

absl::Status RunDeviceList(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 1, "an account"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(stored::DeviceProfile profile,
                         device->store().GetProfile());
  std::string account = in.args.positionals().empty()
                            ? profile.account_uri()
                            : in.args.positionals()[0];
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::DeviceList> lists,
                         device->directory().FetchCurrent({account}));
  in.out.Say(
      absl::StrCat(Printable(account), ", device list ", lists[0].version));
  for (const crypto::ListedDevice& listed : lists[0].devices) {
    bool own = listed.id.text() == absl::string_view(profile.device_id());
    in.out.Print(
        JsonObject()
            .Text("account", account)
            .Number("version", lists[0].version)
            .Hex("device_id", listed.id.bytes())
            .Hex("key_id", listed.public_key.id().bytes())
            .Bool("this_device", own),
        absl::StrCat("  ", listed.id.Hex(), own ? "  (this device)" : ""));
  }
  return absl::OkStatus();
}

absl::Status RunDeviceRemove(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "a device id"));
  FRANK_ASSIGN_OR_RETURN(Bytes bytes, FromHex(in.args.positionals()[0]));
  FRANK_ASSIGN_OR_RETURN(DeviceId id,
                         DeviceId::Parse("device_id", ByteSpan(bytes)));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_RETURN_IF_ERROR(device->membership().RemoveDevice(id));
  in.out.Print(JsonObject().Hex("device_id", id.bytes()),
               absl::StrCat("Removed ", id.Hex(), "."));
  return absl::OkStatus();
}

absl::Status RunDeviceRotateToken(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_RETURN_IF_ERROR(device->membership().RotateToken());
  in.out.Print(JsonObject().Bool("rotated", true),
               "This device has a new token.");
  return absl::OkStatus();
}

absl::Status RunDeviceTrust(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(1, 1, "an account"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  const std::string& account = in.args.positionals()[0];
  FRANK_RETURN_IF_ERROR(device->directory().AcceptChangedKey(account));
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PinnedAccount> pin,
                         device->store().FindPin(account));
  std::string key = ToHex(FieldBytes(pin->identity_public_key()));
  in.out.Print(JsonObject().Text("account", account).Text("identity_key", key),
               absl::StrCat("From now on ", Printable(account), " has the key ",
                            key, "."));
  return absl::OkStatus();
}

}  // namespace frank::client
