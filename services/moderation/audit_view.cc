#include "services/moderation/audit_view.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/audit_entry.h"
#include "crypto/hash.h"
#include "crypto/merkle_log.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"

namespace frank::moderation {
namespace {

absl::Status NotFound(absl::string_view what) {
  return WithReason(absl::NotFoundError(what), "NOT_FOUND");
}

void AddLosses(const std::vector<storage::AuditLoss>& losses,
               v1::GetCheckpointResponse* response) {
  for (const storage::AuditLoss& loss : losses) {
    v1::LostActs* lost = response->add_lost();
    lost->set_subject(loss.first.subject);
    lost->set_first_number(loss.first.number);
    lost->set_last_number(loss.record.last_number());
    lost->set_found_at(loss.record.found_at());
  }
}

// The proof of an entry's leaf under a checkpoint, which holds.
absl::StatusOr<crypto::MerkleProof> ReadProof(const crypto::Checkpoint& head,
                                              AuditTiles& tiles,
                                              const std::string& entry,
                                              uint64_t leaf) {
  if (leaf >= head.size) {
    return LogDamaged("a checkpoint does not cover its log");
  }
  FRANK_ASSIGN_OR_RETURN(
      crypto::MerkleProof proof,
      crypto::ReadInclusionProof(leaf, head.size, [&](const auto& node) {
        return tiles.ReadNode(node);
      }));
  if (!crypto::VerifyInclusion(AsBytes(entry), leaf, head.size, head.root,
                               proof)
           .ok()) {
    return LogDamaged("the audit tree does not lead to its checkpoint");
  }
  return proof;
}

}  // namespace

absl::StatusOr<std::string> AuditExport::ReadNext(AuditTiles& tiles) const {
  FRANK_ASSIGN_OR_RETURN(storage::ActRef act, tiles.ReadAct(next_));
  FRANK_ASSIGN_OR_RETURN(auto entry, storage::FindAct(engine_, act));
  if (!entry) return LogDamaged("an entry of the audit log is gone");
  FRANK_RETURN_IF_ERROR(ReadProof(head_, tiles, *entry, next_).status());
  return *std::move(entry);
}

absl::StatusOr<absl::optional<v1::ExportEntriesResponse>> AuditExport::Next() {
  if (next_ == end_) return absl::optional<v1::ExportEntriesResponse>();
  AuditTiles tiles(engine_);
  const uint64_t page_end =
      next_ + std::min<uint64_t>(limits::kExportPage, end_ - next_);
  v1::ExportEntriesResponse response;
  size_t bytes = 0;
  while (next_ < page_end && bytes < limits::kExportPageBytes) {
    FRANK_ASSIGN_OR_RETURN(std::string entry, ReadNext(tiles));
    bytes += entry.size();
    v1::LogEntry* added = response.add_entry();
    added->set_leaf_index(next_++);
    added->set_entry(std::move(entry));
  }
  return absl::make_optional(std::move(response));
}

absl::StatusOr<AuditView::Head> AuditView::GetHead() const {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindAuditHead(engine_));
  if (!record) return NotFound("the audit log has no checkpoint yet");
  Head head;
  head.record = *std::move(record);
  FRANK_ASSIGN_OR_RETURN(head.checkpoint, keys_.Open(head.record.checkpoint()));
  return head;
}

absl::StatusOr<v1::GetCheckpointResponse> AuditView::Checkpoint() const {
  // Read first: what is appended between the two is said to wait, never left
  // out of both.
  FRANK_ASSIGN_OR_RETURN(auto pending, storage::ScanPending(engine_, 1));
  FRANK_ASSIGN_OR_RETURN(Head head, GetHead());
  FRANK_ASSIGN_OR_RETURN(auto losses,
                         storage::ListLosses(engine_, limits::kMaxLossesShown));
  v1::GetCheckpointResponse response;
  response.set_checkpoint(head.record.checkpoint());
  response.set_signed_at(head.record.signed_at());
  response.set_lost_count(head.record.loss_count());
  if (!pending.empty()) response.set_pending_since(pending.front().time);
  AddLosses(losses, &response);
  return response;
}

absl::StatusOr<crypto::Sha256Digest> AuditView::HashOf(
    const v1::GetInclusionProofRequest& request) const {
  if (request.has_entry_sha256()) {
    return ToArray<sizeof(crypto::Sha256Digest)>(
        AsBytes(request.entry_sha256()));
  }
  storage::ActRef act{request.act().subject(), request.act().number()};
  FRANK_ASSIGN_OR_RETURN(auto entry, storage::FindAct(engine_, act));
  if (entry) return crypto::Sha256({AsBytes(*entry)});
  FRANK_ASSIGN_OR_RETURN(uint64_t progress,
                         storage::GetAuditProgress(engine_, act.subject));
  if (act.number <= progress) return LogDamaged("the act was lost");
  return NotFound("no such act");
}

absl::StatusOr<v1::GetInclusionProofResponse> AuditView::Inclusion(
    const v1::GetInclusionProofRequest& request) const {
  FRANK_ASSIGN_OR_RETURN(crypto::Sha256Digest hash, HashOf(request));
  // Read first: what is appended between the two has its leaf in the other.
  FRANK_ASSIGN_OR_RETURN(auto oldest, storage::ScanPending(engine_, 1));
  FRANK_ASSIGN_OR_RETURN(auto place, storage::FindPlace(engine_, hash));
  if (request.has_act() &&
      !(place && place->subject() == request.act().subject() &&
        place->number() == request.act().number())) {
    return LogDamaged("the act was changed");
  }
  if (!place) return NotFound("no act has this hash");
  FRANK_ASSIGN_OR_RETURN(
      auto entry,
      storage::FindAct(engine_, {place->subject(), place->number()}));
  if (!entry || crypto::Sha256({AsBytes(*entry)}) != hash) {
    return LogDamaged("the act is gone or was changed");
  }
  v1::GetInclusionProofResponse response;
  if (!place->has_leaf()) {
    if (IsOverdue(*entry, oldest)) {
      return LogDamaged("the act waits nowhere to be appended");
    }
    response.mutable_not_yet_included();
    return response;
  }
  FRANK_ASSIGN_OR_RETURN(Head head, GetHead());
  AuditTiles tiles(engine_);
  FRANK_ASSIGN_OR_RETURN(*response.mutable_proof(),
                         Prove(head, tiles, *entry, place->leaf().index()));
  return response;
}

