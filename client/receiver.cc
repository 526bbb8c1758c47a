#include "client/receiver.h"

#include <memory>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/channel.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

using Delivery = v1::ReceiveResponse::Delivery;

absl::Status Undecryptable(const absl::Status& status) {
  return Refuse(MismatchKind::kUndecryptable, status);
}

absl::StatusOr<const v1::Envelope::Wrap*> OwnWrap(
    const stored::DeviceProfile& profile, const KeyId& own_key,
    const v1::Envelope& envelope) {
  for (const v1::Envelope::Wrap& wrap : envelope.wrap()) {
    if (wrap.device_id() == profile.device_id() &&
        FieldBytes(wrap.key_id()) == own_key.bytes()) {
      return &wrap;
    }
  }
  return FieldError("wrap", "holds none for this device");
}

absl::StatusOr<crypto::BodyBinding> BindingOf(const Delivery& delivery) {
  const v1::Envelope& envelope = delivery.envelope();
  FRANK_ASSIGN_OR_RETURN(crypto::Scheme scheme,
                         crypto::ParseScheme(envelope.scheme()));
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      FrankingTag::Parse("franking_tag", FieldBytes(envelope.franking_tag())));
  return crypto::BodyBinding::Create(scheme, envelope.ciphersuite(), tag,
                                     delivery.frank().sender_uri(),
                                     delivery.room_uri());
}

absl::Status CheckEnvelope(const Delivery& delivery) {
  if (wire::HasUnknownFields(delivery.envelope())) {
    return FieldError("envelope", "must not hold unknown fields");
  }
  return wire::CheckEnvelope(delivery.envelope());
}

absl::StatusOr<crypto::Secret> Decrypt(const Delivery& delivery,
                                       const v1::Envelope::Wrap& wrap,
                                       const crypto::HpkePrivateKey& own,
                                       const crypto::HpkePublicKey& sender) {
  FRANK_ASSIGN_OR_RETURN(crypto::BodyBinding binding, BindingOf(delivery));
  ByteSpan body = FieldBytes(delivery.envelope().body());
  FRANK_ASSIGN_OR_RETURN(crypto::Secret cek,
                         crypto::OpenWrap(FieldBytes(wrap.wrap()), own, sender,
                                          crypto::MakeWrapAad(binding, body)));
  return crypto::OpenBody(cek, binding, body);
}

absl::StatusOr<MessageName> NameOf(const Delivery& delivery) {
  FRANK_ASSIGN_OR_RETURN(
      FrankingTag tag,
      FrankingTag::Parse("franking_tag",
                         FieldBytes(delivery.envelope().franking_tag())));
  return MessageName{delivery.frank().sender_uri(), delivery.room_uri(), tag};
}

// Whether trying again by itself cannot help, though the message may be good.
bool NeedsUser(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsNotFound(status) ||
         absl::IsUnauthenticated(status) || absl::IsInvalidArgument(status);
}

}  // namespace

absl::Status Receiver::Receive(bool drain, ReceiveObserver& observer) {
  FRANK_ASSIGN_OR_RETURN(Profile profile, context_.store.GetProfile());
  FRANK_RETURN_IF_ERROR(context_.store.ForgetOldNames(context_.clock.Now()));
  held_rooms_.clear();
  v1::ReceiveRequest::Start start;
  start.set_drain(drain);
  std::unique_ptr<ReceiveStream> stream = context_.transport.Receive(start);
  v1::ReceiveResponse response;
  while (stream->Read(&response)) {
    if (response.has_delivery()) {
      FRANK_RETURN_IF_ERROR(
          Handle(*profile, response.delivery(), *stream, observer));
    } else if (response.has_notice()) {
      observer.OnNotice(response.notice());
      stream->AcknowledgeNotice(response.notice().notice_id());
    } else if (response.has_caught_up()) {
      FRANK_RETURN_IF_ERROR(
          LearnPlatformTime(context_, response.caught_up().server_time()));
      observer.OnCaughtUp();
    }
  }
  return stream->Finish();
}

absl::Status Receiver::Handle(const stored::DeviceProfile& profile,
                              const Delivery& delivery, ReceiveStream& stream,
                              ReceiveObserver& observer) {
  // An acknowledgement covers what came before it in the room.
  if (held_rooms_.count(delivery.room_uri()) != 0) return absl::OkStatus();
  absl::Status taken = Take(profile, delivery, observer);
  if (taken.ok()) {
    // A failed write ends the stream; what was not acknowledged comes again.
    stream.Acknowledge(delivery.room_uri(), delivery.sequence());
    return taken;
  }
  if (!NeedsUser(taken) || held_rooms_.size() >= limits::kMaxHeldRooms) {
    return taken;
  }
  held_rooms_.insert(delivery.room_uri());
  stream.Hold(delivery.room_uri());
  observer.OnHeld(delivery, taken);
  return absl::OkStatus();
}

