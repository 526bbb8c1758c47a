#include "crypto/commitment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kPartLabel = "frank/1 part";
constexpr absl::string_view kPartsLabel = "frank/1 parts";

// HMAC pads its key with zeros: such a salt opens as a 16-byte one too.
bool EndsInSixteenZeros(ByteSpan salt) {
  ByteSpan end = salt.last(16);
  return std::all_of(end.begin(), end.end(), [](uint8_t b) { return b == 0; });
}

absl::Status CheckSalt(absl::string_view field, ByteSpan salt) {
  if (salt.size() == limits::kSaltBytes) return absl::OkStatus();
  return FieldError(field, "must be 32 bytes");
}

absl::Status CheckCount(absl::string_view field, uint64_t count) {
  if (count >= 1 && count <= limits::kMaxParts) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must be 1 to ", limits::kMaxParts));
}

absl::Status InPart(size_t position, const absl::Status& status) {
  if (status.ok()) return status;
  return InField(absl::StrCat("part[", position, "]"), status);
}

absl::Status Check(const WholeOpening& opening) {
  if (opening.mimi_content) {
    if (opening.salt.size() == limits::kMimiSaltBytes) return absl::OkStatus();
    return FieldError("salt", "must be 16 bytes for MIMI content");
  }
  FRANK_RETURN_IF_ERROR(CheckSalt("salt", opening.salt));
  if (EndsInSixteenZeros(opening.salt)) {
    return FieldError("salt", "must not end in 16 zero bytes");
  }
  return ParsePart(opening.content).status();
}

absl::Status Check(const PartsOpening& opening) {
  FRANK_RETURN_IF_ERROR(CheckSalt("root_salt", opening.root_salt));
  FRANK_RETURN_IF_ERROR(CheckCount("part", opening.parts.size()));
  for (size_t i = 0; i < opening.parts.size(); ++i) {
    FRANK_RETURN_IF_ERROR(InPart(i, ParsePart(opening.parts[i]).status()));
  }
  return absl::OkStatus();
}

absl::Status CheckOpenedPart(const OpenedPart& part, uint32_t size) {
  if (part.index >= size) return FieldError("index", "must be below the size");
  FRANK_RETURN_IF_ERROR(CheckSalt("part_salt", part.part_salt));
  FRANK_RETURN_IF_ERROR(ParsePart(part.part).status());
  if (part.inclusion_proof.size() != InclusionProofLength(part.index, size)) {
    return FieldError("inclusion_proof",
                      "must be as long as RFC 9162 makes it");
  }
  return ParseMerkleProof("inclusion_proof", part.inclusion_proof).status();
}

absl::Status Check(const SomePartsOpening& opening) {
  FRANK_RETURN_IF_ERROR(CheckCount("size", opening.size));
  if (opening.parts.empty()) {
    return FieldError("part", "must be opened at least once");
  }
  for (size_t i = 0; i < opening.parts.size(); ++i) {
    if (i > 0 && opening.parts[i].index <= opening.parts[i - 1].index) {
      return InPart(i, FieldError("index", "must ascend"));
    }
    FRANK_RETURN_IF_ERROR(
        InPart(i, CheckOpenedPart(opening.parts[i], opening.size)));
  }
  return absl::OkStatus();
}

absl::Status Check(absl::monostate) {
  return FieldError("opening", "must be given");
}

Sha256Digest PartSalt(const HmacKey& root, uint32_t index) {
  return root.Mac({AsBytes(kPartLabel), BigEndian(index)});
}

FrankingTag PartsTag(uint32_t size, const MerkleHash& root) {
  return FrankingTag(Sha256({AsBytes(kPartsLabel), BigEndian(size), root}));
}

FrankingTag ComputeTag(const WholeOpening& opening) {
  return FrankingTag(HmacKey(opening.salt).Mac({opening.content}));
}

FrankingTag ComputeTag(const PartsOpening& opening) {
  HmacKey root(opening.root_salt);
  std::vector<MerkleHash> leaves;
  leaves.reserve(opening.parts.size());
  for (ByteSpan part : opening.parts) {
    HmacKey part_key(PartSalt(root, static_cast<uint32_t>(leaves.size())));
    leaves.push_back(HashLeaf({part_key.Mac({part})}));
  }
  uint32_t size = static_cast<uint32_t>(leaves.size());
  return PartsTag(size, MerkleTree(std::move(leaves)).Root());
}

absl::Status Verify(const FrankingTag& tag, const FrankingTag& computed) {
  return ConstantTimeEquals(tag.bytes(), computed.bytes()) ? absl::OkStatus()
                                                           : Unauthenticated();
}

absl::Status VerifyPart(const FrankingTag& tag, uint32_t size,
                        const OpenedPart& part) {
  FRANK_ASSIGN_OR_RETURN(
      MerkleProof proof,
      ParseMerkleProof("inclusion_proof", part.inclusion_proof));
  MerkleHash leaf = HashLeaf({HmacKey(part.part_salt).Mac({part.part})});
  FRANK_ASSIGN_OR_RETURN(MerkleHash root,
                         RootFromInclusionProof(leaf, part.index, size, proof));
  return Verify(tag, PartsTag(size, root));
}

// vec(media_type) of a checked media type, without allocating.
class MediaTypeHeader {
 public:
  explicit MediaTypeHeader(absl::string_view media_type) {
    size_t size = media_type.size();
    if (size >= 1u << 6) bytes_[size_++] = static_cast<uint8_t>(1u << 6);
    bytes_[size_++] = static_cast<uint8_t>(size);
    std::copy(media_type.begin(), media_type.end(), bytes_.begin() + size_);
    size_ += size;
  }
  ByteSpan bytes() const { return ByteSpan(bytes_).first(size_); }

