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

// An encoded context on the stack, with room before it for what is hashed with
// it, so that a hash is of one piece: a frank is a few hundred nanoseconds, and
// an allocation would be a tenth of that. Needs a context that has been
// checked.
class EncodedContext {
 public:
  explicit EncodedContext(const FrankContext& context) {
    AppendVec(context.sender_uri);
    AppendVec(context.room_uri);
    Append(BigEndian(context.accepted_timestamp));
  }
  ByteSpan bytes() const { return WithPrefix(0); }

  // Each overwrites what the other put before the context.
  // tag || context
  ByteSpan After(const FrankingTag& tag) {
    ByteSpan bytes = tag.bytes();
    std::memcpy(&bytes_[kContext - bytes.size()], bytes.data(), bytes.size());
    return WithPrefix(bytes.size());
  }
  // server_frank || u16(ciphersuite) || context
  ByteSpan After(const Sha256Digest& server_frank) {
    std::memcpy(&bytes_[0], server_frank.data(), server_frank.size());
    std::array<uint8_t, 2> ciphersuite = BigEndian(kCiphersuite);
    std::memcpy(&bytes_[server_frank.size()], ciphersuite.data(), 2);
    return WithPrefix(kContext);
  }

 private:
  static constexpr size_t kContext = sizeof(Sha256Digest) + 2;
  // A URI is short enough for a header of one or two bytes.
  static constexpr size_t kMaxBytes =
      kContext + 2 * (2 + limits::kMaxUriBytes) + 8;
  static_assert(limits::kMaxUriBytes < 1 << 14);

