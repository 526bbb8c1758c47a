#include "services/moderation/audit_tree.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"
#include "storage/audit_store.h"

namespace frank::moderation {
namespace {

template <typename Source>
absl::StatusOr<crypto::MerkleHash> ReadNode(Source& source,
                                            const crypto::MerkleNode& node) {
  FRANK_ASSIGN_OR_RETURN(auto hash,
                         storage::FindNode(source, node.level, node.index));
  if (!hash) return LogDamaged("a node of the audit tree is missing");
  return ToArray<sizeof(crypto::MerkleHash)>(AsBytes(*hash));
}

absl::Status InConfig(absl::string_view field, const absl::Status& status) {
  return absl::FailedPreconditionError(InField(field, status).message());
}

}  // namespace

absl::StatusOr<AuditKeys> AuditKeys::Load(
    const config::v1::ModerationConfig& config) {
  FRANK_ASSIGN_OR_RETURN(crypto::Secret seed,
                         wire::LoadSecretKey(config.audit_key_file(), "audit",
                                             crypto::kEd25519KeyBytes));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PrivateKey key,
                         crypto::Ed25519PrivateKey::FromSeed(seed));
  absl::StatusOr<crypto::CheckpointSigner> signer =
      crypto::CheckpointSigner::Create(config.audit_origin(), std::move(key));
  if (!signer.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("audit_", signer.status().message()));
  }
  std::vector<crypto::CheckpointVerifier> former;
  for (int i = 0; i < config.audit_former_vkey_size(); ++i) {
    absl::StatusOr<crypto::CheckpointVerifier> verifier =
        crypto::CheckpointVerifier::ParseVkey(config.audit_former_vkey(i));
    if (!verifier.ok()) {
      return InConfig(absl::StrCat("audit_former_vkey[", i, "]"),
                      verifier.status());
    }
    former.push_back(*std::move(verifier));
  }
  return AuditKeys(*std::move(signer), std::move(former));
}

absl::StatusOr<crypto::Checkpoint> AuditKeys::Open(
    absl::string_view note) const {
  absl::StatusOr<crypto::Checkpoint> opened = signer_.verifier().Open(note);
  for (const crypto::CheckpointVerifier& verifier : former_) {
    if (opened.ok()) break;
    opened = verifier.Open(note);
  }
  if (opened.ok()) return opened;
  return LogDamaged("no audit key signed the newest checkpoint");
}

absl::Status LogDamaged(absl::string_view what) {
  return WithReason(absl::DataLossError(what), "LOG_DAMAGED");
}

absl::StatusOr<crypto::MerkleHash> ReadAuditNode(
    storage::Transaction& transaction, const crypto::MerkleNode& node) {
  return ReadNode(transaction, node);
}
absl::StatusOr<crypto::MerkleHash> ReadAuditNode(
    storage::Engine& engine, const crypto::MerkleNode& node) {
  return ReadNode(engine, node);
}

}  // namespace frank::moderation
