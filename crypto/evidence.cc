#include "crypto/evidence.h"

#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/aead.h"
#include "crypto/encoding.h"
#include "crypto/errors.h"
#include "crypto/file.h"

namespace frank::crypto {
namespace {

constexpr absl::string_view kKeyPrefix = "frank/1 evidence key";
constexpr absl::string_view kKeyLabel = "FrankEvidenceKeyTBS";
constexpr absl::string_view kVerdictLabel = "FrankVerdictTBS";
constexpr absl::string_view kManifestLabel = "FrankEvidenceTBS";

constexpr absl::string_view kMagic = "frank-evidence/1\n";
constexpr absl::string_view kSealInfo = "frank/1 evidence";
constexpr size_t kHeaderBytes = 17 + ExportId::kSize + kHpkeKeyBytes;
constexpr size_t kOpeningBytes =
    limits::kTagBytes + 8 + limits::kSaltBytes + kAeadKeyBytes;
constexpr size_t kSealedOpeningBytes = kOpeningBytes + kHpkeOverhead;

Bytes TbsOf(const VerdictStatement& statement) {
  return Encoder()
      .Raw(statement.report_id.bytes())
      .Raw(statement.sealed_sha256)
      .U32(statement.message)
      .U8(static_cast<uint8_t>(statement.verdict))
      .Vec(ByteSpan(statement.franking_tag))
      .Vec(ByteSpan(statement.context))
      .U8(statement.form)
      .U64(statement.window_not_before)
      .U64(statement.window_not_after)
      .U64(statement.stated_at)
      .Take();
}

Bytes HeaderOf(const ExportId& id, const HpkePublicKey& recipient) {
  return Encoder().Label(kMagic).Raw(id.bytes()).Raw(recipient.bytes()).Take();
}

absl::StatusOr<FrankingTag> TagOf(ByteSpan root_salt, ByteSpan archive) {
  FRANK_ASSIGN_OR_RETURN(FileCommitter committer,
                         FileCommitter::Create(root_salt, archive.size()));
  for (size_t at = 0; at < archive.size(); at += limits::kChunkBytes) {
    FRANK_RETURN_IF_ERROR(
        committer.Add(archive.subspan(at, limits::kChunkBytes)));
  }
  FRANK_ASSIGN_OR_RETURN(PartsCommitment commitment,
                         std::move(committer).Finish());
  return commitment.tag();
}

// Where chunk i begins, without and with the tags before it.
size_t PlainAt(uint32_t index) { return index * limits::kChunkBytes; }
size_t SealedAt(uint32_t index) {
  return index * (limits::kChunkBytes + kAeadTagBytes);
}

absl::Status NoPackage(absl::string_view rule) {
  return FieldError("package", rule);
}

// What the recipient's key opens.
struct PackageOpening {
  FrankingTag tag;
  uint64_t length = 0;
  Secret root_salt;
  Secret key;
};

absl::StatusOr<PackageOpening> ParseOpening(ByteSpan bytes) {
  Decoder decoder(bytes);
  PackageOpening opening;
  FRANK_ASSIGN_OR_RETURN(ByteSpan tag,
                         decoder.Raw("file_tag", limits::kTagBytes));
  opening.tag = FrankingTag(ToArray<FrankingTag::kSize>(tag));
  FRANK_ASSIGN_OR_RETURN(opening.length, decoder.U64("length"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan salt,
                         decoder.Raw("file_root_salt", limits::kSaltBytes));
  opening.root_salt = Secret::Copy(salt);
  FRANK_ASSIGN_OR_RETURN(ByteSpan key, decoder.Raw("file_key", kAeadKeyBytes));
  opening.key = Secret::Copy(key);
  FRANK_RETURN_IF_ERROR(decoder.Finish("opening"));
  if (opening.length == 0 || opening.length > limits::kMaxArchiveBytes) {
    return NoPackage("states a length that none has");
  }
  return opening;
}

absl::StatusOr<Secret> OpenChunks(const PackageOpening& opening,
                                  ByteSpan chunks) {
  FRANK_ASSIGN_OR_RETURN(uint32_t count, ChunkCount(opening.length));
  if (chunks.size() != opening.length + count * kAeadTagBytes) {
    return NoPackage("is not as long as it says");
  }
  FRANK_ASSIGN_OR_RETURN(ChunkCipher cipher,
                         ChunkCipher::Create(opening.key, opening.tag, count));
  Secret archive = Secret::OfSize(opening.length);
  for (uint32_t i = 0; i < count; ++i) {
    size_t length = ChunkLength(opening.length, i);
    FRANK_RETURN_IF_ERROR(
        cipher.Open(i, chunks.subspan(SealedAt(i), length + kAeadTagBytes),
                    archive.mutable_bytes().subspan(PlainAt(i), length)));
  }
  // GCM commits to nothing; the tag does.
  FRANK_ASSIGN_OR_RETURN(FrankingTag tag,
                         TagOf(opening.root_salt.bytes(), archive.bytes()));
  if (tag != opening.tag) return Unauthenticated();
  return archive;
}

}  // namespace

Bytes Serialize(const EvidenceKeyRecord& record) {
  return Encoder()
      .Label(kKeyPrefix)
      .U64(record.not_before)
      .U64(record.not_after)
      .Vec(ByteSpan(record.public_key.bytes()))
      .Take();
}

absl::StatusOr<EvidenceKeyRecord> ParseEvidenceKeyRecord(ByteSpan bytes) {
  Decoder decoder(bytes);
  FRANK_ASSIGN_OR_RETURN(ByteSpan prefix,
                         decoder.Raw("prefix", kKeyPrefix.size()));
  if (AsText(prefix) != kKeyPrefix) {
    return FieldError("prefix", "must be that of an evidence key");
  }
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_before, decoder.U64("not_before"));
  FRANK_ASSIGN_OR_RETURN(UnixMillis not_after, decoder.U64("not_after"));
  FRANK_ASSIGN_OR_RETURN(ByteSpan key_bytes, decoder.Vec("public_key"));
  FRANK_RETURN_IF_ERROR(decoder.Finish("evidence_key_record"));
  if (not_before >= not_after) {
    return FieldError("not_after", "must be after not_before");
  }
  FRANK_ASSIGN_OR_RETURN(Ed25519PublicKey key,
                         Ed25519PublicKey::Create(key_bytes));
  return EvidenceKeyRecord{not_before, not_after, std::move(key)};
}

absl::StatusOr<SignedRecord> Sign(const EvidenceKeyRecord& record,
                                  const Ed25519PrivateKey& moderation) {
  Bytes bytes = Serialize(record);
  FRANK_RETURN_IF_ERROR(ParseEvidenceKeyRecord(bytes).status());
  FRANK_ASSIGN_OR_RETURN(Signature signature,
                         moderation.SignWithLabel(kKeyLabel, bytes));
  return SignedRecord{std::move(bytes), signature};
}

absl::StatusOr<EvidenceKeyRecord> OpenEvidenceKeyRecord(
    const SignedRecord& record, const Ed25519PublicKey& moderation) {
  FRANK_RETURN_IF_ERROR(
      moderation.VerifyWithLabel(kKeyLabel, record.record, record.signature));
  return ParseEvidenceKeyRecord(record.record);
}

absl::StatusOr<Signature> SignVerdict(const VerdictStatement& statement,
                                      const Ed25519PrivateKey& key) {
  return key.SignWithLabel(kVerdictLabel, TbsOf(statement));
}
absl::Status VerifyVerdict(const VerdictStatement& statement,
                           ByteSpan signature, const Ed25519PublicKey& key) {
  return key.VerifyWithLabel(kVerdictLabel, TbsOf(statement), signature);
}

absl::StatusOr<Signature> SignManifest(ByteSpan manifest,
                                       const Ed25519PrivateKey& key) {
  return key.SignWithLabel(kManifestLabel, manifest);
}
absl::Status VerifyManifest(ByteSpan manifest, ByteSpan signature,
                            const Ed25519PublicKey& key) {
  return key.VerifyWithLabel(kManifestLabel, manifest, signature);
}

absl::StatusOr<Bytes> SealEvidence(const ExportId& id,
                                   const HpkePublicKey& recipient,
                                   ByteSpan archive, RandomSource& random) {
  if (archive.empty() || archive.size() > limits::kMaxArchiveBytes) {
    return FieldError("archive", "must have 1 to 64 MiB");
  }
  Secret salt = Secret::Random(random, limits::kSaltBytes);
  Secret key = Secret::Random(random, kAeadKeyBytes);
  FRANK_ASSIGN_OR_RETURN(FrankingTag tag, TagOf(salt.bytes(), archive));
  FRANK_ASSIGN_OR_RETURN(uint32_t count, ChunkCount(archive.size()));
  Bytes package = HeaderOf(id, recipient);
  Bytes plain = Encoder(kOpeningBytes)
                    .Raw(tag.bytes())
                    .U64(archive.size())
                    .Raw(salt.bytes())
                    .Raw(key.bytes())
                    .Take();
  absl::StatusOr<Bytes> opening =
      HpkeSeal(recipient, AsBytes(kSealInfo), package, plain, random);
  Cleanse(absl::MakeSpan(plain));
  FRANK_RETURN_IF_ERROR(opening.status());
  package.insert(package.end(), opening->begin(), opening->end());
  const size_t first = package.size();
  package.resize(first + archive.size() + count * kAeadTagBytes);
  FRANK_ASSIGN_OR_RETURN(ChunkCipher cipher,
                         ChunkCipher::Create(key, tag, count));
  for (uint32_t i = 0; i < count; ++i) {
    ByteSpan chunk = archive.subspan(PlainAt(i), limits::kChunkBytes);
    FRANK_RETURN_IF_ERROR(
        cipher.Seal(i, chunk,
                    absl::MakeSpan(package).subspan(
                        first + SealedAt(i), chunk.size() + kAeadTagBytes)));
  }
  return package;
}

absl::StatusOr<OpenedEvidence> OpenEvidence(ByteSpan package,
                                            const HpkePrivateKey& recipient) {
  if (package.size() < kHeaderBytes + kSealedOpeningBytes ||
      AsText(package.first(kMagic.size())) != kMagic) {
    return NoPackage("is no evidence package");
  }
  ByteSpan header = package.first(kHeaderBytes);
  ExportId id(
      ToArray<ExportId::kSize>(header.subspan(kMagic.size(), ExportId::kSize)));
  Bytes expected = HeaderOf(id, recipient.public_key());
  if (header != ByteSpan(expected)) {
    return absl::FailedPreconditionError(
        "the package is sealed to another key");
  }
  FRANK_ASSIGN_OR_RETURN(
      Secret opened,
      HpkeOpen(recipient, AsBytes(kSealInfo), header,
               package.subspan(kHeaderBytes, kSealedOpeningBytes)));
  FRANK_ASSIGN_OR_RETURN(PackageOpening opening, ParseOpening(opened.bytes()));
  FRANK_ASSIGN_OR_RETURN(
      Secret archive,
      OpenChunks(opening, package.subspan(kHeaderBytes + kSealedOpeningBytes)));
  return OpenedEvidence{id, std::move(archive)};
}

}  // namespace frank::crypto
