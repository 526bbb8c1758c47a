#include "client/load/messages.h"

#include <utility>

#include "client/commit.h"
#include "core/bytes.h"
#include "core/status.h"
#include "crypto/channel.h"
#include "crypto/franking_window.h"

namespace frank::load {
namespace {

constexpr char kMediaType[] = "text/plain";
constexpr char kReasonStale[] = "STALE_DEVICES";
constexpr char kReasonRefused[] = "REFUSED";

}  // namespace

absl::StatusOr<Message> MessageWriter::Write(size_t sender, const Room& room,
                                             size_t bytes) const {
  const Device& device = population_.devices()[sender];
  const std::string text(bytes, 'x');
  FRANK_ASSIGN_OR_RETURN(
      client::Committed committed,
      client::CommitWhole({device.account_uri, room.uri, clock_.Now()},
                          {kMediaType, AsBytes(text)}, random_));
  const crypto::Secret cek = crypto::Secret::Random(random_, crypto::kCekBytes);
  FRANK_ASSIGN_OR_RETURN(
      crypto::BodyBinding binding,
      crypto::BodyBinding::Create(committed.scheme, crypto::kCiphersuite,
                                  committed.tag, device.account_uri, room.uri));
  FRANK_ASSIGN_OR_RETURN(
      Bytes body, crypto::SealBody(cek, binding, committed.payload.bytes()));
  Message message;
  message.request.set_room_uri(room.uri);
  frank::v1::Envelope* envelope = message.request.mutable_envelope();
  envelope->set_message_id(ToString(MessageId::Random(random_).bytes()));
  envelope->set_protocol(1);
  envelope->set_scheme(static_cast<uint32_t>(committed.scheme));
  envelope->set_ciphersuite(crypto::kCiphersuite);
  envelope->set_franking_tag(ToString(committed.tag.bytes()));
  envelope->set_body(ToString(body));
  envelope->set_sender_key_id(ToString(device.key.public_key().id().bytes()));
  const crypto::WrapAad aad = crypto::MakeWrapAad(binding, body);
  for (size_t member : room.members) {
    if (member == sender) continue;
    const Device& recipient = population_.devices()[member];
    const crypto::HpkePublicKey& key = recipient.key.public_key();
    FRANK_ASSIGN_OR_RETURN(
        crypto::Wrap sealed,
        crypto::SealWrap(cek, key, device.key, aad, random_));
    frank::v1::Envelope::Wrap* wrap = envelope->add_wrap();
    wrap->set_device_id(ToString(recipient.id.bytes()));
    wrap->set_key_id(ToString(key.id().bytes()));
    wrap->set_wrap(ToString(sealed));
  }
  message.scheme = committed.scheme;
  message.payload = std::move(committed.payload);
  return message;
}

absl::Status StatusOfSend(const absl::Status& status,
                          const frank::v1::SendResponse& response) {
  if (!status.ok() || response.has_accepted()) return status;
  return WithReason(
      absl::FailedPreconditionError("the message was not accepted"),
      response.has_stale_devices() ? kReasonStale : kReasonRefused);
}

}  // namespace frank::load
