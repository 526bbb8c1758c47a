#include "client/membership.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/errors.h"
#include "crypto/hash.h"

namespace frank::client {
namespace {

constexpr absl::string_view kLinkInfo = "frank/1 link";

absl::StatusOr<stored::LinkRequest> ParseLinkRequest(ByteSpan bytes) {
  stored::LinkRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return FieldError("link_request", "must be what link request wrote");
  }
  FRANK_RETURN_IF_ERROR(CheckUri("account_uri", request.account_uri()));
  FRANK_RETURN_IF_ERROR(
      DeviceId::Parse("device_id", FieldBytes(request.device_id())).status());
  return request;
}

absl::StatusOr<std::string> MakeLinkRequestBytes(
    const stored::DeviceProfile& profile) {
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key, DeviceKey(profile));
  stored::LinkRequest request;
  request.set_account_uri(profile.account_uri());
  request.set_device_id(profile.device_id());
  request.set_public_key(ToString(key.public_key().bytes()));
  return request.SerializeAsString();
}

// Whether a profile waits to be registered or linked as `kind`.
bool IsUnfinished(const stored::DeviceProfile& profile,
                  const std::string& account_uri, DeviceKind kind) {
  return profile.token().empty() && profile.account_uri() == account_uri &&
         profile.identity_seed().empty() == (kind == DeviceKind::kToBeLinked);
}

void DrawKeys(DeviceKind kind, RandomSource& random,
              stored::DeviceProfile* profile) {
  profile->set_device_id(ToString(DeviceId::Random(random).bytes()));
  profile->set_device_private_key(
      ToString(crypto::Secret::Random(random, crypto::kHpkeKeyBytes).bytes()));
  if (kind == DeviceKind::kToBeLinked) return;
  profile->set_identity_seed(ToString(
      crypto::Secret::Random(random, crypto::kEd25519KeyBytes).bytes()));
  profile->set_register_request_id(ToString(RequestId::Random(random).bytes()));
}

std::string DigitsOf(absl::string_view code) {
  std::string digits;
  for (char c : code) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) digits += c;
  }
  return digits;
}

// The package's pin of the own account, which the identity key must have.
absl::StatusOr<stored::PinnedAccount*> OwnPin(stored::LinkPackage* package) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Ed25519PrivateKey identity,
      crypto::Ed25519PrivateKey::FromSeed(
          crypto::Secret::Copy(FieldBytes(package->identity_seed()))));
  for (stored::PinnedAccount& pin : *package->mutable_pin()) {
    if (pin.account_uri() != package->account_uri()) continue;
    bool same = FieldBytes(pin.identity_public_key()) ==
                ByteSpan(identity.public_key().bytes());
    return same ? absl::StatusOr<stored::PinnedAccount*>(&pin)
                : crypto::Unauthenticated();
  }
  return crypto::Unauthenticated();
}

}  // namespace

absl::Status CreateProfile(const NewDevice& device, DeviceKind kind,
                           DeviceStore& store, RandomSource& random) {
  FRANK_RETURN_IF_ERROR(CheckUri("account", device.account_uri));
  FRANK_RETURN_IF_ERROR(
      crypto::Ed25519PublicKey::Create(device.moderation_identity_key)
          .status());
  Profile profile;
  if (store.HasProfile()) {
    FRANK_ASSIGN_OR_RETURN(profile, store.GetProfile());
    if (!IsUnfinished(*profile, device.account_uri, kind)) {
      return absl::AlreadyExistsError(
          absl::StrCat(store.home(), ": holds a device already"));
    }
  } else {
    DrawKeys(kind, random, &*profile);
  }
  profile->set_account_uri(device.account_uri);
  profile->set_server(device.server);
  profile->set_server_authority_pem(device.server_authority_pem);
  profile->set_moderation_identity_key(
      ToString(device.moderation_identity_key));
  profile->set_required_integrity(
      static_cast<uint32_t>(device.required_integrity));
  return store.PutProfile(*profile);
}

std::string LinkFingerprint(ByteSpan link_request) {
  crypto::Sha256Digest digest = crypto::Sha256({link_request});
  std::string digits;
  for (size_t group = 0; group < 4; ++group) {
    uint64_t number = ReadU64(ByteSpan(digest).subspan(group * 8, 8)) % 100000;
    absl::StrAppend(&digits, group == 0 ? "" : " ",
                    absl::Dec(number, absl::kZeroPad5));
  }
  return digits;
}

absl::StatusOr<v1::SignedDeviceList> Membership::SignList(
    const stored::DeviceProfile& profile, const crypto::DeviceList& list) {
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey identity,
                         IdentityKey(profile));
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord record,
                         crypto::Sign(list, identity));
  v1::SignedDeviceList out;
  out.set_device_list(ToString(record.record));
  out.set_signature(ToString(record.signature));
  out.set_identity_public_key(ToString(identity.public_key().bytes()));
  return out;
}

