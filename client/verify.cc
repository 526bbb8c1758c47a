#include "client/verify.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/errors.h"
#include "crypto/secret.h"
#include "proto/wire.h"

namespace frank::client {

// Holds a message while it is checked, part by part.
class MessageVerifier {
 public:
  absl::Status ParseFrank(const v1::Frank& frank) {
    message_.wire_frank_ = std::make_unique<v1::Frank>(frank);
    absl::StatusOr<crypto::Frank> parsed =
        wire::FromProto(*message_.wire_frank_);
    if (!parsed.ok()) return Refuse(MismatchKind::kIntegrity, parsed.status());
    message_.frank_ = *std::move(parsed);
    return absl::OkStatus();
  }

  // Parses the payload and checks whatever of it needs no hashing.
  absl::Status ParsePayload(uint32_t scheme, ByteSpan bytes) {
    absl::Status parsed = TryParsePayload(scheme, bytes);
    return parsed.ok() ? parsed : Refuse(MismatchKind::kBadOpening, parsed);
  }

  absl::Status CheckTag(ByteSpan declared) const {
    // One comparison: the declared tag is the frank's, and the opening gives
    // it.
    absl::Status opened = absl::OkStatus();
    if (!crypto::ConstantTimeEquals(declared, frank().tag.bytes())) {
      opened = crypto::Unauthenticated();
    } else {
      opened = crypto::VerifyOpening(frank().tag, opening_);
    }
    return opened.ok() ? opened : Refuse(MismatchKind::kBadOpening, opened);
  }

  absl::Status CheckContext(const ChannelIdentity& channel) const {
    if (channel.sender_uri() != frank().sender_uri ||
        payload().sender_uri() != frank().sender_uri) {
      return Disagree("sender");
    }
    if (channel.room_uri() != frank().room_uri ||
        payload().room_uri() != frank().room_uri) {
      return Disagree("room");
    }
    return absl::OkStatus();
  }

  // Each difference is taken the way round that cannot wrap.
  absl::Status CheckTimes(UnixMillis now) const {
    UnixMillis accepted = frank().accepted_timestamp;
    UnixMillis sent = payload().sent_at();
    if (now > accepted && now - accepted > limits::kMaxMessageAge) {
      return Disagree("time: accepted more than 31 days ago;");
    }
    if (accepted > sent && accepted - sent > limits::kMaxAcceptedAfterSent) {
      return Disagree("time: accepted more than 7 days after it was sent;");
    }
    if (sent > accepted && sent - accepted > limits::kMaxAcceptedBeforeSent) {
      return Disagree("time: accepted more than a day before it was sent;");
    }
    return absl::OkStatus();
  }

  absl::Status CheckIntegrity(const crypto::FrankingKeys& keys,
                              RequiredIntegrity required) const {
    if (keys.authority != AuthorityOf(frank().room_uri)) return UnknownWindow();
    const crypto::FrankingWindow* window =
        keys.FindWindow(frank().accepted_timestamp);
    if (window == nullptr) return UnknownWindow();
    absl::Status verified = Admits(required, window->form);
    if (verified.ok()) {
      verified = crypto::VerifyIntegrity(frank(), window->form, window->key);
    }
    return verified.ok() ? verified
                         : Refuse(MismatchKind::kIntegrity, verified);
  }

  VerifiedMessage Take() && { return std::move(message_); }

 private:
  absl::Status TryParsePayload(uint32_t scheme, ByteSpan bytes) {
    FRANK_ASSIGN_OR_RETURN(message_.scheme_, crypto::ParseScheme(scheme));
    FRANK_ASSIGN_OR_RETURN(v1::Payload parsed, wire::ParsePayload(bytes));
    message_.payload_ = std::make_unique<v1::Payload>(std::move(parsed));
    FRANK_RETURN_IF_ERROR(CheckUri("sender_uri", payload().sender_uri()));
    FRANK_RETURN_IF_ERROR(CheckUri("room_uri", payload().room_uri()));
    opening_ = wire::ViewOf(payload());
    if (crypto::SchemeOf(opening_) != message_.scheme()) {
      return FieldError("scheme", "must be that of the payload's opening");
    }
    return ViewParts();
  }

  // Media types are part of what a report would be judged by.
  absl::Status ViewParts() {
    FRANK_RETURN_IF_ERROR(crypto::CheckOpening(opening_));
    if (const auto* whole = absl::get_if<crypto::WholeOpening>(&opening_)) {
      return whole->mimi_content ? absl::OkStatus() : AddPart(whole->content);
    }
    for (ByteSpan part : absl::get<crypto::PartsOpening>(opening_).parts) {
      FRANK_RETURN_IF_ERROR(AddPart(part));
    }
    return absl::OkStatus();
  }

  absl::Status AddPart(ByteSpan bytes) {
    FRANK_ASSIGN_OR_RETURN(crypto::Part part, crypto::ParsePart(bytes));
    message_.parts_.push_back(part);
    return absl::OkStatus();
  }

  static absl::Status Admits(RequiredIntegrity required,
                             crypto::FrankForm form) {
    bool admitted = required == RequiredIntegrity::kAsStated ||
                    form == crypto::FrankForm::kEach ||
                    (required == RequiredIntegrity::kSigned &&
                     form == crypto::FrankForm::kBatched);
    if (admitted) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "the room's franks are weaker than this device requires");
  }

  static absl::Status Disagree(absl::string_view what) {
    return Refuse(MismatchKind::kContext,
                  FieldError(what, "does not agree with the frank"));
  }

  const crypto::Frank& frank() const { return message_.frank(); }
  const v1::Payload& payload() const { return message_.payload(); }

  VerifiedMessage message_;
  crypto::Opening opening_;  // views of the payload
};

absl::optional<ByteSpan> VerifiedMessage::mimi_content() const {
  if (!payload_->whole().mimi_content()) return absl::nullopt;
  return AsBytes(absl::string_view(payload_->whole().content()));
}

absl::StatusOr<VerifiedMessage> VerifyReceived(const ChannelIdentity& channel,
                                               const ReceivedMessage& received,
                                               const v1::Frank& frank,
                                               const crypto::FrankingKeys& keys,
                                               RequiredIntegrity required,
                                               UnixMillis now) {
  MessageVerifier verifier;
  FRANK_RETURN_IF_ERROR(verifier.ParseFrank(frank));
  FRANK_RETURN_IF_ERROR(
      verifier.ParsePayload(received.scheme, received.payload));
  FRANK_RETURN_IF_ERROR(verifier.CheckContext(channel));
  FRANK_RETURN_IF_ERROR(verifier.CheckTimes(now));
  FRANK_RETURN_IF_ERROR(verifier.CheckTag(received.franking_tag));
  FRANK_RETURN_IF_ERROR(verifier.CheckIntegrity(keys, required));
  return std::move(verifier).Take();
}

absl::StatusOr<VerifiedMessage> RestoreVerified(uint32_t scheme,
                                                const v1::Frank& frank,
                                                ByteSpan payload) {
  MessageVerifier verifier;
  if (!verifier.ParseFrank(frank).ok() ||
      !verifier.ParsePayload(scheme, payload).ok()) {
    return absl::DataLossError("a stored message is damaged");
  }
  return std::move(verifier).Take();
}

}  // namespace frank::client
