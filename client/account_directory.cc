#include "client/account_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/mismatch.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::client {
namespace {

absl::Status KeyChanged(const stored::PinnedAccount& pin) {
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          pin.account_uri(), " shows the identity key ",
          ToHex(FieldBytes(pin.changed_key())), ", and pinned is ",
          ToHex(FieldBytes(pin.identity_public_key())),
          "; ask its owner which key it has, then run: frank device trust ",
          pin.account_uri(), " --key KEY")),
      kReasonKeyChanged);
}

absl::StatusOr<crypto::DeviceList> OpenList(
    const std::string& account_uri, const std::string& identity_key,
    const v1::SignedDeviceList& list, const crypto::SeenDeviceList& seen) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Ed25519PublicKey identity,
      crypto::Ed25519PublicKey::Create(FieldBytes(identity_key)));
  return crypto::OpenDeviceList(account_uri, FieldBytes(list.device_list()),
                                FieldBytes(list.signature()), identity, seen);
}

absl::StatusOr<crypto::SeenDeviceList> SeenOf(
    const stored::PinnedAccount& pin) {
  if (!pin.has_current()) return crypto::SeenDeviceList();
  ByteSpan record = FieldBytes(pin.current().device_list());
  FRANK_ASSIGN_OR_RETURN(crypto::DeviceList list,
                         crypto::ParseDeviceList(record));
  return crypto::SeenDeviceList{list.version, crypto::Sha256({record})};
}

}  // namespace

absl::StatusOr<crypto::DeviceList> AccountDirectory::Open(
    const stored::PinnedAccount& pin, const v1::SignedDeviceList& list) {
  FRANK_ASSIGN_OR_RETURN(crypto::SeenDeviceList seen, SeenOf(pin));
  return OpenList(pin.account_uri(), pin.identity_public_key(), list, seen);
}

absl::StatusOr<crypto::DeviceList> AccountDirectory::Learn(
    const std::string& account_uri, const v1::SignedDeviceList& list) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PinnedAccount> known,
                         context_.store.FindPin(account_uri));
  stored::PinnedAccount pin;
  if (known) {
    pin = *known;
  } else {
    pin.set_account_uri(account_uri);
    pin.set_identity_public_key(list.identity_public_key());
  }
  if (pin.identity_public_key() != list.identity_public_key()) {
    return KeepChangedKey(std::move(pin), list);
  }
  FRANK_ASSIGN_OR_RETURN(crypto::SeenDeviceList seen, SeenOf(pin));
  FRANK_ASSIGN_OR_RETURN(crypto::DeviceList opened, Open(pin, list));
  // What this device published itself has no time until the platform states it.
  if (!known || opened.version > seen.version ||
      pin.current().accepted_at() == 0) {
    *pin.mutable_current() = list;
    FRANK_RETURN_IF_ERROR(context_.store.PutPin(pin));
  }
  return opened;
}

absl::Status AccountDirectory::KeepChangedKey(
    stored::PinnedAccount pin, const v1::SignedDeviceList& list) {
  FRANK_RETURN_IF_ERROR(
      OpenList(pin.account_uri(), list.identity_public_key(), list, {})
          .status());
  pin.set_changed_key(list.identity_public_key());
  FRANK_RETURN_IF_ERROR(context_.store.PutPin(pin));
  return KeyChanged(pin);
}

absl::StatusOr<std::vector<crypto::DeviceList>> AccountDirectory::FetchCurrent(
    const std::vector<std::string>& account_uris) {
  v1::GetDeviceListsRequest request;
  for (const std::string& uri : account_uris) {
    request.add_query()->set_account_uri(uri);
  }
  FRANK_ASSIGN_OR_RETURN(v1::GetDeviceListsResponse response,
                         context_.transport.GetDeviceLists(request));
  if (response.lists_size() != request.query_size()) {
    return absl::InternalError("the platform answered other queries");
  }
  std::vector<crypto::DeviceList> lists;
  for (int i = 0; i < response.lists_size(); ++i) {
    const std::string& uri = request.query(i).account_uri();
    if (response.lists(i).list_size() == 0) {
      return absl::NotFoundError(absl::StrCat("there is no account ", uri));
    }
    FRANK_ASSIGN_OR_RETURN(crypto::DeviceList list,
                           Learn(uri, *response.lists(i).list().rbegin()));
    lists.push_back(std::move(list));
  }
  return lists;
}

