// The franking_tag (protocol section 3): commits the sender to content, hides
// it from the platform, and opens whole or in parts.
#ifndef FRANK_CRYPTO_COMMITMENT_H_
#define FRANK_CRYPTO_COMMITMENT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "core/bytes.h"
#include "core/ids.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "crypto/secret.h"

namespace frank::crypto {

// Values as on the wire.
enum class Scheme : uint8_t { kWhole = 1, kParts = 2 };

// kInvalidArgument "scheme" on another number.
absl::StatusOr<Scheme> ParseScheme(uint32_t scheme);

// Openings are views: the caller keeps the bytes alive.

// WHOLE: tag = HMAC-SHA256(salt, content). With mimi_content the salt is the 16
// bytes inside the MIMI content and content is the application_data as it is;
// else the salt is 32 bytes, its last 16 not all zero, and content is a part.
struct WholeOpening {
  ByteSpan salt;
  ByteSpan content;
  bool mimi_content = false;
};

// PARTS, all of them.
struct PartsOpening {
  ByteSpan root_salt;
  std::vector<ByteSpan> parts;
};

// PARTS, one or more of `size`, in ascending order of index.
struct OpenedPart {
  uint32_t index = 0;
  ByteSpan part_salt;
  ByteSpan part;
  std::vector<ByteSpan> inclusion_proof;
};
struct SomePartsOpening {
  uint32_t size = 0;
  std::vector<OpenedPart> parts;
};

// monostate is the opening that a message lacks; it is malformed.
using Opening = absl::variant<absl::monostate, WholeOpening, PartsOpening,
                              SomePartsOpening>;

// Checks every rule that needs no hashing: salts, counts, indices, order, proof
// lengths, media types. kInvalidArgument names field and rule.
absl::Status CheckOpening(const Opening& opening);

// Checks the opening, recomputes its tag and compares. kInvalidArgument as
// CheckOpening; kUnauthenticated if the tag is another.
absl::Status VerifyOpening(const FrankingTag& tag, const Opening& opening);

// Returns the scheme that an opening is of, none for monostate.
absl::optional<Scheme> SchemeOf(const Opening& opening);

// Returns the tag of a full opening. kInvalidArgument as CheckOpening.
absl::StatusOr<FrankingTag> CommitWhole(const WholeOpening& opening);
absl::StatusOr<FrankingTag> CommitParts(const PartsOpening& opening);

// What opens one part, beside the part itself.
struct PartProof {
  uint32_t index = 0;
  Secret part_salt;
  MerkleProof inclusion_proof;
};

// A PARTS commitment that opens single parts:
//   part_salt_i = HMAC-SHA256(root_salt, "frank/1 part" || u32(i))
//   entry_i     = HMAC-SHA256(part_salt_i, P_i)
//   tag = SHA-256("frank/1 parts" || u32(n) || MTH(entry_0 … entry_{n-1}))
// Holds the tree and the root salt's key, not the parts. Thread-safe.
class PartsCommitment {
 public:
  // kInvalidArgument as CheckOpening.
  static absl::StatusOr<PartsCommitment> Create(const PartsOpening& opening);

  const FrankingTag& tag() const { return tag_; }
  uint32_t size() const { return static_cast<uint32_t>(tree_.size()); }
  // kInvalidArgument unless index < size().
  absl::StatusOr<PartProof> Prove(uint32_t index) const;

 private:
  friend class PartsCommitter;
  PartsCommitment(HmacKey root, MerkleTree tree);
  HmacKey root_;
  MerkleTree tree_;
  FrankingTag tag_;
};

// Makes a PartsCommitment part by part, holding 32 bytes of each. Not
// thread-safe.
class PartsCommitter {
 public:
  // kInvalidArgument on a root salt that is not 32 bytes or a size outside 1 to
  // 2^20.
  static absl::StatusOr<PartsCommitter> Create(ByteSpan root_salt,
                                               uint32_t size);

  // Adds the next part, given as the two pieces vec(media_type) and body.
  // kFailedPrecondition after `size` parts.
  absl::Status Add(absl::string_view media_type, ByteSpan body);
  // Adds the next part, already encoded. kInvalidArgument if it is not a part.
  absl::Status Add(ByteSpan part);
  // kFailedPrecondition before `size` parts are added.
  absl::StatusOr<PartsCommitment> Finish() &&;

 private:
  PartsCommitter(ByteSpan root_salt, uint32_t size);
  absl::Status AddPieces(ByteSpan header, ByteSpan body);
  HmacKey root_;
  uint32_t size_;
  std::vector<MerkleHash> leaves_;
};

// A part is vec(media_type) || body. The media type is committed, so that
// nobody can show proven bytes as something else.
struct Part {
  absl::string_view media_type;
  ByteSpan body;
};
// kInvalidArgument on a media type outside section 2's rule.
absl::StatusOr<Bytes> EncodePart(absl::string_view media_type, ByteSpan body);
absl::StatusOr<Part> ParsePart(ByteSpan bytes);

}  // namespace frank::crypto

#endif  // FRANK_CRYPTO_COMMITMENT_H_
