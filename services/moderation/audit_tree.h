// What everybody who works with the audit log needs: its keys, and its nodes as
// crypto/merkle_log.h reads them.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_TREE_H_
#define FRANK_SERVICES_MODERATION_AUDIT_TREE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/checkpoint.h"
#include "crypto/merkle_log.h"
#include "frank/config/v1/config.pb.h"
#include "storage/engine.h"

namespace frank::moderation {

// The key that signs, and those that signed before it. Immutable, hence
// thread-safe.
class AuditKeys {
 public:
  AuditKeys(crypto::CheckpointSigner signer,
            std::vector<crypto::CheckpointVerifier> former)
      : signer_(std::move(signer)), former_(std::move(former)) {}

  // Reads what the configuration names. kFailedPrecondition names the file or
  // the field.
  static absl::StatusOr<AuditKeys> Load(
      const config::v1::ModerationConfig& config);

  const crypto::CheckpointSigner& signer() const { return signer_; }
  // Opens a checkpoint of the store. kDataLoss, LOG_DAMAGED, when none of the
  // keys signed it.
  absl::StatusOr<crypto::Checkpoint> Open(absl::string_view note) const;

 private:
  crypto::CheckpointSigner signer_;
  std::vector<crypto::CheckpointVerifier> former_;
};

// Makes kDataLoss, LOG_DAMAGED. `what` is fixed words.
absl::Status LogDamaged(absl::string_view what);

// Reads a node that has to be there; the first is tracked. kDataLoss,
// LOG_DAMAGED, without it.
absl::StatusOr<crypto::MerkleHash> ReadAuditNode(
    storage::Transaction& transaction, const crypto::MerkleNode& node);
absl::StatusOr<crypto::MerkleHash> ReadAuditNode(
    storage::Engine& engine, const crypto::MerkleNode& node);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_TREE_H_
