// The frank (protocol section 4): what the platform states about a message that
// it accepted, without seeing the message.
#ifndef FRANK_CRYPTO_FRANK_H_
#define FRANK_CRYPTO_FRANK_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "crypto/franking_window.h"
#include "crypto/hash.h"
#include "crypto/key_ring.h"
#include "crypto/merkle_tree.h"
#include "crypto/signature.h"

namespace frank::crypto {

// context = vec(sender_uri) || vec(room_uri) || u64(accepted_timestamp)
// The texts are views.
struct FrankContext {
  absl::string_view sender_uri;
  absl::string_view room_uri;
  UnixMillis accepted_timestamp = 0;
};
// kInvalidArgument on a URI outside section 2's rule.
absl::Status CheckContext(const FrankContext& context);
// Encodes a context that has been checked.
Bytes EncodeContext(const FrankContext& context);
// kInvalidArgument on anything that EncodeContext does not write.
absl::StatusOr<FrankContext> ParseContext(ByteSpan bytes);

// A share of one signature over `size` franks.
struct BatchShare {
  Signature signature{};
  uint32_t size = 0;
  uint32_t index = 0;
  MerkleProof inclusion_proof;
};
// The alternatives stand for the forms none, each and batched, in this order.
using FrankIntegrity = absl::variant<absl::monostate, Signature, BatchShare>;

// A frank whose fields all keep the document's rules; whether it is authentic
// is for the Verify functions. The texts are views of what it was made from.
struct Frank {
  FrankingTag tag;
  absl::string_view sender_uri;
  absl::string_view room_uri;
  UnixMillis accepted_timestamp = 0;
  Sha256Digest server_frank{};
  uint16_t ciphersuite = kCiphersuite;
  FrankIntegrity integrity;

  FrankContext context() const {
    return {sender_uri, room_uri, accepted_timestamp};
  }
  FrankForm form() const { return static_cast<FrankForm>(integrity.index()); }
};

// A frank as it comes from outside, all views.
struct BatchShareFields {
  ByteSpan signature;
  uint32_t size = 0;
  uint32_t index = 0;
  std::vector<ByteSpan> inclusion_proof;
};
struct FrankFields {
  ByteSpan franking_tag;
  absl::string_view sender_uri;
  absl::string_view room_uri;
  UnixMillis accepted_timestamp = 0;
  ByteSpan server_frank;
  uint32_t ciphersuite = 0;
  absl::variant<absl::monostate, ByteSpan, BatchShareFields> integrity;
};

// Checks every rule on a frank's fields: lengths, URIs, cipher suite, batch
// size (1 to 1024), index, proof length. kInvalidArgument names field and rule;
// a report with such a frank is MALFORMED.
absl::StatusOr<Frank> ParseFrank(const FrankFields& fields);

// server_frank = HMAC-SHA256(hub_key, franking_tag || context)
// Of a context that has been checked.
Sha256Digest ComputeServerFrank(const HmacKey& hub_key, const FrankingTag& tag,
                                const FrankContext& context);

// What the platform vouches for. sender_uri is the authenticated sender,
// accepted_timestamp the platform's clock.
struct StampInput {
  FrankingTag tag;
  absl::string_view sender_uri;
  absl::string_view room_uri;
  UnixMillis accepted_timestamp = 0;

  FrankContext context() const {
    return {sender_uri, room_uri, accepted_timestamp};
  }
};

// What stamping adds to its input; the two together are a frank.
struct FrankStamp {
  Sha256Digest server_frank{};
  FrankIntegrity integrity;
};
Frank MakeFrank(const StampInput& input, FrankStamp stamp);

// Stamps a group, in order, in the form of the window that holds each time.
// Batched ones share a signature with those of the same window, up to 1024. All
// or none: kInvalidArgument "input[i].field" on a bad URI; kFailedPrecondition
// when no window with its keys holds a time; kInternal.
absl::StatusOr<std::vector<FrankStamp>> Stamp(
    const KeyRing& ring, absl::Span<const StampInput> inputs);

// Stamps inputs of several callers likewise, each for itself: what is wrong
// with one is its own error, "field" alone, and no other's.
std::vector<absl::StatusOr<FrankStamp>> StampApart(
    const KeyRing& ring, absl::Span<const StampInput> inputs);

// Whether the ring has what Stamp needs at that time.
bool CanStamp(const KeyRing& ring, UnixMillis time);

// Verifies the MAC over the frank's own tag and context. kUnauthenticated.
absl::Status VerifyServerFrank(const Frank& frank, const HmacKey& hub_key);

// Verifies the integrity in the form that the window requires:
//   tbs     = server_frank || u16(ciphersuite) || context
//   each    = SignWithLabel("FrankingIntegrityTBS", tbs)
//   batched = SignWithLabel("FrankingBatchTBS", u32(n) || MTH(tbs_0 … tbs_n-1))
// `key` is that of the window, none for kNone. kUnauthenticated on a frank of
// another form, or if the signature does not hold. Says nothing of the time:
// take form and key from the window that holds frank.accepted_timestamp.
absl::Status VerifyIntegrity(const Frank& frank, FrankForm form,
                             const absl::optional<Ed25519PublicKey>& key);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_FRANK_H_
