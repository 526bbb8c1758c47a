// One batch of acts on its way into the audit log: the work of one transaction
// (services/moderation/audit_sequencer.h).
#ifndef FRANK_SERVICES_MODERATION_AUDIT_BATCH_H_
#define FRANK_SERVICES_MODERATION_AUDIT_BATCH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/limits.h"
#include "crypto/audit_entry.h"
#include "crypto/merkle_log.h"
#include "services/moderation/audit_tree.h"
#include "storage/act_store.h"
#include "storage/audit_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Appends acts that wait to the tree, each subject's by number, and signs a
// checkpoint. What it extends must be what was signed last. One for each run of
// a transaction's body.
class AuditBatch {
 public:
  AuditBatch(storage::Transaction& transaction, const AuditKeys& keys,
             UnixMillis now)
      : transaction_(transaction),
        keys_(keys),
        now_(now),
        tiles_(transaction) {}

  // Takes limits::kAuditBatch acts at most, of the oldest of `pending` first.
  // kDataLoss, LOG_DAMAGED, when the stored tree does not lead to the last
  // checkpoint: then nothing may be signed any more.
  absl::Status Run(const std::vector<storage::PendingActs>& pending);

  // Of the run: the acts that were not there, or not as they were written.
  // Those stay out of the log, with their numbers, so that everybody can see
  // that they are missing.
  const std::vector<storage::AuditLoss>& losses() const { return losses_; }
  // Whether all of `pending` were dealt with; the others had no room.
  bool took_all() const { return took_all_; }

 private:
  struct Entry {
    storage::ActRef act;
    std::string bytes;
    crypto::Sha256Digest sha256{};
    UnixMillis order = 0;
  };

  absl::Status OpenTree();
  // Takes the acts of a subject up to number `last`, as many as there is room
  // for, and notes what is lost.
  absl::Status TakeSubject(const std::string& subject, uint64_t last);
  // Whether all up to these acts were dealt with.
  bool IsDone(const storage::PendingActs& pending) const;
  // The act as an entry; none if it is not what was written.
  absl::StatusOr<absl::optional<Entry>> Check(const std::string& subject,
                                              const storage::StoredAct& act);
  void NoteLoss(const std::string& subject, uint64_t first, uint64_t last);
  void Append(const Entry& entry);
  absl::Status Close();

  storage::Transaction& transaction_;
  const AuditKeys& keys_;
  const UnixMillis now_;
  storage::v1::AuditHeadRecord head_;
  crypto::MerkleFrontier tree_;
  AuditTiles tiles_;
  // Of the subjects that had their turn.
  std::map<std::string, uint64_t> progress_;
  size_t room_ = limits::kAuditBatch;
  bool took_all_ = true;
  std::vector<Entry> entries_;
  std::vector<storage::AuditLoss> losses_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_BATCH_H_