 private:
  static_assert(limits::kMaxMediaTypeBytes < 256);
  std::array<uint8_t, limits::kMaxMediaTypeBytes + 2> bytes_;
  size_t size_ = 0;
};

}  // namespace

absl::StatusOr<Scheme> ParseScheme(uint32_t scheme) {
  if (scheme == 1) return Scheme::kWhole;
  if (scheme == 2) return Scheme::kParts;
  return FieldError("scheme", "must be 1 (WHOLE) or 2 (PARTS)");
}

absl::Status CheckOpening(const Opening& opening) {
  return absl::visit([](const auto& o) { return Check(o); }, opening);
}

absl::Status VerifyOpening(const FrankingTag& tag, const Opening& opening) {
  FRANK_RETURN_IF_ERROR(CheckOpening(opening));
  if (const auto* whole = absl::get_if<WholeOpening>(&opening)) {
    return Verify(tag, ComputeTag(*whole));
  }
  if (const auto* parts = absl::get_if<PartsOpening>(&opening)) {
    return Verify(tag, ComputeTag(*parts));
  }
  const auto& some = absl::get<SomePartsOpening>(opening);
  for (const OpenedPart& part : some.parts) {
    FRANK_RETURN_IF_ERROR(VerifyPart(tag, some.size, part));
  }
  return absl::OkStatus();
}

absl::optional<Scheme> SchemeOf(const Opening& opening) {
  if (absl::holds_alternative<absl::monostate>(opening)) return absl::nullopt;
  return absl::holds_alternative<WholeOpening>(opening) ? Scheme::kWhole
                                                        : Scheme::kParts;
}

absl::StatusOr<FrankingTag> CommitWhole(const WholeOpening& opening) {
  FRANK_RETURN_IF_ERROR(Check(opening));
  return ComputeTag(opening);
}

absl::StatusOr<FrankingTag> CommitParts(const PartsOpening& opening) {
  FRANK_RETURN_IF_ERROR(Check(opening));
  return ComputeTag(opening);
}

PartsCommitment::PartsCommitment(HmacKey root, MerkleTree tree)
    : root_(root),
      tree_(std::move(tree)),
      tag_(PartsTag(size(), tree_.Root())) {}

absl::StatusOr<PartsCommitment> PartsCommitment::Create(
    const PartsOpening& opening) {
  FRANK_RETURN_IF_ERROR(Check(opening));
  FRANK_ASSIGN_OR_RETURN(
      PartsCommitter committer,
      PartsCommitter::Create(opening.root_salt,
                             static_cast<uint32_t>(opening.parts.size())));
  for (ByteSpan part : opening.parts) {
    FRANK_RETURN_IF_ERROR(committer.Add(part));
  }
  return std::move(committer).Finish();
}

absl::StatusOr<PartProof> PartsCommitment::Prove(uint32_t index) const {
  if (index >= size()) return FieldError("index", "must be below the size");
  Sha256Digest salt = PartSalt(root_, index);
  PartProof proof{index, Secret::Copy(salt), tree_.InclusionProof(index)};
  Cleanse(absl::MakeSpan(salt));
  return proof;
}

PartsCommitter::PartsCommitter(ByteSpan root_salt, uint32_t size)
    : root_(root_salt), size_(size) {
  leaves_.reserve(size);
}

absl::StatusOr<PartsCommitter> PartsCommitter::Create(ByteSpan root_salt,
                                                      uint32_t size) {
  FRANK_RETURN_IF_ERROR(CheckSalt("root_salt", root_salt));
  FRANK_RETURN_IF_ERROR(CheckCount("size", size));
  return PartsCommitter(root_salt, size);
}

absl::Status PartsCommitter::Add(absl::string_view media_type, ByteSpan body) {
  FRANK_RETURN_IF_ERROR(CheckMediaType("media_type", media_type));
  return AddPieces(MediaTypeHeader(media_type).bytes(), body);
}

absl::Status PartsCommitter::Add(ByteSpan part) {
  FRANK_RETURN_IF_ERROR(ParsePart(part).status());
  return AddPieces({}, part);
}

absl::Status PartsCommitter::AddPieces(ByteSpan header, ByteSpan body) {
  if (leaves_.size() == size_) {
    return absl::FailedPreconditionError("every part has been added");
  }
  HmacKey part_key(PartSalt(root_, static_cast<uint32_t>(leaves_.size())));
  leaves_.push_back(HashLeaf({part_key.Mac({header, body})}));
  return absl::OkStatus();
}

absl::StatusOr<PartsCommitment> PartsCommitter::Finish() && {
  if (leaves_.size() != size_) {
    return absl::FailedPreconditionError("parts are missing");
  }
  return PartsCommitment(root_, MerkleTree(std::move(leaves_)));
}

absl::StatusOr<Bytes> EncodePart(absl::string_view media_type, ByteSpan body) {
  FRANK_RETURN_IF_ERROR(CheckMediaType("media_type", media_type));
  return Encoder(media_type.size() + 2 + body.size())
      .Vec(media_type)
      .Raw(body)
      .Take();
}

absl::StatusOr<Part> ParsePart(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(ByteSpan media_type, decoder.Vec("media_type"));
  FRANK_RETURN_IF_ERROR(CheckMediaType("media_type", AsText(media_type)));
  return Part{AsText(media_type), decoder.Rest()};
}

}  // namespace frank::crypto
