#include "crypto/frank.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"
#include "crypto/secret.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kIntegrityLabel = "FrankingIntegrityTBS";
constexpr absl::string_view kBatchLabel = "FrankingBatchTBS";

template <size_t N>
absl::StatusOr<std::array<uint8_t, N>> ParseArray(absl::string_view field,
                                                  ByteSpan bytes) {
  if (bytes.size() == N) return ToArray<N>(bytes);
  return FieldError(field, absl::StrCat("must be ", N, " bytes"));
}

absl::StatusOr<FrankIntegrity> ParseIntegrity(absl::monostate) {
  return FrankIntegrity();
}

absl::StatusOr<FrankIntegrity> ParseIntegrity(ByteSpan bytes) {
  FRANK_ASSIGN_OR_RETURN(Signature signature,
                         ParseArray<kSignatureBytes>("signature", bytes));
  return FrankIntegrity(signature);
}

absl::StatusOr<FrankIntegrity> ParseIntegrity(const BatchShareFields& fields) {
  BatchShare share;
  share.size = fields.size;
  share.index = fields.index;
  if (share.size < 1 || share.size > limits::kMaxFrankBatch) {
    return FieldError("batch.size",
                      absl::StrCat("must be 1 to ", limits::kMaxFrankBatch));
  }
  if (share.index >= share.size) {
    return FieldError("batch.index", "must be below the size");
  }
  if (fields.inclusion_proof.size() !=
      InclusionProofLength(share.index, share.size)) {
    return FieldError("batch.inclusion_proof",
                      "must be as long as RFC 9162 makes it");
  }
  FRANK_ASSIGN_OR_RETURN(
      share.signature,
      ParseArray<kSignatureBytes>("batch.signature", fields.signature));
  FRANK_ASSIGN_OR_RETURN(
      share.inclusion_proof,
      ParseMerkleProof("batch.inclusion_proof", fields.inclusion_proof));
  return FrankIntegrity(std::move(share));
}

// An encoded context on the stack: a frank is a few hundred nanoseconds, and an
// allocation would be a tenth of that. Needs a context that has been checked.
class EncodedContext {
 public:
  explicit EncodedContext(const FrankContext& context) {
    AppendVec(context.sender_uri);
    AppendVec(context.room_uri);
    Append(BigEndian(context.accepted_timestamp));
  }
  ByteSpan bytes() const { return ByteSpan(bytes_.data(), size_); }

 private:
  // A URI is short enough for a header of one or two bytes.
  static constexpr size_t kMaxBytes = 2 * (2 + limits::kMaxUriBytes) + 8;
  static_assert(limits::kMaxUriBytes < 1 << 14);