bool AuditView::IsOverdue(
    const std::string& entry,
    const std::vector<storage::PendingActs>& oldest) const {
  absl::StatusOr<crypto::AuditEntry> parsed =
      crypto::ParseAuditEntry(AsBytes(entry));
  if (!parsed.ok()) return true;
  // Clocks of instances may differ by as much.
  UnixMillis due = parsed->time + limits::kAuditLag;
  if (clock_.Now() <= due) return false;
  return oldest.empty() || oldest.front().time > due;
}

absl::StatusOr<v1::InclusionProof> AuditView::Prove(const Head& head,
                                                    AuditTiles& tiles,
                                                    const std::string& entry,
                                                    uint64_t leaf) const {
  FRANK_ASSIGN_OR_RETURN(crypto::MerkleProof proof,
                         ReadProof(head.checkpoint, tiles, entry, leaf));
  v1::InclusionProof out;
  out.set_entry(entry);
  out.set_leaf_index(leaf);
  for (const crypto::MerkleHash& node : proof) out.add_proof(ToString(node));
  out.set_checkpoint(head.record.checkpoint());
  return out;
}

absl::StatusOr<ProvenActs> AuditView::ProveActs(
    const std::vector<storage::ActRef>& acts) const {
  struct Placed {
    storage::ActRef act;
    std::string entry;
    uint64_t leaf = 0;
  };
  std::vector<Placed> placed;
  // Subjects with an act that has no leaf yet. Later ones may have theirs, but
  // what is proven of a subject must have no gap.
  std::set<std::string> waiting;
  for (const storage::ActRef& act : acts) {
    if (waiting.count(act.subject) > 0) continue;
    FRANK_ASSIGN_OR_RETURN(auto entry, storage::FindAct(engine_, act));
    if (!entry) return LogDamaged("an act is gone");
    FRANK_ASSIGN_OR_RETURN(
        auto place,
        storage::FindPlace(engine_, crypto::Sha256({AsBytes(*entry)})));
    if (!place) return LogDamaged("an act was changed");
    if (!place->has_leaf()) {
      waiting.insert(act.subject);
      continue;
    }
    placed.push_back({act, *std::move(entry), place->leaf().index()});
  }
  // Read last: it covers every leaf that was seen.
  FRANK_ASSIGN_OR_RETURN(Head head, GetHead());
  AuditTiles tiles(engine_);
  ProvenActs proven{head.record.checkpoint(), {}};
  for (Placed& at : placed) {
    FRANK_ASSIGN_OR_RETURN(v1::InclusionProof proof,
                           Prove(head, tiles, at.entry, at.leaf));
    proven.acts.push_back({std::move(at.act), std::move(proof)});
  }
  return proven;
}

absl::StatusOr<v1::GetConsistencyProofResponse> AuditView::Consistency(
    const v1::GetConsistencyProofRequest& request) const {
  FRANK_ASSIGN_OR_RETURN(Head head, GetHead());
  if (request.new_size() > head.checkpoint.size) {
    return FieldError("new_size", "must not be above the newest checkpoint's");
  }
  AuditTiles tiles(engine_);
  auto read = [&](const crypto::MerkleNode& node) {
    return tiles.ReadNode(node);
  };
  FRANK_ASSIGN_OR_RETURN(crypto::MerkleProof proof,
                         crypto::ReadConsistencyProof(
                             request.old_size(), request.new_size(), read));
  FRANK_ASSIGN_OR_RETURN(
      crypto::MerkleFrontier old_tree,
      crypto::MerkleFrontier::Read(request.old_size(), read));
  FRANK_ASSIGN_OR_RETURN(
      crypto::MerkleFrontier new_tree,
      crypto::MerkleFrontier::Read(request.new_size(), read));
  // Both trees and the proof are of the same tiles, so that they agree with one
  // another whatever is there: the newer tree has to lead to what was signed.
  FRANK_ASSIGN_OR_RETURN(crypto::MerkleProof to_head,
                         crypto::ReadConsistencyProof(
                             request.new_size(), head.checkpoint.size, read));
  const bool holds =
      crypto::VerifyConsistency(request.old_size(), request.new_size(),
                                old_tree.Root(), new_tree.Root(), proof)
          .ok() &&
      crypto::VerifyConsistency(request.new_size(), head.checkpoint.size,
                                new_tree.Root(), head.checkpoint.root, to_head)
          .ok();
  if (!holds) {
    return LogDamaged("the audit tree does not lead to its checkpoint");
  }
  v1::GetConsistencyProofResponse response;
  for (const crypto::MerkleHash& node : proof) {
    response.add_proof(ToString(node));
  }
  return response;
}

absl::StatusOr<AuditExport> AuditView::Export(
    const v1::ExportEntriesRequest& request) const {
  FRANK_ASSIGN_OR_RETURN(Head head, GetHead());
  if (request.end_index() > head.checkpoint.size) {
    return FieldError("end_index", "must not be above the newest checkpoint's");
  }
  return AuditExport(engine_, head.checkpoint, request.first_index(),
                     request.end_index());
}

}  // namespace frank::moderation
