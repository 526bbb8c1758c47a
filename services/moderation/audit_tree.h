// What everybody who works with the audit log needs: its keys, and its nodes as
// crypto/merkle_log.h reads and adds them.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_TREE_H_
#define FRANK_SERVICES_MODERATION_AUDIT_TREE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "crypto/checkpoint.h"
#include "crypto/merkle_log.h"
#include "frank/config/v1/config.pb.h"
#include "frank/storage/v1/audit.pb.h"
#include "storage/audit_schema.h"
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

// The tiles of the tree (storage/audit_schema.h) that one operation works with.
// Each is read once, when it is first needed: hence only after the checkpoint
// that it is to lead to. kDataLoss, LOG_DAMAGED, on what has to be there and is
// not. Not thread-safe.
class AuditTiles {
 public:
  // Reads are tracked, or not. The source outlives it.
  explicit AuditTiles(storage::Transaction& transaction);
  explicit AuditTiles(storage::Engine& engine);

  // A complete node; one that no tile has is computed from those below it.
  absl::StatusOr<crypto::MerkleHash> ReadNode(const crypto::MerkleNode& node);
  // The act behind a leaf.
  absl::StatusOr<storage::ActRef> ReadAct(uint64_t leaf);

  // Reads the last tile of each level of a tree of `size` leaves, which has to
  // end with it, so that what is added comes next.
  absl::Status OpenEnd(uint64_t size);
  // Adds the act behind a leaf, and a node that is complete. Needs OpenEnd, and
  // those of a level in their order.
  void AddAct(uint64_t leaf, const storage::ActRef& act);
  void AddNode(const crypto::MerkleNode& node, const crypto::MerkleHash& hash);
  // Puts each tile that was added to, once.
  void Write(storage::Transaction& transaction) const;

 private:
  using Tile = storage::v1::AuditTileRecord;
  // Level of tiles and index there.
  using Place = std::pair<uint8_t, uint64_t>;

  // A tile that is not there is empty.
  absl::StatusOr<const Tile*> Find(const Place& place);

  const std::function<absl::StatusOr<absl::optional<Tile>>(const Place&)> find_;
  std::map<Place, Tile> tiles_;
  std::set<Place> added_to_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_TREE_H_