  void AppendVec(absl::string_view text) {
    if (text.size() < 1 << 6) {
      bytes_[size_++] = static_cast<uint8_t>(text.size());
    } else {
      Append(BigEndian(static_cast<uint16_t>(text.size() | 1 << 14)));
    }
    Append(AsBytes(text));
  }
  void Append(ByteSpan bytes) {
    FRANK_CHECK(bytes.size() <= kMaxBytes - size_);
    std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  std::array<uint8_t, kMaxBytes> bytes_;
  size_t size_ = 0;
};

// Says whether AuthorityOf(uri) is `authority`, which is one, without looking
// for the end of another.
bool IsOfAuthority(absl::string_view uri, absl::string_view authority) {
  if (!absl::StartsWith(uri, authority)) return false;
  uri.remove_prefix(authority.size());
  return uri.empty() || uri[0] == '/' || uri[0] == '?' || uri[0] == '#';
}

Bytes IntegrityTbs(const Sha256Digest& server_frank, ByteSpan context) {
  return Encoder(server_frank.size() + 2 + context.size())
      .Raw(server_frank)
      .U16(kCiphersuite)
      .Raw(context)
      .Take();
}

std::array<uint8_t, 36> BatchTbs(uint32_t size, const MerkleHash& root) {
  std::array<uint8_t, 36> tbs;
  std::array<uint8_t, 4> number = BigEndian(size);
  auto end = std::copy(number.begin(), number.end(), tbs.begin());
  std::copy(root.begin(), root.end(), end);
  return tbs;
}

absl::Status VerifyBatch(const BatchShare& share, ByteSpan tbs,
                         const Ed25519PublicKey& key) {
  FRANK_ASSIGN_OR_RETURN(
      MerkleHash root,
      RootFromInclusionProof(HashLeaf({tbs}), share.index, share.size,
                             share.inclusion_proof));
  return key.VerifyWithLabel(kBatchLabel, BatchTbs(share.size, root),
                             share.signature);
}

// The window that may stamp at a time, or kFailedPrecondition.
absl::StatusOr<const KeyRing::Window*> StampingWindow(const KeyRing& ring,
                                                      UnixMillis time) {
  const KeyRing::Window* window = ring.FindWindow(time);
  if (window == nullptr || window->tombstone) {
    return absl::FailedPreconditionError("no key window holds the time");
  }
  if (window->window.form != FrankForm::kNone && !window->franking_key) {
    return absl::FailedPreconditionError("the key window cannot sign");
  }
  return window;
}

// The franks of one window that wait for their shared signatures.
struct Batch {
  std::vector<Frank*> franks;
  std::vector<MerkleHash> leaves;
};
using Batches = std::map<const KeyRing::Window*, Batch>;

absl::Status StampOne(const KeyRing& ring, const StampInput& input,
                      Frank* frank, Batches* batches) {
  FrankContext context{input.sender_uri, input.room_uri,
                       input.accepted_timestamp};
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  if (!IsOfAuthority(input.room_uri, ring.authority())) {
    return FieldError("room_uri", "must be of the key ring's authority");
  }
  FRANK_ASSIGN_OR_RETURN(const KeyRing::Window* window,
                         StampingWindow(ring, input.accepted_timestamp));
  EncodedContext buffer(context);
  ByteSpan encoded = buffer.bytes();
  frank->tag = input.tag;
  frank->sender_uri = std::string(input.sender_uri);
  frank->room_uri = std::string(input.room_uri);
  frank->accepted_timestamp = input.accepted_timestamp;
  frank->server_frank =
      ComputeServerFrank(*window->hub_key, input.tag, encoded);
  if (window->window.form == FrankForm::kEach) {
    FRANK_ASSIGN_OR_RETURN(
        Signature signature,
        window->franking_key->SignWithLabel(
            kIntegrityLabel, IntegrityTbs(frank->server_frank, encoded)));
    frank->integrity = signature;
  } else if (window->window.form == FrankForm::kBatched) {
    Batch& batch = (*batches)[window];
    batch.franks.push_back(frank);
    batch.leaves.push_back(
        HashLeaf({frank->server_frank, BigEndian(kCiphersuite), encoded}));
  }
  return absl::OkStatus();
}

absl::Status SignTree(const Ed25519PrivateKey& key, const MerkleTree& tree,
                      absl::Span<Frank* const> franks) {
  uint32_t size = static_cast<uint32_t>(franks.size());
  FRANK_ASSIGN_OR_RETURN(
      Signature signature,
      key.SignWithLabel(kBatchLabel, BatchTbs(size, tree.Root())));
  for (uint32_t i = 0; i < size; ++i) {
    franks[i]->integrity =
        BatchShare{signature, size, i, tree.InclusionProof(i)};
  }
  return absl::OkStatus();
}

absl::Status SignBatch(const Ed25519PrivateKey& key, const Batch& batch) {
  size_t all = batch.franks.size();
  for (size_t begin = 0; begin < all; begin += limits::kMaxFrankBatch) {
    size_t end = std::min<size_t>(all, begin + limits::kMaxFrankBatch);
    MerkleTree tree(std::vector<MerkleHash>(batch.leaves.begin() + begin,
                                            batch.leaves.begin() + end));
    FRANK_RETURN_IF_ERROR(SignTree(
        key, tree,
        absl::MakeConstSpan(batch.franks).subspan(begin, end - begin)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FrankForm> ParseFrankForm(uint32_t form) {
  if (form <= 2) return static_cast<FrankForm>(form);
  return FieldError("form", "must be 0 (none), 1 (each) or 2 (batched)");
}

absl::Status CheckContext(const FrankContext& context) {
  FRANK_RETURN_IF_ERROR(CheckUri("sender_uri", context.sender_uri));
  return CheckUri("room_uri", context.room_uri);
}

Bytes EncodeContext(const FrankContext& context) {
  EncodedContext encoded(context);
  return Bytes(encoded.bytes().begin(), encoded.bytes().end());
}

absl::StatusOr<FrankContext> ParseContext(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(ByteSpan sender, decoder.Vec("sender_uri"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan room, decoder.Vec("room_uri"));
  FRANK_ASSIGN_OR_RETURN(UnixMillis time, decoder.U64("accepted_timestamp"));
  FRANK_RETURN_IF_ERROR(decoder.Finish("context"));
  FrankContext context{AsText(sender), AsText(room), time};
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  return context;
}

absl::StatusOr<Frank> ParseFrank(const FrankFields& fields) {
  Frank frank;
  FRANK_ASSIGN_OR_RETURN(
      frank.tag, FrankingTag::Parse("franking_tag", fields.franking_tag));
  FRANK_RETURN_IF_ERROR(CheckContext(
      {fields.sender_uri, fields.room_uri, fields.accepted_timestamp}));
  frank.sender_uri = std::string(fields.sender_uri);
  frank.room_uri = std::string(fields.room_uri);
  frank.accepted_timestamp = fields.accepted_timestamp;
  FRANK_ASSIGN_OR_RETURN(frank.server_frank,
                         ParseArray<32>("server_frank", fields.server_frank));
  if (fields.ciphersuite != kCiphersuite) {
    return FieldError("ciphersuite", "must be 0x0001");
  }
  FRANK_ASSIGN_OR_RETURN(
      frank.integrity,
      absl::visit([](const auto& i) { return ParseIntegrity(i); },
                  fields.integrity));
  return frank;
}

Sha256Digest ComputeServerFrank(const HmacKey& hub_key, const FrankingTag& tag,
                                ByteSpan context) {
  return hub_key.Mac({tag.bytes(), context});
}

absl::StatusOr<std::vector<Frank>> Stamp(const KeyRing& ring,
                                         absl::Span<const StampInput> inputs) {
  std::vector<Frank> franks(inputs.size());
  Batches batches;
  for (size_t i = 0; i < inputs.size(); ++i) {
    absl::Status stamped = StampOne(ring, inputs[i], &franks[i], &batches);
    if (!stamped.ok()) {
      return InField(absl::StrCat("input[", i, "]"), stamped);
    }
  }
  for (const auto& [window, batch] : batches) {
    FRANK_RETURN_IF_ERROR(SignBatch(*window->franking_key, batch));
  }
  return franks;
}

absl::Status VerifyServerFrank(const Frank& frank, const HmacKey& hub_key) {
  Sha256Digest expected = ComputeServerFrank(
      hub_key, frank.tag, EncodedContext(frank.context()).bytes());
  return ConstantTimeEquals(expected, frank.server_frank) ? absl::OkStatus()
                                                          : Unauthenticated();
}

absl::Status VerifyIntegrity(const Frank& frank, FrankForm form,
                             const absl::optional<Ed25519PublicKey>& key) {
  if (frank.form() != form) return Unauthenticated();
  if (form == FrankForm::kNone) return absl::OkStatus();
  if (!key) return Unauthenticated();
  Bytes tbs =
      IntegrityTbs(frank.server_frank, EncodedContext(frank.context()).bytes());
  if (const auto* signature = absl::get_if<Signature>(&frank.integrity)) {
    return key->VerifyWithLabel(kIntegrityLabel, tbs, *signature);
  }
  return VerifyBatch(absl::get<BatchShare>(frank.integrity), tbs, *key);
}

}  // namespace frank::crypto
