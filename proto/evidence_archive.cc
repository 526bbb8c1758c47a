#include "proto/evidence_archive.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "proto/canonical_json.h"

namespace frank::wire {
namespace {

using evidence::v1::Manifest;
using evidence::v1::Member;

constexpr absl::string_view kField = "archive";

absl::Status NotAsSigned() {
  return absl::UnauthenticatedError("a member is not what was signed");
}

// What stands before the members.
struct Front {
  ByteSpan manifest;
  ByteSpan signature;
  crypto::SignedRecord key;
};

absl::StatusOr<Front> ReadFront(crypto::Decoder* decoder) {
  Front front;
  FRANK_ASSIGN_OR_RETURN(front.manifest, decoder->Vec("manifest"));
  if (front.manifest.size() > limits::kMaxManifestBytes) {
    return FieldError("manifest", "is too long");
  }
  FRANK_ASSIGN_OR_RETURN(front.signature,
                         decoder->Raw("signature", crypto::kSignatureBytes));
  FRANK_ASSIGN_OR_RETURN(ByteSpan record, decoder->Vec("key_record"));
  front.key.record.assign(record.begin(), record.end());
  FRANK_ASSIGN_OR_RETURN(
      ByteSpan key_signature,
      decoder->Raw("key_signature", crypto::kSignatureBytes));
  front.key.signature = ToArray<crypto::kSignatureBytes>(key_signature);
  return front;
}

absl::Status ReadMembers(crypto::Decoder* decoder, OpenArchive* archive) {
  for (const Member& member : archive->manifest.member()) {
    FRANK_ASSIGN_OR_RETURN(ByteSpan bytes,
                           decoder->Raw(member.name(), member.size()));
    if (ToHex(crypto::Sha256({bytes})) != member.sha256()) return NotAsSigned();
    if (!archive->members.emplace(member.name(), bytes).second) {
      return FieldError(member.name(), "must occur once");
    }
  }
  return decoder->Finish(kField);
}

}  // namespace

void EvidenceArchive::Add(const std::string& name, absl::string_view bytes) {
  members_.push_back({name, crypto::Secret::Copy(AsBytes(bytes))});
  size_ += bytes.size();
}

void EvidenceArchive::AddJson(const std::string& name,
                              const google::protobuf::Message& message) {
  Add(name, ToCanonicalJson(message));
}

absl::StatusOr<crypto::Secret> EvidenceArchive::Finish(
    Manifest manifest, const EvidenceKey& key) const {
  for (const Member& member : members_) {
    evidence::v1::Member* named = manifest.add_member();
    named->set_name(member.name);
    named->set_sha256(ToHex(crypto::Sha256({member.bytes.bytes()})));
    named->set_size(member.bytes.size());
  }
  std::string json = ToCanonicalJson(manifest);
  // Ours to keep: what nobody could read must not be signed.
  Manifest read;
  FRANK_RETURN_IF_ERROR(FromCanonicalJson(json, &read));
  FRANK_ASSIGN_OR_RETURN(crypto::Signature signature,
                         crypto::SignManifest(AsBytes(json), key.private_key));
  Bytes front = crypto::Encoder()
                    .Vec(absl::string_view(json))
                    .Raw(signature)
                    .Vec(ByteSpan(key.signed_record.record))
                    .Raw(key.signed_record.signature)
                    .Take();
  crypto::Secret archive = crypto::Secret::OfSize(front.size() + size_);
  auto out = archive.mutable_bytes().begin();
  out = std::copy(front.begin(), front.end(), out);
  for (const Member& member : members_) {
    out = std::copy(member.bytes.bytes().begin(), member.bytes.bytes().end(),
                    out);
  }
  return archive;
}

absl::Status OpenArchive::Read(const std::string& name,
                               google::protobuf::Message* message) const {
  auto found = members.find(name);
  if (found == members.end()) return FieldError(name, "must be a member");
  return InField(name, FromCanonicalJson(AsText(found->second), message));
}

absl::StatusOr<OpenArchive> ReadArchive(
    ByteSpan archive, const crypto::Ed25519PublicKey& moderation) {
  crypto::Decoder decoder(archive);
  FRANK_ASSIGN_OR_RETURN(Front front, ReadFront(&decoder));
  FRANK_ASSIGN_OR_RETURN(crypto::EvidenceKeyRecord key,
                         crypto::OpenEvidenceKeyRecord(front.key, moderation));
  FRANK_RETURN_IF_ERROR(
      crypto::VerifyManifest(front.manifest, front.signature, key.public_key));
  OpenArchive opened{{}, std::move(key), {}};
  FRANK_RETURN_IF_ERROR(InField(
      "manifest", FromCanonicalJson(AsText(front.manifest), &opened.manifest)));
  if (opened.manifest.schema() != kEvidenceSchema) {
    return FieldError("schema", "must be one that this program knows");
  }
  if (!opened.key.Holds(opened.manifest.created_at())) {
    return absl::UnauthenticatedError(
        "the package was signed outside the time of its key");
  }
  FRANK_RETURN_IF_ERROR(ReadMembers(&decoder, &opened));
  return opened;
}

}  // namespace frank::wire
