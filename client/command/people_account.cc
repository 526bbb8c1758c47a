// register, link, device.
#include "absl/strings/str_cat.h"
#include "client/command/people.h"
#include "client/command/text.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

// The identity key of an account as this device has it pinned.
absl::StatusOr<stored::PinnedAccount> PinOf(Device& device,
                                            const std::string& account) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PinnedAccount> pin,
                         device.store().FindPin(account));
  if (pin) return *std::move(pin);
  return absl::NotFoundError(absl::StrCat(account, " is not known here"));
}

// Says which device this is now, and the key that others should see of it.
absl::Status PrintOwn(Device& device, absl::string_view text, Output& out) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, device.store().GetProfile());
  FRANK_ASSIGN_OR_RETURN(stored::PinnedAccount pin,
                         PinOf(device, profile->account_uri()));
  std::string id = ToHex(FieldBytes(profile->device_id()));
  std::string key = ToHex(FieldBytes(pin.identity_public_key()));
  out.Print(JsonObject()
                .Text("account", profile->account_uri())
                .Text("device_id", id)
                .Text("identity_key", key),
            absl::StrCat(text, " ", Printable(profile->account_uri()),
                         ".\n  this device   ", id, "\n  identity key  ", key));
  return absl::OkStatus();
}

JsonObject KeysJson(const stored::PinnedAccount& pin) {
  JsonObject json;
  json.Text("account", pin.account_uri())
      .Hex("identity_key", pin.identity_public_key());
  if (!pin.changed_key().empty()) json.Hex("changed_key", pin.changed_key());
  return json;
}

std::string KeysText(const stored::PinnedAccount& pin) {
  std::string text = absl::StrCat("  identity key  ",
                                  ToHex(FieldBytes(pin.identity_public_key())));
  if (!pin.changed_key().empty()) {
    absl::StrAppend(&text, "\n  shown and not trusted  ",
                    ToHex(FieldBytes(pin.changed_key())));
  }
  return text;
}

void PrintList(const stored::PinnedAccount& pin, const crypto::DeviceList& list,
               absl::string_view own_device, Output& out) {
  out.Say(absl::StrCat(Printable(list.account_uri), ", device list ",
                       list.version, "\n", KeysText(pin)));
  for (const crypto::ListedDevice& listed : list.devices) {
    bool own = listed.id.text() == own_device;
    out.Print(
        KeysJson(pin)
            .Number("version", list.version)
            .Hex("device_id", listed.id.bytes())
            .Hex("key_id", listed.public_key.id().bytes())
            .Bool("this_device", own),
        absl::StrCat("  ", listed.id.Hex(), own ? "  (this device)" : ""));
  }
}

}  // namespace

absl::Status RunRegister(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 0, ""));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device,
                         MakeDevice(in, DeviceKind::kFirst));
  FRANK_RETURN_IF_ERROR(device->membership().Register());
  return PrintOwn(*device, "Registered", in.out);
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
                            "\nOn a device of the account, run: frank link "
                            "approve FILE --code CODE --out PACKAGE"));
  return absl::OkStatus();
}

absl::Status RunLinkApprove(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(
      in.args.RequirePositionals(1, 1, "the file of link request"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(std::string request,
                         wire::ReadFile(in.args.positionals()[0]));
  ByteSpan bytes = AsBytes(absl::string_view(request));
  FRANK_ASSIGN_OR_RETURN(Bytes package, device->membership().ApproveLink(
                                            bytes, in.args.Get("code")));
  std::string code = LinkFingerprint(bytes);
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
  return PrintOwn(*device, "This device now belongs to", in.out);
}

absl::Status RunDeviceList(const Invocation& in) {
  FRANK_RETURN_IF_ERROR(in.args.RequirePositionals(0, 1, "an account"));
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  FRANK_ASSIGN_OR_RETURN(Profile profile, device->store().GetProfile());
  std::string account = in.args.positionals().empty()
                            ? profile->account_uri()
                            : in.args.positionals()[0];
  absl::StatusOr<std::vector<crypto::DeviceList>> lists =
      device->directory().FetchCurrent({account});
  bool changed = FindReason(lists.status()) == std::string(kReasonKeyChanged);
  if (!lists.ok() && !changed) return lists.status();
  FRANK_ASSIGN_OR_RETURN(stored::PinnedAccount pin, PinOf(*device, account));
  // Both keys of one that changed are data too, for whoever compares them.
  if (changed) in.out.Print(KeysJson(pin), KeysText(pin));
  FRANK_RETURN_IF_ERROR(lists.status());
  PrintList(pin, lists->front(), profile->device_id(), in.out);
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
  absl::StatusOr<Bytes> key = FromHex(in.args.Get("key"));
  if (!key.ok() || key->size() != crypto::kEd25519KeyBytes) {
    return FieldError("--key", "must be 64 hex digits");
  }
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, OpenDevice(in));
  const std::string& account = in.args.positionals()[0];
  FRANK_RETURN_IF_ERROR(device->directory().AcceptChangedKey(account, *key));
  FRANK_ASSIGN_OR_RETURN(stored::PinnedAccount pin, PinOf(*device, account));
  in.out.Print(KeysJson(pin), absl::StrCat("From now on ", Printable(account),
                                           " has the key ", ToHex(*key), "."));
  return absl::OkStatus();
}

}  // namespace frank::client