absl::Status Receiver::Take(const stored::DeviceProfile& profile,
                            const Delivery& delivery,
                            ReceiveObserver& observer) {
  absl::StatusOr<MessageName> name = NameOf(delivery);
  if (name.ok() && context_.store.IsRemembered(*name)) return absl::OkStatus();
  absl::StatusOr<crypto::Secret> payload = Open(profile, delivery);
  absl::Status taken = payload.status();
  if (taken.ok()) taken = Verify(profile, delivery, payload->bytes());
  if (taken.ok()) taken = Store(delivery, payload->bytes());
  if (taken.ok()) {
    observer.OnMessage();
    return taken;
  }
  if (!IsRefusal(taken)) return taken;
  NotifyMismatch(delivery, MismatchOf(taken));
  observer.OnRefused(delivery, taken);
  return absl::OkStatus();
}

absl::StatusOr<crypto::Secret> Receiver::Open(
    const stored::DeviceProfile& profile, const Delivery& delivery) {
  absl::Status checked = CheckEnvelope(delivery);
  if (!checked.ok()) return Undecryptable(checked);
  absl::StatusOr<crypto::Frank> frank = wire::FromProto(delivery.frank());
  if (!frank.ok()) return Refuse(MismatchKind::kIntegrity, frank.status());
  FRANK_ASSIGN_OR_RETURN(crypto::HpkePrivateKey own, DeviceKey(profile));
  absl::StatusOr<const v1::Envelope::Wrap*> wrap =
      OwnWrap(profile, own.public_key().id(), delivery.envelope());
  if (!wrap.ok()) return Undecryptable(wrap.status());
  FRANK_ASSIGN_OR_RETURN(
      KeyId sender_key,
      KeyId::Parse("sender_key_id",
                   FieldBytes(delivery.envelope().sender_key_id())));
  FRANK_ASSIGN_OR_RETURN(
      crypto::HpkePublicKey sender,
      directory_.FindSenderKey(delivery.frank().sender_uri(), sender_key,
                               frank->accepted_timestamp));
  absl::StatusOr<crypto::Secret> payload =
      Decrypt(delivery, **wrap, own, sender);
  return payload.ok() ? std::move(payload) : Undecryptable(payload.status());
}

absl::Status Receiver::Verify(const stored::DeviceProfile& profile,
                              const Delivery& delivery, ByteSpan payload) {
  const v1::Envelope& envelope = delivery.envelope();
  // The wrap authenticated the device on this account's list, and its
  // associated data this room.
  ChannelIdentity channel(delivery.frank().sender_uri(), delivery.room_uri());
  ReceivedMessage received{envelope.scheme(),
                           FieldBytes(envelope.franking_tag()), payload};
  auto required = static_cast<RequiredIntegrity>(profile.required_integrity());
  std::string authority(AuthorityOf(delivery.room_uri()));
  FRANK_ASSIGN_OR_RETURN(crypto::FrankingKeys keys,
                         keys_.GetFrankingKeys(authority));
  absl::Status verified = VerifyReceived(channel, received, delivery.frank(),
                                         keys, required, context_.clock.Now())
                              .status();
  if (!IsUnknownWindow(verified)) return verified;
  FRANK_ASSIGN_OR_RETURN(keys, keys_.FetchFrankingKeys(authority));
  return VerifyReceived(channel, received, delivery.frank(), keys, required,
                        context_.clock.Now())
      .status();
}

absl::Status Receiver::Store(const Delivery& delivery, ByteSpan payload) {
  FRANK_ASSIGN_OR_RETURN(MessageName name, NameOf(delivery));
  stored::StoredMessage message;
  *message.mutable_frank() = delivery.frank();
  message.set_scheme(delivery.envelope().scheme());
  message.set_sequence(delivery.sequence());
  message.set_received_at(context_.clock.Now());
  message.set_payload(ToString(payload));
  return context_.store.AddMessage(std::move(message), name,
                                   context_.clock.Now());
}

void Receiver::NotifyMismatch(const Delivery& delivery, MismatchKind kind) {
  v1::SubmitMismatchNoticeRequest request;
  request.set_request_id(ToString(RequestId::Random(context_.random).bytes()));
  request.set_room_uri(delivery.room_uri());
  request.set_sequence(delivery.sequence());
  request.set_kind(static_cast<v1::MismatchKind>(kind));
  // A courtesy; the refusal stands without it.
  context_.transport.SubmitMismatchNotice(request).status().IgnoreError();
}

}  // namespace frank::client
