// The sender's side of protocol section 3: from content to a franking_tag and
// the Payload that opens it. Encrypt the payload by any end-to-end channel;
// send scheme and tag beside it, as associated data where the channel takes
// any.
#ifndef FRANK_CLIENT_COMMIT_H_
#define FRANK_CLIENT_COMMIT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/commitment.h"
#include "crypto/secret.h"

namespace frank::client {

// Where a message goes; becomes part of the payload. Views.
struct MessageContext {
  absl::string_view sender_uri;
  absl::string_view room_uri;
  // Platform time as this device last learned it.
  UnixMillis sent_at = 0;
};

struct Committed {
  crypto::Scheme scheme;
  FrankingTag tag;
  // A serialised frank.v1.Payload. Holds the content and what opens the tag.
  crypto::Secret payload;
};

// Commits to one part, WHOLE: it can be reported only as a whole.
//   franking_tag = HMAC-SHA256(salt, vec(media_type) || body)
// Draws a fresh salt. Copies the body once, into the payload.
// kInvalidArgument on a URI or media type outside section 2's rules.
absl::StatusOr<Committed> CommitWhole(const MessageContext& context,
                                      const crypto::Part& part,
                                      RandomSource& random);

// Commits to one or more parts, PARTS: a recipient can report some and withhold
// the others. kInvalidArgument as above, and on none or more than 2^20 parts.
absl::StatusOr<Committed> CommitParts(const MessageContext& context,
                                      absl::Span<const crypto::Part> parts,
                                      RandomSource& random);

// Commits to MIMI content, WHOLE: `application_data` as MLS carries it and the
// 16-byte salt inside it. The caller, which parses MIMI content, has checked
// that they are equal. kInvalidArgument on a salt of another length.
absl::StatusOr<Committed> CommitMimi(const MessageContext& context,
                                     ByteSpan salt, ByteSpan application_data);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMIT_H_
