// Answers from the audit log: checkpoint, proofs, entries. Whatever it gives
// has been checked against the signed root first; a store that was edited is
// answered with LOG_DAMAGED rather than with a proof that does not hold.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_VIEW_H_
#define FRANK_SERVICES_MODERATION_AUDIT_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "frank/storage/v1/audit.pb.h"
#include "frank/v1/audit.pb.h"
#include "services/moderation/audit_tree.h"
#include "storage/audit_schema.h"
#include "storage/engine.h"

namespace frank::moderation {

// The entries of one ExportEntries stream, read when the client has room.
class AuditExport {
 public:
  // Of the leaves [first, end) of what `head` covers.
  AuditExport(storage::Engine& engine, const crypto::Checkpoint& head,
              uint64_t first, uint64_t end)
      : engine_(engine), head_(head), next_(first), end_(end) {}

  // Returns the next entries; nullopt after the last. kDataLoss, LOG_DAMAGED,
  // at an entry that is gone or was changed.
  absl::StatusOr<absl::optional<v1::ExportEntriesResponse>> Next();

 private:
  // Reads the entry of the next leaf and checks it.
  absl::StatusOr<std::string> ReadNext(AuditTiles& tiles) const;

  storage::Engine& engine_;
  const crypto::Checkpoint head_;
  uint64_t next_;
  const uint64_t end_;
};

// An act with its place in the log.
struct ProvenAct {
  storage::ActRef act;
  v1::InclusionProof proof;
};
// Acts that one checkpoint covers.
struct ProvenActs {
  std::string checkpoint;
  std::vector<ProvenAct> acts;
};

// Reads without a transaction: nodes and entries do not change once they are
// covered by a checkpoint. Thread-safe. All requests have been checked.
class AuditView {
 public:
  // All outlive the view.
  AuditView(storage::Engine& engine, const AuditKeys& keys, const Clock& clock)
      : engine_(engine), keys_(keys), clock_(clock) {}

  // kNotFound before the first checkpoint, like the others.
  absl::StatusOr<v1::GetCheckpointResponse> Checkpoint() const;
  // kNotFound for an act that was never written; kDataLoss LOG_DAMAGED also for
  // one that is long written and waits nowhere to be appended.
  absl::StatusOr<v1::GetInclusionProofResponse> Inclusion(
      const v1::GetInclusionProofRequest& request) const;
  // Proves acts under one checkpoint, in their order; those that are not in the
  // log yet are left out. kDataLoss, LOG_DAMAGED, when one is gone or changed.
  absl::StatusOr<ProvenActs> ProveActs(
      const std::vector<storage::ActRef>& acts) const;
  // kInvalidArgument on a size above the newest checkpoint's, like Export.
  absl::StatusOr<v1::GetConsistencyProofResponse> Consistency(
      const v1::GetConsistencyProofRequest& request) const;
  absl::StatusOr<AuditExport> Export(
      const v1::ExportEntriesRequest& request) const;

 private:
  // The newest checkpoint, as it was signed and opened.
  struct Head {
    storage::v1::AuditHeadRecord record;
    crypto::Checkpoint checkpoint;
  };
  absl::StatusOr<Head> GetHead() const;
  // The hash that the request names, or that of the act that it names.
  absl::StatusOr<crypto::Sha256Digest> HashOf(
      const v1::GetInclusionProofRequest& request) const;
  // Whether an act that is not appended should have been by now: the oldest
  // that waits was written well after it.
  bool IsOverdue(const std::string& entry,
                 const std::vector<storage::PendingActs>& oldest) const;
  // Proves the leaf of an entry under a checkpoint.
  absl::StatusOr<v1::InclusionProof> Prove(const Head& head, AuditTiles& tiles,
                                           const std::string& entry,
                                           uint64_t leaf) const;

  storage::Engine& engine_;
  const AuditKeys& keys_;
  const Clock& clock_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_VIEW_H_
