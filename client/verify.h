// The recipient's side: everything that protocol section 6 asks before a
// message may be shown. What passes can be reported, and the report will
// verify; what does not must not be readable.
#ifndef FRANK_CLIENT_VERIFY_H_
#define FRANK_CLIENT_VERIFY_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/mismatch.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "crypto/commitment.h"
#include "crypto/frank.h"
#include "crypto/records.h"
#include "frank/v1/frank.pb.h"

namespace frank::client {

// Who sent the message and in which room, by the word of the end-to-end channel
// that decrypted it: the account whose key authenticated the ciphertext and the
// conversation that it belongs to. Never what the payload, the frank or the
// platform says. There are no defaults: a channel that cannot tell them cannot
// carry frank/1. Views.
class ChannelIdentity {
 public:
  ChannelIdentity(absl::string_view sender_uri, absl::string_view room_uri)
      : sender_uri_(sender_uri), room_uri_(room_uri) {}
  absl::string_view sender_uri() const { return sender_uri_; }
  absl::string_view room_uri() const { return room_uri_; }

 private:
  absl::string_view sender_uri_;
  absl::string_view room_uri_;
};

// What came beside the ciphertext, and what was inside. Views.
struct ReceivedMessage {
  // As declared in the clear; 1 WHOLE, 2 PARTS.
  uint32_t scheme = 0;
  ByteSpan franking_tag;
  // The serialised frank.v1.Payload, decrypted and without padding.
  ByteSpan payload;
};

// The weakest integrity that this client takes; it can ask for more than the
// authority's signed record, never for less.
enum class RequiredIntegrity : uint8_t {
  kAsStated = 0,
  kSigned = 1,  // each or batched
  kEach = 2,
};

// A message that was verified: what it says, and what proves it. Owns all.
// Movable; views stay valid when it is moved.
class VerifiedMessage {
 public:
  crypto::Scheme scheme() const { return scheme_; }
  // Its texts are views of this message.
  const crypto::Frank& frank() const { return frank_; }
  absl::string_view sender_uri() const { return frank_.sender_uri; }
  absl::string_view room_uri() const { return frank_.room_uri; }
  UnixMillis sent_at() const { return payload_->sent_at(); }

  // The committed parts in their order; one for WHOLE. Bodies and media types
  // are the sender's: make them safe before they are shown. Empty for MIMI
  // content, whose parts its own parser finds.
  const std::vector<crypto::Part>& parts() const { return parts_; }
  // MLS application_data of MIMI content; nullopt otherwise.
  absl::optional<ByteSpan> mimi_content() const;

  const v1::Payload& payload() const { return *payload_; }

 private:
  friend class MessageVerifier;
  VerifiedMessage() = default;

  crypto::Scheme scheme_ = crypto::Scheme::kWhole;
  std::unique_ptr<v1::Frank> wire_frank_;
  crypto::Frank frank_;  // views of wire_frank_
  std::unique_ptr<v1::Payload> payload_;
  std::vector<crypto::Part> parts_;  // views of payload_
};

// Verifies a received message:
//   scheme known; payload and frank without unknown fields and by every rule
//   whose breach would make a report MALFORMED; the tag recomputed from the
//   opening under the declared scheme, compared in constant time; sender and
//   room equal in channel, payload and frank; the integrity signature in the
//   form and with the key of the window that holds accepted_timestamp;
//   accepted_timestamp at most 31 days before `now`, and at most 7 days after
//   and 1 day before sent_at.
// `keys` are the opened FrankingKeys of the room's authority, `now` this
// device's clock. A refusal says its kind by MismatchOf; one for which newer
// FrankingKeys may help has MismatchKind INTEGRITY and IsUnknownWindow. The
// caller remembers (sender, room, tag) for 40 days and shows no second arrival,
// and its channel has checked the sender's device. Thread-safe.
absl::StatusOr<VerifiedMessage> VerifyReceived(const ChannelIdentity& channel,
                                               const ReceivedMessage& received,
                                               const v1::Frank& frank,
                                               const crypto::FrankingKeys& keys,
                                               RequiredIntegrity required,
                                               UnixMillis now);

// Rebuilds a message that was verified before it was stored. kDataLoss if it
// could never have been.
absl::StatusOr<VerifiedMessage> RestoreVerified(uint32_t scheme,
                                                const v1::Frank& frank,
                                                ByteSpan payload);

}  // namespace frank::client

#endif  // FRANK_CLIENT_VERIFY_H_