absl::Status Membership::Register() {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key, DeviceKey(*profile));
  FRANK_ASSIGN_OR_RETURN(
      DeviceId id,
      DeviceId::Parse("device_id", FieldBytes(profile->device_id())));
  crypto::DeviceList list{profile->account_uri(), 1, {{id, key.public_key()}}};
  v1::RegisterAccountRequest request;
  request.set_account_uri(profile->account_uri());
  request.set_request_id(profile->register_request_id());
  FRANK_ASSIGN_OR_RETURN(*request.mutable_device_list(),
                         SignList(*profile, list));
  FRANK_ASSIGN_OR_RETURN(v1::RegisterAccountResponse response,
                         context_.transport.RegisterAccount(request));
  profile->set_token(response.token());
  FRANK_RETURN_IF_ERROR(context_.store.PutProfile(*profile));
  context_.transport.SetToken(profile->token());
  FRANK_RETURN_IF_ERROR(
      directory_.Learn(profile->account_uri(), request.device_list()).status());
  return LearnPlatformTime(context_, response.server_time());
}

absl::StatusOr<crypto::DeviceList> Membership::FetchOwnList() {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::DeviceList> lists,
                         directory_.FetchCurrent({profile->account_uri()}));
  return std::move(lists.front());
}

absl::StatusOr<v1::UpdateDeviceListResponse> Membership::Send(
    const stored::PendingDeviceList& pending) {
  v1::UpdateDeviceListRequest request;
  request.set_request_id(pending.request_id());
  *request.mutable_device_list() = pending.device_list();
  absl::StatusOr<v1::UpdateDeviceListResponse> response =
      context_.transport.UpdateDeviceList(request);
  // The change may have been made by a call whose answer was lost, and with the
  // pending list would go the one way to its token.
  if (!response.ok() && IsFinal(response.status())) {
    FRANK_RETURN_IF_ERROR(context_.store.RemovePendingList());
  }
  return response;
}

absl::StatusOr<std::string> Membership::Publish(const crypto::DeviceList& list,
                                                absl::string_view added) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PendingDeviceList> pending,
                         context_.store.FindPendingList());
  FRANK_ASSIGN_OR_RETURN(v1::SignedDeviceList signed_list,
                         SignList(*profile, list));
  // The same change again is the same request: its tokens are given once more.
  if (!pending ||
      pending->device_list().device_list() != signed_list.device_list()) {
    pending.emplace();
    pending->set_request_id(
        ToString(RequestId::Random(context_.random).bytes()));
    *pending->mutable_device_list() = std::move(signed_list);
    FRANK_RETURN_IF_ERROR(context_.store.PutPendingList(*pending));
  }
  FRANK_ASSIGN_OR_RETURN(v1::UpdateDeviceListResponse response, Send(*pending));
  if (response.has_stale()) {
    FRANK_RETURN_IF_ERROR(
        directory_.Learn(profile->account_uri(), response.stale()).status());
    FRANK_RETURN_IF_ERROR(context_.store.RemovePendingList());
    return absl::AbortedError(
        "another device changed the list meanwhile; try again");
  }
  FRANK_RETURN_IF_ERROR(
      directory_.Learn(profile->account_uri(), pending->device_list())
          .status());
  for (const auto& device : response.updated().new_device()) {
    if (absl::string_view(device.device_id()) == added) return device.token();
  }
  if (added.empty()) return std::string();
  return absl::InternalError("the platform gave no token for the new device");
}

absl::StatusOr<Bytes> Membership::MakeLinkRequest() {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(std::string bytes, MakeLinkRequestBytes(*profile));
  return ToBytes(bytes);
}

absl::StatusOr<Bytes> Membership::ApproveLink(ByteSpan link_request,
                                              absl::string_view code) {
  if (DigitsOf(code) != DigitsOf(LinkFingerprint(link_request))) {
    return absl::UnauthenticatedError(
        "the request has another code than the one that was given: it is not "
        "the new device's");
  }
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(stored::LinkRequest request,
                         ParseLinkRequest(link_request));
  if (request.account_uri() != profile->account_uri()) {
    return FieldError("account_uri", "must be this device's account");
  }
  FRANK_ASSIGN_OR_RETURN(
      crypto::HpkePublicKey key,
      crypto::HpkePublicKey::Create(FieldBytes(request.public_key())));
  FRANK_ASSIGN_OR_RETURN(
      DeviceId id,
      DeviceId::Parse("device_id", FieldBytes(request.device_id())));
  FRANK_ASSIGN_OR_RETURN(crypto::DeviceList list, FetchOwnList());
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PendingDeviceList> pending,
                         context_.store.FindPendingList());
  const crypto::ListedDevice* known = list.Find(id);
  bool listed = known != nullptr;
  if (listed && !(known->public_key == key)) return crypto::Unauthenticated();
  // Listed by an approval that broke off: its token is given once more.
  if (listed && !pending) {
    return absl::AlreadyExistsError("this device is on the list already");
  }
  if (!listed && list.devices.size() >= limits::kMaxDevices) {
    return FieldError(
        "device_list",
        absl::StrCat("must be at most ", limits::kMaxDevices, " devices"));
  }
  if (!listed) {
    ++list.version;
    list.devices.push_back({id, key});
  }
  wire::Cleansed<stored::LinkPackage> package;
  FRANK_ASSIGN_OR_RETURN(*package->mutable_token(), Publish(list, id.text()));
  package->set_account_uri(profile->account_uri());
  package->set_identity_seed(profile->identity_seed());
  package->set_moderation_identity_key(profile->moderation_identity_key());
  FRANK_ASSIGN_OR_RETURN(std::vector<stored::PinnedAccount> pins,
                         context_.store.Pins());
  for (stored::PinnedAccount& pin : pins) *package->add_pin() = std::move(pin);
  crypto::Secret bytes = crypto::Secret::OfSize(package->ByteSizeLong());
  package->SerializeToArray(bytes.mutable_bytes().data(),
                            static_cast<int>(bytes.size()));
  FRANK_ASSIGN_OR_RETURN(Bytes sealed,
                         crypto::HpkeSeal(key, AsBytes(kLinkInfo), link_request,
                                          bytes.bytes(), context_.random));
  FRANK_RETURN_IF_ERROR(context_.store.RemovePendingList());
  return sealed;
}