absl::StatusOr<std::vector<AccountDirectory::DatedList>>
AccountDirectory::FetchSince(const std::string& account_uri, UnixMillis since) {
  v1::GetDeviceListsRequest request;
  request.add_query()->set_account_uri(account_uri);
  request.mutable_query(0)->set_current_since(since);
  FRANK_ASSIGN_OR_RETURN(v1::GetDeviceListsResponse response,
                         context_.transport.GetDeviceLists(request));
  std::vector<DatedList> lists;
  if (response.lists_size() != 1 || response.lists(0).list_size() == 0) {
    return lists;
  }
  // The newest first: it is the one that pins and is current; older ones only
  // have to verify under the same key and to fit under it.
  FRANK_RETURN_IF_ERROR(
      Learn(account_uri, *response.lists(0).list().rbegin()).status());
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PinnedAccount> pin,
                         context_.store.FindPin(account_uri));
  return Believed(*pin, response.lists(0));
}

absl::StatusOr<std::vector<AccountDirectory::DatedList>>
AccountDirectory::Believed(const stored::PinnedAccount& pin,
                           const v1::GetDeviceListsResponse::Lists& fetched) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::DeviceList current,
      crypto::ParseDeviceList(FieldBytes(pin.current().device_list())));
  std::vector<DatedList> lists;
  lists.push_back({std::move(current), pin.current().accepted_at(), 0});
  for (int i = fetched.list_size() - 2; i >= 0; --i) {
    const v1::SignedDeviceList& list = fetched.list(i);
    absl::StatusOr<crypto::DeviceList> opened =
        OpenList(pin.account_uri(), pin.identity_public_key(), list, {});
    const DatedList& newer = lists.back();
    // Instances of the platform may be this far apart.
    UnixMillis latest = newer.accepted_at + limits::kMaxClockBehind;
    if (!opened.ok() || opened->version >= newer.list.version ||
        list.replaced_at() == 0 || list.replaced_at() > latest) {
      continue;
    }
    lists.push_back(
        {*std::move(opened), list.accepted_at(), list.replaced_at()});
  }
  return lists;
}

const crypto::ListedDevice* AccountDirectory::Find(
    const std::vector<DatedList>& lists, const KeyId& key_id,
    UnixMillis accepted) {
  UnixMillis since = accepted - std::min(accepted, limits::kDeviceListGrace);
  for (const DatedList& dated : lists) {
    // Instances of the platform may be this far apart.
    if (dated.accepted_at > accepted + limits::kMaxClockBehind) continue;
    if (dated.replaced_at != 0 && dated.replaced_at <= since) continue;
    if (const auto* device = dated.list.FindKey(key_id)) return device;
  }
  return nullptr;
}

absl::StatusOr<crypto::HpkePublicKey> AccountDirectory::FindSenderKey(
    const std::string& sender_uri, const KeyId& key_id, UnixMillis accepted) {
  auto known = known_.find(sender_uri);
  // What was current when it was fetched says nothing of 30 days later.
  if (known != known_.end() &&
      accepted <= known->second.fetched_at + limits::kDeviceListGrace) {
    if (const auto* device = Find(known->second.lists, key_id, accepted)) {
      return device->public_key;
    }
  }
  UnixMillis fetched_at = context_.clock.Now();
  UnixMillis since = accepted - std::min(accepted, limits::kDeviceListGrace);
  // current_since 0 would ask for the current list alone.
  FRANK_ASSIGN_OR_RETURN(
      std::vector<DatedList> lists,
      FetchSince(sender_uri, std::max<UnixMillis>(since, 1)));
  Known& kept = known_[sender_uri] = {std::move(lists), fetched_at};
  if (const auto* device = Find(kept.lists, key_id, accepted)) {
    return device->public_key;
  }
  return Refuse(MismatchKind::kUndecryptable,
                absl::UnauthenticatedError(
                    "the sender's device is on none of its verified lists"));
}

absl::Status AccountDirectory::AcceptChangedKey(const std::string& account_uri,
                                                ByteSpan key) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<stored::PinnedAccount> pin,
                         context_.store.FindPin(account_uri));
  if (!pin || pin->changed_key().empty()) {
    return absl::NotFoundError(
        absl::StrCat(account_uri, " has not changed its identity key"));
  }
  // It may have changed once more since the user looked.
  if (FieldBytes(pin->changed_key()) != key) return KeyChanged(*pin);
  stored::PinnedAccount next;
  next.set_account_uri(account_uri);
  next.set_identity_public_key(pin->changed_key());
  known_.erase(account_uri);
  return context_.store.PutPin(next);
}

}  // namespace frank::client
