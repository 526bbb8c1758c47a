#include "client/sender.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/channel.h"

namespace frank::client {
namespace {

// Lists can change again while wraps are made; beyond this something is wrong.
constexpr int kMaxAttempts = 5;

absl::StatusOr<crypto::BodyBinding> BindingOf(
    const stored::DeviceProfile& profile,
    const stored::OutgoingMessage& message) {
  FRANK_ASSIGN_OR_RETURN(crypto::Scheme scheme,
                         crypto::ParseScheme(message.scheme()));
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      FrankingTag::Parse("franking_tag", FieldBytes(message.franking_tag())));
  return crypto::BodyBinding::Create(scheme, crypto::kCiphersuite, tag,
                                     profile.account_uri(), message.room_uri());
}

absl::StatusOr<Committed> Commit(const MessageContext& context,
                                 absl::Span<const crypto::Part> parts,
                                 RandomSource& random) {
  if (parts.size() == 1) return CommitWhole(context, parts[0], random);
  return CommitParts(context, parts, random);
}

SendResult ResultOf(const stored::OutgoingMessage& message) {
  SendResult result;
  result.room_uri = message.room_uri();
  // It was checked when the message was made.
  result.tag = FrankingTag(
      ToArray<FrankingTag::kSize>(FieldBytes(message.franking_tag())));
  return result;
}

absl::Status TooOld(const stored::OutgoingMessage& message) {
  return absl::OutOfRangeError(absl::StrCat(
      "a message that broke off is older than 7 days and was dropped; ",
      message.attempted() ? "whether it had been sent is not known"
                          : "it was never sent"));
}

}  // namespace

absl::StatusOr<SendResult> Sender::Send(const std::string& room_uri,
                                        absl::Span<const crypto::Part> parts) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_ASSIGN_OR_RETURN(OutgoingRecord message,
                         Prepare(*profile, room_uri, parts));
  FRANK_RETURN_IF_ERROR(context_.store.PutOutgoing(*message));
  return Deliver(*profile, std::move(message));
}

absl::StatusOr<std::vector<SendResult>> Sender::Resume() {
  std::vector<SendResult> results;
  FRANK_ASSIGN_OR_RETURN(std::vector<OutgoingRecord> waiting,
                         context_.store.Outgoing());
  if (waiting.empty()) return results;
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    return a->created_at() < b->created_at();
  });
  for (OutgoingRecord& message : waiting) {
    FRANK_ASSIGN_OR_RETURN(SendResult result,
                           ResumeOne(*profile, std::move(message)));
    results.push_back(std::move(result));
  }
  return results;
}

absl::StatusOr<SendResult> Sender::ResumeOne(
    const stored::DeviceProfile& profile, OutgoingRecord message) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis now, keys_.PlatformNow());
  SendResult result = ResultOf(*message);
  if (now > message->sent_at() &&
      now - message->sent_at() > limits::kMaxSendRetry) {
    result.failure = TooOld(*message);
    FRANK_RETURN_IF_ERROR(context_.store.RemoveOutgoing(message->message_id()));
    return result;
  }
  absl::StatusOr<SendResult> sent = Deliver(profile, std::move(message));
  if (sent.ok() || MayHaveArrived(sent.status())) return sent;
  // The others do not wait for this one.
  result.failure = sent.status();
  return result;
}

absl::StatusOr<OutgoingRecord> Sender::Prepare(
    const stored::DeviceProfile& profile, const std::string& room_uri,
    absl::Span<const crypto::Part> parts) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis sent_at, keys_.PlatformNow());
  FRANK_ASSIGN_OR_RETURN(Committed committed,
                         Commit({profile.account_uri(), room_uri, sent_at},
                                parts, context_.random));
  OutgoingRecord message;
  message->set_message_id(ToString(MessageId::Random(context_.random).bytes()));
  message->set_room_uri(room_uri);
  message->set_scheme(static_cast<uint32_t>(committed.scheme));
  message->set_franking_tag(ToString(committed.tag.bytes()));
  message->set_created_at(context_.clock.Now());
  message->set_sent_at(sent_at);
  crypto::Secret cek =
      crypto::Secret::Random(context_.random, crypto::kCekBytes);
  message->set_content_key(ToString(cek.bytes()));
  FRANK_ASSIGN_OR_RETURN(crypto::BodyBinding binding,
                         BindingOf(profile, *message));
  FRANK_ASSIGN_OR_RETURN(
      Bytes body, crypto::SealBody(cek, binding, committed.payload.bytes()));
  if (body.size() > limits::kMaxBodyBytes) {
    return FieldError("message", "is larger than 1 MiB; send it as a file");
  }
  message->set_body(ToString(body));
  return message;
}

