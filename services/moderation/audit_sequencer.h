// Moves acts into the audit log (protocol section 8): what waits goes into the
// tree in batches, each oldest first and with a signed checkpoint. A subject's
// acts go in by their numbers.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_
#define FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_

#include <array>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "services/moderation/audit_tree.h"
#include "services/moderation/worker_lease.h"
#include "storage/audit_store.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::moderation {

// Used by one thread, a Worker's. Of several instances one works, by lease;
// each batch tracks the lease, so one that has lost it changes nothing.
class AuditSequencer {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const AuditKeys& keys;
    const Clock& clock;
    RandomSource& random;
  };
  explicit AuditSequencer(const Dependencies& dependencies);

  // Appends the acts that wait, a batch of them. Returns after how many
  // milliseconds to go on: 0 when more may wait. A log that is damaged is left
  // as it is, and told of again and again.
  UnixMillis SequenceSome();

  // Gives the work to whoever comes; after the last SequenceSome.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TrySequence();
  // What waits; `whole` says whether that is all, or what came lately. To look
  // at all is to step over every row that was deleted since the cursors moved.
  absl::StatusOr<std::vector<storage::PendingAct>> Look(bool* whole);
  absl::Status Append(const std::vector<storage::PendingAct>& pending);
  // Lets scans begin behind what has been appended.
  absl::Status AdvanceCursors();

  const Dependencies d_;
  WorkerLease lease_;
  struct Cursor {
    // Where this instance moved it to last.
    UnixMillis at = 0;
    // Whether something behind it has been appended since.
    bool left_behind = true;
  };
  std::array<Cursor, storage::schema::kBuckets> cursors_;
  // When this instance last looked at all that waits, and found no more than it
  // could append.
  UnixMillis looked_at_ = 0;
  // When this instance last saw to it that the log has a fresh checkpoint.
  UnixMillis signed_at_ = 0;
  // Batches since the cursors were last looked at.
  size_t batches_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_
