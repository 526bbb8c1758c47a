#include "services/platform/room_batch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "services/platform/device_lists.h"
#include "services/platform/frank_records.h"
#include "storage/account_store.h"
#include "storage/idempotency_store.h"
#include "storage/record_table.h"
#include "storage/room_store.h"

namespace frank::platform {
namespace {

using storage::Transaction;

absl::Status CannotStamp(absl::string_view why) {
  return WithReason(absl::FailedPreconditionError(why), "CANNOT_STAMP");
}

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

RoomBatch::RoomBatch(StampClock& clock, const crypto::KeyRings& rings,
                     std::string room_uri, std::vector<const SendItem*> items)
    : clock_(clock),
      rings_(rings),
      room_uri_(std::move(room_uri)),
      items_(std::move(items)) {}

void RoomBatch::Reset() {
  targets_.clear();
  accounts_.clear();
  limits_.clear();
  counts_.clear();
  accepted_.clear();
  has_targets_ = false;
  outcomes_.assign(items_.size(), SendOutcome(absl::UnknownError("")));
}

absl::Status RoomBatch::Run(Transaction& transaction) {
  Reset();
  now_ = clock_.Now();
  FRANK_ASSIGN_OR_RETURN(room_, storage::FindRoom(transaction, room_uri_));
  FRANK_ASSIGN_OR_RETURN(head_, storage::GetRoomHead(transaction, room_uri_));
  if (now_.ok() &&
      *now_ + limits::kMaxClockBehind < head_.last_accepted_timestamp()) {
    now_ = CannotStamp("the server's clock is behind the room's");
  }
  for (size_t i = 0; i < items_.size(); ++i) {
    if (absl::Status decided = Decide(transaction, i); !decided.ok()) {
      outcomes_[i] = std::move(decided);
    }
  }
  if (accepted_.empty()) return absl::OkStatus();
  if (absl::Status stamped = StampAndStore(transaction); !stamped.ok()) {
    for (const Accepted& accepted : accepted_) {
      outcomes_[accepted.index] = stamped;
    }
    return absl::OkStatus();
  }
  for (const auto& [uri, count] : counts_) {
    transaction.Put(storage::schema::SendCountKey(uri),
                    storage::EncodeRecord(count));
  }
  return absl::OkStatus();
}

absl::Status RoomBatch::Decide(Transaction& transaction, size_t index) {
  const SendItem& item = *items_[index];
  FRANK_ASSIGN_OR_RETURN(auto earlier, FindEarlier(transaction, item));
  if (earlier) {
    outcomes_[index] = *std::move(earlier);
    return absl::OkStatus();
  }
  FRANK_RETURN_IF_ERROR(now_.status());
  FRANK_ASSIGN_OR_RETURN(const Limits* limits,
                         FindLimits(transaction, item.sender.account_uri));
  if (*limits && (*limits)->SuspendedAt(*now_)) {
    outcomes_[index] =
        RefusedResponse(v1::REFUSAL_REASON_SUSPENDED,
                        (*limits)->suspended_until, (*limits)->policy);
    return absl::OkStatus();
  }
  if (!room_ || !storage::IsMember(*room_, item.sender.account_uri)) {
    return WithReason(
        absl::PermissionDeniedError("not a member, or there is no such room"),
        "NOT_A_MEMBER");
  }
  FRANK_RETURN_IF_ERROR(ReadTargets(transaction));
  FRANK_RETURN_IF_ERROR(CheckSender(item));
  auto deliveries = Match(item);
  if (!deliveries) {
    FRANK_ASSIGN_OR_RETURN(outcomes_[index], DescribeStale(transaction, item));
    return absl::OkStatus();
  }
  // Last, so that only what is accepted uses up an allowance.
  FRANK_ASSIGN_OR_RETURN(bool allowed,
                         UseAllowance(transaction, item, *limits));
  if (!allowed) {
    outcomes_[index] =
        RefusedResponse(v1::REFUSAL_REASON_LIMITED, (*now_ / kHour + 1) * kHour,
                        (*limits)->policy);
    return absl::OkStatus();
  }
  accepted_.push_back({index, head_.last_sequence() + accepted_.size() + 1,
                       *std::move(deliveries)});
  return absl::OkStatus();
}

std::string RoomBatch::AnswerKey(const SendItem& item) const {
  return storage::schema::IdempotencyKey(
      item.sender.account_uri, item.sender.device_id,
      storage::IdempotentMethod::kSend,
      AsBytes(item.request->envelope().message_id()));
}

absl::StatusOr<absl::optional<v1::SendResponse>> RoomBatch::FindEarlier(
    Transaction& transaction, const SendItem& item) const {
  FRANK_ASSIGN_OR_RETURN(
      auto answer,
      storage::FindAnswer(transaction, AnswerKey(item), item.fingerprint));
  if (!answer) return absl::optional<v1::SendResponse>();
  return absl::make_optional(AcceptedResponse(
      answer->sent().sequence(),
      ToProto(answer->sent().frank(), item.request->envelope().franking_tag(),
              item.sender.account_uri, room_uri_)));
}

absl::StatusOr<const RoomBatch::Limits*> RoomBatch::FindLimits(
    Transaction& transaction, const std::string& account_uri) {
  auto known = limits_.find(account_uri);
  if (known == limits_.end()) {
    // Kept only once it was read: what failed to be read limits nothing.
    FRANK_ASSIGN_OR_RETURN(Limits limits,
                           storage::FindEnforcement(transaction, account_uri));
    known = limits_.emplace(account_uri, std::move(limits)).first;
  }
  return &known->second;
}

absl::StatusOr<bool> RoomBatch::UseAllowance(Transaction& transaction,
                                             const SendItem& item,
                                             const Limits& limits) {
  uint32_t limit = limits ? limits->MessagesAnHourAt(*now_) : 0;
  if (limit == 0) return true;
  const std::string& uri = item.sender.account_uri;
  auto known = counts_.find(uri);
  if (known == counts_.end()) {
    FRANK_ASSIGN_OR_RETURN(
        auto stored, storage::GetRecordOrEmpty<storage::v1::SendCountRecord>(
                         transaction, storage::schema::SendCountKey(uri)));
    known = counts_.emplace(uri, std::move(stored)).first;
  }
  storage::v1::SendCountRecord& count = known->second;
  uint64_t hour = *now_ / kHour;
  if (count.hour() != hour) {
    count.set_hour(hour);
    count.set_count(0);
  }
  if (count.count() >= limit) return false;
  count.set_count(count.count() + 1);
  return true;
}

absl::Status RoomBatch::CheckSender(const SendItem& item) const {
  auto account = accounts_.find(item.sender.account_uri);
  const storage::v1::DeviceRecord* device =
      account == accounts_.end()
          ? nullptr
          : storage::FindDevice(account->second, item.sender.device_id);
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

absl::Status RoomBatch::ReadTargets(Transaction& transaction) {
  if (has_targets_) return absl::OkStatus();
  for (const std::string& uri : room_->member_uri()) {
    FRANK_ASSIGN_OR_RETURN(auto account,
                           storage::FindAccount(transaction, uri));
    if (!account) return absl::DataLossError("a member without an account");
    auto placed = accounts_.emplace(uri, *std::move(account)).first;
    for (const storage::v1::DeviceRecord& device : placed->second.device()) {
      targets_[device.device_id()] = {&placed->first, &device};
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
    Transaction& transaction, const SendItem& item) const {
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
                           storage::FindDeviceOwner(transaction, id));
    if (accounts_.count(owner) != 0) changed.insert(owner);
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
    const storage::v1::AccountRecord& account = accounts_.at(uri);
    *stale->add_changed() = platform::ToProto(account, account.current());
  }
  return response;
}

absl::Status RoomBatch::StampAndStore(Transaction& transaction) {
  const crypto::KeyRing* ring = rings_.FindForRoom(room_uri_);
  if (ring == nullptr) {
    return CannotStamp("the platform holds no keys for the room's authority");
  }
  UnixMillis accepted_at =
      std::max<UnixMillis>(*now_, head_.last_accepted_timestamp());
  std::vector<crypto::StampInput> inputs;
  inputs.reserve(accepted_.size());
  for (const Accepted& accepted : accepted_) {
    const SendItem& item = *items_[accepted.index];
    inputs.push_back({FrankingTag(ToArray<FrankingTag::kSize>(
                          AsBytes(item.request->envelope().franking_tag()))),
                      item.sender.account_uri, room_uri_, accepted_at});
  }
  absl::StatusOr<std::vector<crypto::FrankStamp>> stamps =
      crypto::Stamp(*ring, inputs);
  if (absl::IsFailedPrecondition(stamps.status())) {
    return CannotStamp("the platform holds no key for this time");
  }
  FRANK_RETURN_IF_ERROR(stamps.status());
  for (size_t i = 0; i < accepted_.size(); ++i) {
    Store(transaction, accepted_[i], ToRecord((*stamps)[i], accepted_at));
  }
  head_.set_last_sequence(accepted_.back().sequence);
  head_.set_last_accepted_timestamp(accepted_at);
  storage::PutRoomHead(transaction, room_uri_, head_);
  return absl::OkStatus();
}

void RoomBatch::Store(Transaction& transaction, const Accepted& accepted,
                      storage::v1::FrankRecord frank) {
  const SendItem& item = *items_[accepted.index];
  storage::v1::MessageRecord message = MessageOf(item, std::move(frank));
  storage::AddMessage(transaction, room_uri_, accepted.sequence, message,
                      item.request->envelope().body(), accepted.deliveries);
  storage::v1::IdempotencyRecord answer;
  answer.set_fingerprint(ToString(item.fingerprint));
  answer.mutable_sent()->set_sequence(accepted.sequence);
  *answer.mutable_sent()->mutable_frank() = message.frank();
  storage::PutAnswer(transaction, AnswerKey(item), *now_, answer);
  outcomes_[accepted.index] = AcceptedResponse(
      accepted.sequence, ToProto(message.frank(), message.franking_tag(),
                                 message.sender_uri(), room_uri_));
}

}  // namespace frank::platform