absl::StatusOr<SendResult> Sender::Deliver(const stored::DeviceProfile& profile,
                                           OutgoingRecord message) {
  absl::StatusOr<v1::SendResponse> response = Attempt(profile, &*message);
  if (!response.ok()) {
    if (!message->attempted() && !MayHaveArrived(response.status())) {
      FRANK_RETURN_IF_ERROR(
          context_.store.RemoveOutgoing(message->message_id()));
    }
    return response.status();
  }
  SendResult result = ResultOf(*message);
  if (response->has_accepted()) {
    result.accepted = response->accepted();
  } else {
    result.refused = response->refused();
  }
  FRANK_RETURN_IF_ERROR(context_.store.RemoveOutgoing(message->message_id()));
  return result;
}

absl::StatusOr<std::vector<crypto::DeviceList>> Sender::ListsOfRoom(
    const std::string& room_uri) {
  v1::GetRoomRequest get;
  get.set_room_uri(room_uri);
  FRANK_ASSIGN_OR_RETURN(v1::GetRoomResponse room,
                         context_.transport.GetRoom(get));
  return directory_.FetchCurrent(std::vector<std::string>(
      room.room().member_uri().begin(), room.room().member_uri().end()));
}

absl::StatusOr<v1::SendResponse> Sender::Attempt(
    const stored::DeviceProfile& profile, stored::OutgoingMessage* message) {
  FRANK_ASSIGN_OR_RETURN(std::vector<crypto::DeviceList> lists,
                         ListsOfRoom(message->room_uri()));
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    v1::SendRequest request;
    request.set_room_uri(message->room_uri());
    FRANK_RETURN_IF_ERROR(
        AddWraps(profile, *message, lists, request.mutable_envelope()));
    FRANK_ASSIGN_OR_RETURN(v1::SendResponse response, Ask(request, message));
    if (response.has_accepted() || response.has_refused()) return response;
    message->set_attempted(false);
    FRANK_ASSIGN_OR_RETURN(lists, ListsOf(response.stale_devices()));
  }
  return absl::AbortedError("the room's devices keep changing; try again");
}

absl::StatusOr<v1::SendResponse> Sender::Ask(const v1::SendRequest& request,
                                             stored::OutgoingMessage* message) {
  bool repeated = message->attempted();
  if (!repeated) {
    message->set_attempted(true);
    FRANK_RETURN_IF_ERROR(context_.store.PutOutgoing(*message));
  }
  absl::StatusOr<v1::SendResponse> response = context_.transport.Send(request);
  // Only a word on the message itself settles what an earlier call left open.
  bool settled = repeated ? IsFinal(response.status())
                          : !MayHaveArrived(response.status());
  if (!response.ok() && settled) message->set_attempted(false);
  return response;
}

// The lists that the platform says have changed are verified like any others;
// those of the rest are fetched, which also notices members that came.
absl::StatusOr<std::vector<crypto::DeviceList>> Sender::ListsOf(
    const v1::SendResponse::StaleDevices& stale) {
  for (const v1::SignedDeviceList& list : stale.changed()) {
    FRANK_ASSIGN_OR_RETURN(
        crypto::DeviceList named,
        crypto::ParseDeviceList(FieldBytes(list.device_list())));
    FRANK_RETURN_IF_ERROR(directory_.Learn(named.account_uri, list).status());
  }
  return directory_.FetchCurrent(std::vector<std::string>(
      stale.member_uri().begin(), stale.member_uri().end()));
}

absl::Status Sender::AddWraps(const stored::DeviceProfile& profile,
                              const stored::OutgoingMessage& message,
                              const std::vector<crypto::DeviceList>& lists,
                              v1::Envelope* envelope) {
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey own, DeviceKey(profile));
  FRANK_ASSIGN_OR_RETURN(crypto::BodyBinding binding,
                         BindingOf(profile, message));
  envelope->set_message_id(message.message_id());
  envelope->set_protocol(1);
  envelope->set_scheme(message.scheme());
  envelope->set_ciphersuite(crypto::kCiphersuite);
  envelope->set_franking_tag(message.franking_tag());
  envelope->set_body(message.body());
  envelope->set_sender_key_id(ToString(own.public_key().id().bytes()));
  crypto::WrapAad aad =
      crypto::MakeWrapAad(binding, FieldBytes(message.body()));
  crypto::Secret cek = crypto::Secret::Copy(FieldBytes(message.content_key()));
  for (const crypto::DeviceList& list : lists) {
    for (const crypto::ListedDevice& device : list.devices) {
      if (device.public_key == own.public_key()) continue;
      FRANK_ASSIGN_OR_RETURN(
          crypto::Wrap sealed,
          crypto::SealWrap(cek, device.public_key, own, aad, context_.random));
      v1::Envelope::Wrap* wrap = envelope->add_wrap();
      wrap->set_device_id(ToString(device.id.bytes()));
      wrap->set_key_id(ToString(device.public_key.id().bytes()));
      wrap->set_wrap(ToString(sealed));
    }
  }
  return absl::OkStatus();
}

}  // namespace frank::client