  ByteSpan WithPrefix(size_t size) const {
    return ByteSpan(bytes_.data(), end_).subspan(kContext - size);
  }
  void AppendVec(absl::string_view text) {
    if (text.size() < 1 << 6) {
      bytes_[end_++] = static_cast<uint8_t>(text.size());
    } else {
      Append(BigEndian(static_cast<uint16_t>(text.size() | 1 << 14)));
    }
    Append(AsBytes(text));
  }
  void Append(ByteSpan bytes) {
    FRANK_CHECK(bytes.size() <= kMaxBytes - end_);
    std::memcpy(bytes_.data() + end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }

  std::array<uint8_t, kMaxBytes> bytes_;
  size_t end_ = kContext;
};

// Says whether AuthorityOf(uri) is `authority`, which is one, without looking
// for the end of another.
bool IsOfAuthority(absl::string_view uri, absl::string_view authority) {
  if (!absl::StartsWith(uri, authority)) return false;
  uri.remove_prefix(authority.size());
  return uri.empty() || uri[0] == '/' || uri[0] == '?' || uri[0] == '#';
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
  std::vector<FrankStamp*> stamps;
  std::vector<MerkleHash> leaves;
};
using Batches = std::map<const KeyRing::Window*, Batch>;

absl::Status StampOne(const KeyRing& ring, const StampInput& input,
                      FrankStamp* stamp, Batches* batches) {
  FrankContext context = input.context();
  FRANK_RETURN_IF_ERROR(CheckContext(context));
  if (!IsOfAuthority(input.room_uri, ring.authority())) {
    return FieldError("room_uri", "must be of the key ring's authority");
  }
  FRANK_ASSIGN_OR_RETURN(const KeyRing::Window* window,
                         StampingWindow(ring, input.accepted_timestamp));
  EncodedContext encoded(context);
  stamp->server_frank = window->hub_key->Mac({encoded.After(input.tag)});
  if (window->window.form == FrankForm::kEach) {
    FRANK_ASSIGN_OR_RETURN(
        Signature signature,
        window->franking_key->SignWithLabel(
            kIntegrityLabel, encoded.After(stamp->server_frank)));
    stamp->integrity = signature;
  } else if (window->window.form == FrankForm::kBatched) {
    Batch& batch = (*batches)[window];
    batch.stamps.push_back(stamp);
    batch.leaves.push_back(HashLeaf({encoded.After(stamp->server_frank)}));
  }
  return absl::OkStatus();
}

absl::Status SignTree(const Ed25519PrivateKey& key, const MerkleTree& tree,
                      absl::Span<FrankStamp* const> stamps) {
  uint32_t size = static_cast<uint32_t>(stamps.size());
  FRANK_ASSIGN_OR_RETURN(
      Signature signature,
      key.SignWithLabel(kBatchLabel, BatchTbs(size, tree.Root())));
  for (uint32_t i = 0; i < size; ++i) {
    stamps[i]->integrity =
        BatchShare{signature, size, i, tree.InclusionProof(i)};
  }
  return absl::OkStatus();
}

absl::Status SignBatch(const Ed25519PrivateKey& key, const Batch& batch) {
  size_t all = batch.stamps.size();
  for (size_t begin = 0; begin < all; begin += limits::kMaxFrankBatch) {
    size_t end = std::min<size_t>(all, begin + limits::kMaxFrankBatch);
    MerkleTree tree(std::vector<MerkleHash>(batch.leaves.begin() + begin,
                                            batch.leaves.begin() + end));
    FRANK_RETURN_IF_ERROR(SignTree(
        key, tree,
        absl::MakeConstSpan(batch.stamps).subspan(begin, end - begin)));
  }
  return absl::OkStatus();
}

absl::Status SignBatches(const Batches& batches) {
  for (const auto& [window, batch] : batches) {
    FRANK_RETURN_IF_ERROR(SignBatch(*window->franking_key, batch));
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
  frank.sender_uri = fields.sender_uri;
  frank.room_uri = fields.room_uri;
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
                                const FrankContext& context) {
  return hub_key.Mac({EncodedContext(context).After(tag)});
}

Frank MakeFrank(const StampInput& input, FrankStamp stamp) {
  Frank frank;
  frank.tag = input.tag;
  frank.sender_uri = input.sender_uri;
  frank.room_uri = input.room_uri;
  frank.accepted_timestamp = input.accepted_timestamp;
  frank.server_frank = stamp.server_frank;
  frank.integrity = std::move(stamp.integrity);
  return frank;
}

absl::StatusOr<std::vector<FrankStamp>> Stamp(
    const KeyRing& ring, absl::Span<const StampInput> inputs) {
  std::vector<FrankStamp> stamps(inputs.size());
  Batches batches;
  for (size_t i = 0; i < inputs.size(); ++i) {
    absl::Status stamped = StampOne(ring, inputs[i], &stamps[i], &batches);
    if (!stamped.ok()) {
      return InField(absl::StrCat("input[", i, "]"), stamped);
    }
  }
  FRANK_RETURN_IF_ERROR(SignBatches(batches));
  return stamps;
}

std::vector<absl::StatusOr<FrankStamp>> StampApart(
    const KeyRing& ring, absl::Span<const StampInput> inputs) {
  std::vector<absl::StatusOr<FrankStamp>> stamps(inputs.size(), FrankStamp());
  Batches batches;
  for (size_t i = 0; i < inputs.size(); ++i) {
    absl::Status stamped = StampOne(ring, inputs[i], &*stamps[i], &batches);
    if (!stamped.ok()) stamps[i] = std::move(stamped);
  }
  // Not an input's fault: the library fails, and for all of them.
  absl::Status all_signed = SignBatches(batches);
  if (!all_signed.ok()) stamps.assign(inputs.size(), all_signed);
  return stamps;
}

bool CanStamp(const KeyRing& ring, UnixMillis time) {
  return StampingWindow(ring, time).ok();
}

absl::Status VerifyServerFrank(const Frank& frank, const HmacKey& hub_key) {
  Sha256Digest expected =
      ComputeServerFrank(hub_key, frank.tag, frank.context());
  return ConstantTimeEquals(expected, frank.server_frank) ? absl::OkStatus()
                                                          : Unauthenticated();
}

absl::Status VerifyIntegrity(const Frank& frank, FrankForm form,
                             const absl::optional<Ed25519PublicKey>& key) {
  if (frank.form() != form) return Unauthenticated();
  if (form == FrankForm::kNone) return absl::OkStatus();
  if (!key) return Unauthenticated();
  EncodedContext encoded(frank.context());
  ByteSpan tbs = encoded.After(frank.server_frank);
  if (const auto* signature = absl::get_if<Signature>(&frank.integrity)) {
    return key->VerifyWithLabel(kIntegrityLabel, tbs, *signature);
  }
  return VerifyBatch(absl::get<BatchShare>(frank.integrity), tbs, *key);
}

}  // namespace frank::crypto
