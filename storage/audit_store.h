// The audit log (protocol section 8): the RFC 9162 tree over all acts, with the
// acts that wait to be put into it. It is only ever added to. What is hashed
// and what is signed is the caller's; this keeps it.
#ifndef FRANK_STORAGE_AUDIT_STORE_H_
#define FRANK_STORAGE_AUDIT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "frank/storage/v1/audit.pb.h"
#include "storage/audit_schema.h"
#include "storage/engine.h"

namespace frank::storage {

void PutPending(Transaction& transaction, const PendingActs& pending);
void DeletePending(Transaction& transaction, const PendingActs& pending);
// The oldest `limit` rows of acts that wait, oldest first; untracked.
absl::StatusOr<std::vector<PendingActs>> ScanPending(Engine& engine,
                                                     size_t limit);

// Which act has the entry with a SHA-256. The first is tracked.
absl::StatusOr<absl::optional<v1::AuditPlaceRecord>> FindPlace(
    Transaction& transaction, ByteSpan sha256);
absl::StatusOr<absl::optional<v1::AuditPlaceRecord>> FindPlace(Engine& engine,
                                                               ByteSpan sha256);
void PutPlace(Transaction& transaction, ByteSpan sha256,
              const v1::AuditPlaceRecord& place);

// A tile of the tree. The first is tracked. kDataLoss on one that no tree has:
// of no hash or of more than fit, with a part of one, or with more or fewer
// acts than leaves.
absl::StatusOr<absl::optional<v1::AuditTileRecord>> FindTile(
    Transaction& transaction, uint8_t level, uint64_t index);
absl::StatusOr<absl::optional<v1::AuditTileRecord>> FindTile(Engine& engine,
                                                             uint8_t level,
                                                             uint64_t index);
void PutTile(Transaction& transaction, uint8_t level, uint64_t index,
             const v1::AuditTileRecord& tile);

// The number of a subject's last act that was dealt with; 0 before the first.
// The first is tracked.
absl::StatusOr<uint64_t> GetAuditProgress(Transaction& transaction,
                                          absl::string_view subject);
absl::StatusOr<uint64_t> GetAuditProgress(Engine& engine,
                                          absl::string_view subject);
void PutAuditProgress(Transaction& transaction, absl::string_view subject,
                      uint64_t number);

// The head; none before the first checkpoint. The first is tracked.
absl::StatusOr<absl::optional<v1::AuditHeadRecord>> FindAuditHead(
    Transaction& transaction);
absl::StatusOr<absl::optional<v1::AuditHeadRecord>> FindAuditHead(
    Engine& engine);
void PutAuditHead(Transaction& transaction, const v1::AuditHeadRecord& head);

// A run of lost acts.
struct AuditLoss {
  ActRef first;
  v1::AuditLossRecord record;
};
void PutLoss(Transaction& transaction, const AuditLoss& loss);
absl::StatusOr<std::vector<AuditLoss>> ListLosses(Engine& engine, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_AUDIT_STORE_H_
