#include "client/command/keys_files.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/status.h"

namespace frank::client {
namespace {

constexpr size_t kSeedBytes = 32;
constexpr size_t kTokenBytes = 32;

template <typename Message>
bool Parses(const std::string& path, absl::string_view text, Message* out) {
  return wire::ParseTextProto(path, text, out).ok();
}

}  // namespace

void MakeTombstone(config::v1::KeyWindow* window) {
  wire::CleanseText(window->mutable_hub_key());
  wire::CleanseText(window->mutable_franking_private_key());
  window->clear_hub_key();
  window->clear_franking_private_key();
  window->clear_franking_public_key();
  window->clear_form();
  window->set_tombstone(true);
}

absl::StatusOr<RingFile> RingFile::Read(const std::string& path) {
  RingFile file;
  FRANK_ASSIGN_OR_RETURN(crypto::Secret text, wire::ReadSecretFile(path));
  FRANK_RETURN_IF_ERROR(
      wire::ParseTextProto(path, AsText(text.bytes()), &*file.ring_));
  return file;
}

absl::Status RingFile::Write(const std::string& path, bool replace) const {
  std::string text = wire::PrintTextProto(*ring_);
  absl::Status written =
      wire::WriteFile(path, text, wire::FileMode::kSecret, replace);
  wire::CleanseText(&text);
  return written;
}

wire::RingHolder RingFile::holder() const {
  for (const config::v1::KeyWindow& window : ring_->window()) {
    if (!window.franking_private_key().empty()) {
      return wire::RingHolder::kPlatform;
    }
  }
  return wire::RingHolder::kModeration;
}

RingFile RingFile::ForModeration() const {
  RingFile half;
  *half.ring_ = *ring_;
  for (config::v1::KeyWindow& window : *half.ring_->mutable_window()) {
    wire::CleanseText(window.mutable_franking_private_key());
    window.clear_franking_private_key();
  }
  return half;
}

absl::StatusOr<crypto::Sha256Digest> WriteNewToken(const std::string& path,
                                                   RandomSource& random) {
  const crypto::Secret bytes = crypto::Secret::Random(random, kTokenBytes);
  std::string encoded = absl::WebSafeBase64Escape(AsText(bytes.bytes()));
  std::string line = absl::StrCat("frank_", encoded, "\n");
  wire::CleanseText(&encoded);
  const crypto::Sha256Digest hash = crypto::Sha256(
      {AsBytes(absl::string_view(line).substr(0, line.size() - 1))});
  absl::Status written = wire::WriteFile(path, line, wire::FileMode::kSecret);
  wire::CleanseText(&line);
  if (!written.ok()) return written;
  return hash;
}

absl::Status AddWindow(UnixMillis not_before, UnixMillis not_after,
                       const std::string& form, RandomSource& random,
                       config::v1::KeyRing* ring) {
  if (form != "none" && form != "each" && form != "batched") {
    return FieldError("--form", "must be none, each or batched");
  }
  config::v1::KeyWindow* window = ring->add_window();
  window->set_not_before(not_before);
  window->set_not_after(not_after);
  window->set_form(form);
  crypto::Secret hub_key = crypto::Secret::Random(random, crypto::kHubKeyBytes);
  window->set_hub_key(ToHex(hub_key.bytes()));
  if (form == "none") return absl::OkStatus();
  crypto::Secret seed = crypto::Secret::Random(random, kSeedBytes);
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  window->set_franking_private_key(ToHex(seed.bytes()));
  window->set_franking_public_key(ToHex(key.public_key().bytes()));
  return absl::OkStatus();
}

absl::StatusOr<crypto::Ed25519PrivateKey> LoadIdentity(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret seed,
                         wire::LoadSecretKey(path, "identity", kSeedBytes));
  return crypto::Ed25519PrivateKey::FromSeed(seed);
}

absl::StatusOr<crypto::Ed25519PublicKey> LoadIdentityPublic(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(Bytes key, wire::LoadPublicKey(path, "identity"));
  absl::StatusOr<crypto::Ed25519PublicKey> loaded =
      crypto::Ed25519PublicKey::Create(key);
  if (loaded.ok()) return loaded;
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": ", loaded.status().message()));
}

absl::Status WriteSignedRecord(const std::string& path,
                               const crypto::SignedRecord& record,
                               bool replace) {
  config::v1::SignedRecord file;
  file.set_record(ToHex(record.record));
  file.set_signature(ToHex(record.signature));
  return wire::WriteFile(path, wire::PrintTextProto(file),
                         wire::FileMode::kPublic, replace);
}

absl::StatusOr<AnyKeyFile> ReadAnyKeyFile(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(std::string text, wire::ReadFile(path));
  absl::StatusOr<AnyKeyFile> found =
      absl::FailedPreconditionError(absl::StrCat(path, ": is not a key file"));
  RingFile ring;
  wire::Cleansed<config::v1::ReviewKey> review;
  config::v1::SignedRecord record;
  wire::Cleansed<config::v1::SecretKey> secret;
  config::v1::PublicKey public_key;
  absl::StatusOr<crypto::CheckpointVerifier> verifier =
      crypto::CheckpointVerifier::ParseVkey(absl::StripSuffix(text, "\n"));
  // Each kind has a field that no other has.
  if (Parses(path, text, ring.mutable_ring()) &&
      ring.ring().window_size() > 0) {
    found = AnyKeyFile(std::move(ring));
  } else if (Parses(path, text, &*review) &&
             (!review->private_key().empty() || review->tombstone())) {
    found = AnyKeyFile(std::move(review));
  } else if (Parses(path, text, &record) && !record.signature().empty()) {
    found = AnyKeyFile(std::move(record));
  } else if (Parses(path, text, &*secret) && !secret->key().empty()) {
    found = AnyKeyFile(std::move(secret));
  } else if (Parses(path, text, &public_key) &&
             !public_key.public_key().empty()) {
    found = AnyKeyFile(std::move(public_key));
  } else if (verifier.ok()) {
    found = AnyKeyFile(*std::move(verifier));
  }
  wire::CleanseText(&text);
  return found;
}

}  // namespace frank::client
