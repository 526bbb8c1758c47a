#include "services/moderation/audit_tree.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "core/status.h"
#include "proto/files.h"
#include "storage/audit_store.h"

namespace frank::moderation {
namespace {

using storage::schema::kTileHeight;
using storage::schema::kTileWidth;

constexpr size_t kHashBytes = sizeof(crypto::MerkleHash);

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

AuditTiles::AuditTiles(storage::Transaction& transaction)
    : find_([&transaction](const Place& place) {
        return storage::FindTile(transaction, place.first, place.second);
      }) {}
AuditTiles::AuditTiles(storage::Engine& engine)
    : find_([&engine](const Place& place) {
        return storage::FindTile(engine, place.first, place.second);
      }) {}

absl::StatusOr<const AuditTiles::Tile*> AuditTiles::Find(const Place& place) {
  auto read = tiles_.find(place);
  if (read == tiles_.end()) {
    absl::StatusOr<absl::optional<Tile>> found = find_(place);
    if (absl::IsDataLoss(found.status())) {
      return LogDamaged("a tile of the audit tree is damaged");
    }
    FRANK_RETURN_IF_ERROR(found.status());
    read = tiles_.emplace(place, std::move(*found).value_or(Tile())).first;
  }
  return &read->second;
}

absl::StatusOr<crypto::MerkleHash> AuditTiles::ReadNode(
    const crypto::MerkleNode& node) {
  const uint8_t above = node.level % kTileHeight;
  const uint64_t first = node.index << above;
  FRANK_ASSIGN_OR_RETURN(const Tile* tile,
                         Find({node.level / kTileHeight, first / kTileWidth}));
  const size_t begin = first % kTileWidth * kHashBytes;
  const size_t end = begin + (kHashBytes << above);
  if (tile->hashes().size() < end) {
    return LogDamaged("a node of the audit tree is missing");
  }
  std::vector<crypto::MerkleHash> hashes;
  for (size_t at = begin; at < end; at += kHashBytes) {
    hashes.push_back(
        ToArray<kHashBytes>(AsBytes(tile->hashes()).subspan(at, kHashBytes)));
  }
  return crypto::MerkleTree(std::move(hashes)).Root();
}

absl::StatusOr<storage::ActRef> AuditTiles::ReadAct(uint64_t leaf) {
  FRANK_ASSIGN_OR_RETURN(const Tile* tile, Find({0, leaf / kTileWidth}));
  const int at = static_cast<int>(leaf % kTileWidth);
  if (tile->act_size() <= at) {
    return LogDamaged("a leaf of the audit tree is missing");
  }
  return storage::ActRef{tile->act(at).subject(), tile->act(at).number()};
}

absl::Status AuditTiles::OpenEnd(uint64_t size) {
  uint64_t nodes = size;
  for (uint8_t level = 0;; ++level, nodes /= kTileWidth) {
    FRANK_ASSIGN_OR_RETURN(const Tile* tile, Find({level, nodes / kTileWidth}));
    const size_t hashes = tile->hashes().size() / kHashBytes;
    if (hashes != nodes % kTileWidth) {
      return LogDamaged("the audit tree does not end with its checkpoint");
    }
    if (nodes == 0) return absl::OkStatus();
  }
}

void AuditTiles::AddAct(uint64_t leaf, const storage::ActRef& act) {
  const Place place{0, leaf / kTileWidth};
  Tile::Act* added = tiles_[place].add_act();
  added->set_subject(act.subject);
  added->set_number(act.number);
  added_to_.insert(place);
}

void AuditTiles::AddNode(const crypto::MerkleNode& node,
                         const crypto::MerkleHash& hash) {
  if (node.level % kTileHeight != 0) return;
  const Place place{node.level / kTileHeight, node.index / kTileWidth};
  tiles_[place].mutable_hashes()->append(hash.begin(), hash.end());
  added_to_.insert(place);
}

void AuditTiles::Write(storage::Transaction& transaction) const {
  for (const Place& place : added_to_) {
    storage::PutTile(transaction, place.first, place.second, tiles_.at(place));
  }
}

}  // namespace frank::moderation