absl::Status Membership::AcceptLink(ByteSpan bytes) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  if (!profile->identity_seed().empty()) {
    return absl::FailedPreconditionError(
        "this device belongs to its account already");
  }
  FRANK_ASSIGN_OR_RETURN(std::string request, MakeLinkRequestBytes(*profile));
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey key, DeviceKey(*profile));
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret opened,
      crypto::HpkeOpen(key, AsBytes(kLinkInfo),
                       AsBytes(absl::string_view(request)), bytes));
  wire::Cleansed<stored::LinkPackage> package;
  if (!package->ParseFromArray(opened.bytes().data(),
                               static_cast<int>(opened.size())) ||
      package->account_uri() != profile->account_uri() ||
      package->moderation_identity_key() !=
          profile->moderation_identity_key() ||
      package->token().empty()) {
    return crypto::Unauthenticated();
  }
  FRANK_RETURN_IF_ERROR(CheckPackage(key, &*package));
  profile->set_identity_seed(package->identity_seed());
  profile->set_token(package->token());
  FRANK_RETURN_IF_ERROR(context_.store.PutLinked(
      *profile, {package->pin().begin(), package->pin().end()}));
  context_.transport.SetToken(profile->token());
  return absl::OkStatus();
}

// Anybody who saw the request can seal a package to it; only a device of the
// account can have signed this device's key.
absl::Status Membership::CheckPackage(const crypto::HpkePrivateKey& own_key,
                                      stored::LinkPackage* package) {
  FRANK_ASSIGN_OR_RETURN(stored::PinnedAccount * pin, OwnPin(package));
  v1::GetDeviceListsRequest request;
  request.add_query()->set_account_uri(package->account_uri());
  context_.transport.SetToken(package->token());
  absl::StatusOr<v1::GetDeviceListsResponse> response =
      context_.transport.GetDeviceLists(request);
  context_.transport.SetToken("");
  FRANK_RETURN_IF_ERROR(response.status());
  if (response->lists_size() != 1 || response->lists(0).list_size() == 0) {
    return crypto::Unauthenticated();
  }
  const v1::SignedDeviceList& list = *response->lists(0).list().rbegin();
  FRANK_ASSIGN_OR_RETURN(crypto::DeviceList opened,
                         AccountDirectory::Open(*pin, list));
  if (opened.FindKey(own_key.public_key().id()) == nullptr) {
    return crypto::Unauthenticated();
  }
  *pin->mutable_current() = list;
  return absl::OkStatus();
}

absl::Status Membership::RemoveDevice(const DeviceId& device_id) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  if (FieldBytes(profile->device_id()) == device_id.bytes()) {
    return FieldError("device_id", "must not be this device's own");
  }
  FRANK_ASSIGN_OR_RETURN(crypto::DeviceList list, FetchOwnList());
  auto found = std::find_if(
      list.devices.begin(), list.devices.end(),
      [&](const crypto::ListedDevice& d) { return d.id == device_id; });
  if (found == list.devices.end()) {
    return absl::NotFoundError("there is no such device on the account's list");
  }
  list.devices.erase(found);
  ++list.version;
  FRANK_RETURN_IF_ERROR(Publish(list, "").status());
  return context_.store.RemovePendingList();
}

absl::Status Membership::RotateToken() {
  FRANK_ASSIGN_OR_RETURN(v1::RotateTokenResponse response,
                         context_.transport.RotateToken({}));
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  profile->set_token(response.token());
  FRANK_RETURN_IF_ERROR(context_.store.PutProfile(*profile));
  context_.transport.SetToken(profile->token());
  return absl::OkStatus();
}

}  // namespace frank::client
