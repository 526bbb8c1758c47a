// The home folder of a device, and how a command opens it.
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/command/people.h"
#include "client/grpc_transport.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::client {
namespace {

absl::StatusOr<std::unique_ptr<Device>> Connect(
    const Invocation& in, std::unique_ptr<DeviceStore> store) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, store->GetProfile());
  ServerAddress server;
  server.address = profile->server();
  server.authority_pem = profile->server_authority_pem();
  const char* token = std::getenv("FRANK_REGISTRATION_TOKEN");
  if (token != nullptr) server.registration_token = token;
  FRANK_ASSIGN_OR_RETURN(std::unique_ptr<Transport> transport,
                         CreateGrpcTransport(server));
  return Device::Create(std::move(store), std::move(transport), in.clock,
                        in.random);
}

// The store's key where it is kept outside the home.
absl::StatusOr<absl::optional<crypto::Secret>> LoadStoreKey(const Args& args) {
  const char* variable = std::getenv("FRANK_STORE_KEY");
  std::string path = args.Get("store-key", variable ? variable : "");
  if (path.empty()) return absl::optional<crypto::Secret>();
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret key,
      wire::LoadSecretKey(path, "device-store", StoreFile::kKeyBytes));
  return absl::optional<crypto::Secret>(std::move(key));
}

absl::StatusOr<RequiredIntegrity> ParseRequired(const std::string& form) {
  if (form == "any") return RequiredIntegrity::kAsStated;
  if (form == "signed") return RequiredIntegrity::kSigned;
  if (form == "each") return RequiredIntegrity::kEach;
  return FieldError("--require", "must be any, signed or each");
}

absl::StatusOr<NewDevice> ReadNewDevice(const Args& args) {
  NewDevice device;
  device.account_uri = args.Get("account");
  device.server = args.Get("server");
  FRANK_ASSIGN_OR_RETURN(device.required_integrity,
                         ParseRequired(args.Get("require", "any")));
  if (args.Has("ca")) {
    FRANK_ASSIGN_OR_RETURN(device.server_authority_pem,
                           wire::ReadFile(args.Get("ca")));
  }
  FRANK_ASSIGN_OR_RETURN(
      device.moderation_identity_key,
      wire::LoadPublicKey(args.Get("moderation-key"), "identity"));
  return device;
}

}  // namespace

std::vector<Option> WithHome(std::vector<Option> options) {
  std::vector<Option> all = {
      {"home", "DIR", "the device's folder (or $FRANK_HOME; else ~/.frank)"},
      {"store-key", "FILE",
       "the key of the device's store, of keys store (or $FRANK_STORE_KEY; "
       "else one in the folder)"}};
  for (Option& option : options) all.push_back(std::move(option));
  return all;
}

std::string HomeOf(const Args& args) {
  if (args.Has("home")) return args.Get("home");
  const char* home = std::getenv("FRANK_HOME");
  if (home != nullptr && *home != '\0') return home;
  const char* user = std::getenv("HOME");
  return absl::StrCat(user == nullptr ? "." : user, "/.frank");
}

std::vector<Option> NewDeviceOptions() {
  return WithHome(
      {{"server", "HOST:PORT", "frank-platform", true},
       {"ca", "FILE",
        "PEM of the authority that signed the server's certificate"},
       {"moderation-key", "FILE",
        "the moderators' public identity key; what they sign is checked "
        "with it",
        true},
       {"account", "URI", "the account, such as mimi://hub.example/u/alice",
        true},
       {"require", "FORM",
        "refuse messages whose frank is weaker: signed or each; without it "
        "any form that the moderators' record states"}});
}

absl::StatusOr<std::unique_ptr<Device>> OpenDevice(const Invocation& in) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<crypto::Secret> key,
                         LoadStoreKey(in.args));
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<StoreFile> file,
      StoreFile::OpenExisting(HomeOf(in.args), in.random, std::move(key)));
  auto store = std::make_unique<DeviceStore>(std::move(file));
  if (!store->HasProfile()) {
    return absl::NotFoundError(
        absl::StrCat(store->home(), ": holds no device; run: frank register"));
  }
  return Connect(in, std::move(store));
}

absl::StatusOr<std::unique_ptr<Device>> MakeDevice(const Invocation& in,
                                                   DeviceKind kind) {
  FRANK_ASSIGN_OR_RETURN(NewDevice device, ReadNewDevice(in.args));
  FRANK_ASSIGN_OR_RETURN(absl::optional<crypto::Secret> key,
                         LoadStoreKey(in.args));
  FRANK_ASSIGN_OR_RETURN(
      std::unique_ptr<StoreFile> file,
      StoreFile::Open(HomeOf(in.args), in.random, std::move(key)));
  auto store = std::make_unique<DeviceStore>(std::move(file));
  FRANK_RETURN_IF_ERROR(CreateProfile(device, kind, *store, in.random));
  return Connect(in, std::move(store));
}

absl::StatusOr<std::string> OwnAccount(Device& device) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, device.store().GetProfile());
  return profile->account_uri();
}

absl::StatusOr<uint64_t> ParseNumber(absl::string_view field,
                                     absl::string_view text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  return FieldError(field, "must be a number");
}

absl::StatusOr<std::set<uint32_t>> ParseIndices(absl::string_view field,
                                                absl::string_view text) {
  std::set<uint32_t> indices;
  for (absl::string_view range : absl::StrSplit(text, ',')) {
    std::pair<absl::string_view, absl::string_view> ends =
        absl::StrSplit(range, absl::MaxSplits('-', 1));
    uint32_t first = 0;
    uint32_t last = 0;
    if (!absl::SimpleAtoi(ends.first, &first)) {
      return FieldError(field, "must be numbers and ranges such as 0,2-4");
    }
    last = first;
    if (!ends.second.empty() && !absl::SimpleAtoi(ends.second, &last)) {
      return FieldError(field, "must be numbers and ranges such as 0,2-4");
    }
    if (last < first || last >= limits::kMaxParts) {
      return FieldError(field, "must be below 2^20 and ascending");
    }
    for (uint32_t i = first; i <= last; ++i) indices.insert(i);
  }
  return indices;
}

Progress ShowProgress(const Invocation& in, absl::string_view what) {
  // A line for each tenth, so that short files are silent and long ones never.
  return [&in, label = std::string(what), shown = uint32_t{0}](
             uint32_t done, uint32_t total) mutable {
    uint32_t tenth = static_cast<uint32_t>(uint64_t{done} * 10 / total);
    if (total < 64 || tenth == shown) return;
    shown = tenth;
    in.out.Say(absl::StrCat(label, ": ", tenth * 10, " %"));
  };
}

absl::StatusOr<std::string> ReadInput() {
  std::string text;
  char buffer[4096];
  size_t n = 0;
  while ((n = std::fread(buffer, 1, sizeof(buffer), stdin)) > 0) {
    text.append(buffer, n);
    if (text.size() > limits::kMaxBodyBytes) {
      return FieldError("text", "is larger than 1 MiB; send it as a file");
    }
  }
  return text;
}

}  // namespace frank::client
