#include "services/platform/room_batch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/device_lists.h"
#include "services/platform/frank_records.h"
#include "services/platform/stamp_clock.h"
#include "storage/account_store.h"
#include "storage/mailbox_store.h"
#include "storage/record.h"
#include "storage/room_store.h"

namespace frank::platform {
namespace {

using storage::Transaction;

v1::SendResponse AcceptedResponse(uint64_t sequence, v1::Frank frank) {
  v1::SendResponse response;
  *response.mutable_accepted()->mutable_frank() = std::move(frank);
  response.mutable_accepted()->set_sequence(sequence);
  return response;
}

v1::SendResponse RefusedResponse(v1::RefusalReason reason, UnixMillis until,
                                 const std::string& policy) {
  v1::SendResponse response;
  response.mutable_refused()->set_reason(reason);
  response.mutable_refused()->set_until(until);
  response.mutable_refused()->set_policy(policy);
  return response;
}

storage::v1::MessageRecord MessageOf(const SendItem& item,
                                     storage::v1::FrankRecord frank) {
  const v1::Envelope& envelope = item.request->envelope();
  storage::v1::MessageRecord record;
  record.set_message_id(envelope.message_id());
  record.set_protocol(envelope.protocol());
  record.set_scheme(envelope.scheme());
  record.set_ciphersuite(envelope.ciphersuite());
  record.set_franking_tag(envelope.franking_tag());
  record.set_sender_key_id(envelope.sender_key_id());
  record.set_sender_uri(item.sender.account_uri);
  *record.mutable_frank() = std::move(frank);
  return record;
}

}  // namespace

RoomBatch::RoomBatch(Transaction& transaction, AccountReads& accounts,
                     const crypto::KeyRing* ring, std::string room_uri,
                     absl::StatusOr<UnixMillis> now)
    : transaction_(transaction),
      accounts_(accounts),
      ring_(ring),
      room_uri_(std::move(room_uri)),
      now_(std::move(now)) {}

absl::Status RoomBatch::Read() {
  FRANK_ASSIGN_OR_RETURN(room_, storage::FindRoom(transaction_, room_uri_));
  FRANK_ASSIGN_OR_RETURN(head_, storage::GetRoomHead(transaction_, room_uri_));
  if (now_.ok() &&
      *now_ + limits::kMaxClockBehind < head_.last_accepted_timestamp()) {
    now_ = CannotStamp("the server's clock is behind the room's");
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<v1::SendResponse>> RoomBatch::Decide(
    const SendItem& item) {
  FRANK_ASSIGN_OR_RETURN(auto earlier, FindEarlier(item));
  if (earlier) return earlier;
  FRANK_RETURN_IF_ERROR(now_.status());
  const std::string& sender = item.sender.account_uri;
  FRANK_ASSIGN_OR_RETURN(const AccountReads::Limits* limits,
                         accounts_.FindLimits(sender));
  if (*limits && (*limits)->SuspendedAt(*now_)) {
    return absl::make_optional(RefusedResponse(v1::REFUSAL_REASON_SUSPENDED,
                                               (*limits)->suspended_until,
                                               (*limits)->policy));
  }
  if (!room_ || !storage::IsMember(*room_, sender)) {
    return WithReason(
        absl::PermissionDeniedError("not a member, or there is no such room"),
        "NOT_A_MEMBER");
  }
  FRANK_RETURN_IF_ERROR(ReadTargets());
  FRANK_RETURN_IF_ERROR(CheckSender(item));
  auto deliveries = Match(item);
  if (!deliveries) {
    FRANK_ASSIGN_OR_RETURN(v1::SendResponse stale, DescribeStale(item));
    return absl::make_optional(std::move(stale));
  }
  FRANK_RETURN_IF_ERROR(CheckKeys());
  // Last, so that only what is accepted uses up an allowance.
  FRANK_ASSIGN_OR_RETURN(bool allowed,
                         accounts_.UseAllowance(sender, *limits, *now_));
  if (!allowed) {
    return absl::make_optional(RefusedResponse(v1::REFUSAL_REASON_LIMITED,
                                               (*now_ / kHour + 1) * kHour,
                                               (*limits)->policy));
  }
  items_.push_back(&item);
  deliveries_.push_back(*std::move(deliveries));
  return absl::optional<v1::SendResponse>();
}

absl::StatusOr<absl::optional<v1::SendResponse>> RoomBatch::FindEarlier(
    const SendItem& item) const {
  FRANK_ASSIGN_OR_RETURN(
      auto answer,
      storage::FindAnswer(transaction_, item.answer_key, item.fingerprint));
  if (!answer) return absl::optional<v1::SendResponse>();
  return absl::make_optional(AcceptedResponse(
      answer->sent().sequence(),
      ToProto(answer->sent().frank(), item.request->envelope().franking_tag(),
              item.sender.account_uri, room_uri_)));
}

absl::Status RoomBatch::CheckSender(const SendItem& item) const {
  FRANK_ASSIGN_OR_RETURN(const storage::v1::AccountRecord* account,
                         accounts_.FindMember(item.sender.account_uri));
  const storage::v1::DeviceRecord* device =
      storage::FindDevice(*account, item.sender.device_id);
  if (device == nullptr) {
    return WithReason(absl::UnauthenticatedError("the device was removed"),
                      "CREDENTIAL_INVALID");
  }
  if (device->key_id() != item.request->envelope().sender_key_id()) {
    return FieldError("envelope.sender_key_id",
                      "must be that of the sending device");
  }
  return absl::OkStatus();
}

absl::Status RoomBatch::CheckKeys() const {
  if (ring_ == nullptr) return NoKeysForAuthority();
  return crypto::CanStamp(*ring_, accepted_at()) ? absl::OkStatus()
                                                 : NoKeyForThisTime();
}

absl::Status RoomBatch::ReadTargets() {
  if (has_targets_) return absl::OkStatus();
  for (const std::string& uri : room_->member_uri()) {
    FRANK_ASSIGN_OR_RETURN(const storage::v1::AccountRecord* account,
                           accounts_.FindMember(uri));
    for (const storage::v1::DeviceRecord& device : account->device()) {
      targets_[device.device_id()] = {&uri, &device};
    }
  }
  has_targets_ = true;
  return absl::OkStatus();
}

absl::optional<std::vector<storage::Delivery>> RoomBatch::Match(
    const SendItem& item) const {
  const v1::Envelope& envelope = item.request->envelope();
  // No device has two wraps, so equal numbers and no stranger mean a match.
  if (envelope.wrap_size() + 1 != static_cast<int>(targets_.size())) {
    return absl::nullopt;
  }
  std::vector<storage::Delivery> deliveries;
  deliveries.reserve(targets_.size());
  for (const v1::Envelope::Wrap& wrap : envelope.wrap()) {
    auto target = targets_.find(wrap.device_id());
    if (target == targets_.end() ||
        target->second.device->key_id() != wrap.key_id() ||
        wrap.device_id() == item.sender.device_id.text()) {
      return absl::nullopt;
    }
    deliveries.push_back(
        {MailboxOf(*target->second.device), wrap.key_id(), wrap.wrap()});
  }
  return deliveries;
}

absl::StatusOr<v1::SendResponse> RoomBatch::DescribeStale(
    const SendItem& item) const {
  std::set<std::string> changed;
  size_t lookups = 0;
  absl::flat_hash_map<absl::string_view, absl::string_view> wrapped;
  for (const v1::Envelope::Wrap& wrap : item.request->envelope().wrap()) {
    wrapped[wrap.device_id()] = wrap.key_id();
    if (targets_.contains(wrap.device_id()) &&
        wrap.device_id() != item.sender.device_id.text()) {
      continue;
    }
    // Superfluous. A device that was removed still belongs to its account. Of
    // very many only the first are looked up: the rest is for the next try.
    if (lookups++ >= limits::kMaxSuperfluousLookups) continue;
    FRANK_ASSIGN_OR_RETURN(DeviceId id,
                           DeviceId::Parse("device_id", wrap.device_id()));
    FRANK_ASSIGN_OR_RETURN(std::string owner,
                           storage::FindDeviceOwner(transaction_, id));
    if (storage::IsMember(*room_, owner)) changed.insert(owner);
  }
  for (const auto& [device_id, target] : targets_) {
    if (device_id == item.sender.device_id.text()) continue;
    auto wrap = wrapped.find(device_id);
    if (wrap == wrapped.end() || wrap->second != target.device->key_id()) {
      changed.insert(*target.account_uri);
    }
  }
  v1::SendResponse response;
  v1::SendResponse::StaleDevices* stale = response.mutable_stale_devices();
  stale->set_membership_version(room_->membership_version());
  *stale->mutable_member_uri() = room_->member_uri();
  for (const std::string& uri : changed) {
    FRANK_ASSIGN_OR_RETURN(const storage::v1::AccountRecord* account,
                           accounts_.FindMember(uri));
    *stale->add_changed() = platform::ToProto(*account, account->current());
  }
  return response;
}

UnixMillis RoomBatch::accepted_at() const {
  return std::max<UnixMillis>(*now_, head_.last_accepted_timestamp());
}

void RoomBatch::AddStampInputs(std::vector<crypto::StampInput>* inputs) const {
  for (const SendItem* item : items_) {
    inputs->push_back({FrankingTag(ToArray<FrankingTag::kSize>(
                           AsBytes(item->request->envelope().franking_tag()))),
                       item->sender.account_uri, room_uri_, accepted_at()});
  }
}

std::vector<RoomBatch::Stored> RoomBatch::Store(
    absl::Span<const crypto::FrankStamp> stamps) {
  std::vector<Stored> stored;
  stored.reserve(items_.size());
  for (size_t i = 0; i < items_.size(); ++i) {
    stored.push_back(StoreOne(i, stamps[i]));
  }
  head_.set_last_accepted_timestamp(accepted_at());
  head_.set_last_sequence(head_.last_sequence() + items_.size());
  storage::PutRoomHead(transaction_, room_uri_, head_);
  return stored;
}

RoomBatch::Stored RoomBatch::StoreOne(size_t index,
                                      const crypto::FrankStamp& stamp) {
  const SendItem& item = *items_[index];
  const uint64_t sequence = head_.last_sequence() + index + 1;
  storage::v1::IdempotencyRecord answer;
  answer.set_fingerprint(ToString(item.fingerprint));
  answer.mutable_sent()->set_sequence(sequence);
  storage::v1::FrankRecord& frank = *answer.mutable_sent()->mutable_frank();
  frank = ToRecord(stamp, accepted_at());
  Stored stored;
  if (!deliveries_[index].empty()) stored.waits = {room_uri_, sequence};
  stored.answer = {item.answer_key, storage::EncodeRecord(answer)};
  stored.response = AcceptedResponse(
      sequence, ToProto(frank, item.request->envelope().franking_tag(),
                        item.sender.account_uri, room_uri_));
  storage::AddMessage(transaction_, room_uri_, sequence,
                      MessageOf(item, std::move(frank)),
                      item.request->envelope().body(), deliveries_[index]);
  return stored;
}

}  // namespace frank::platform
