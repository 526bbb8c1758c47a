#include "proto/evidence_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::wire {
namespace {

constexpr size_t kSeedBytes = 32;

absl::Status Wrong(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", what));
}

}  // namespace

absl::StatusOr<EvidenceKey> LoadEvidenceKey(const std::string& key_path,
                                            const std::string& record_path) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret seed,
                         LoadSecretKey(key_path, "evidence", kSeedBytes));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  FRANK_ASSIGN_OR_RETURN(crypto::SignedRecord signed_record,
                         LoadSignedRecord(record_path));
  absl::StatusOr<crypto::EvidenceKeyRecord> record =
      crypto::ParseEvidenceKeyRecord(signed_record.record);
  if (!record.ok()) return Wrong(record_path, "must hold an EvidenceKeyRecord");
  if (record->public_key != key.public_key()) {
    return Wrong(key_path, absl::StrCat("does not belong to the record in ",
                                        record_path));
  }
  return EvidenceKey{std::move(key), *std::move(record),
                     std::move(signed_record)};
}

absl::StatusOr<crypto::HpkePrivateKey> LoadRecipientKey(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret secret,
      LoadSecretKey(path, kRecipientPurpose, crypto::kHpkeKeyBytes));
  return crypto::HpkePrivateKey::Create(secret);
}

absl::StatusOr<crypto::HpkePublicKey> LoadRecipientPublicKey(
    const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(Bytes bytes, LoadPublicKey(path, kRecipientPurpose));
  absl::StatusOr<crypto::HpkePublicKey> key =
      crypto::HpkePublicKey::Create(bytes);
  if (!key.ok()) return Wrong(path, "must hold an X25519 public key");
  return key;
}

}  // namespace frank::wire
