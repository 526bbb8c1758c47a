// Moves acts into the audit log (protocol section 8): what waits goes into the
// tree in batches, each oldest first and with a signed checkpoint. A subject's
// acts go in by their numbers.
#ifndef FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_
#define FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/random.h"
#include "services/moderation/audit_tree.h"
#include "services/moderation/worker_lease.h"
#include "storage/audit_store.h"
#include "storage/engine.h"

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

  // Appends acts that wait, a batch of them. Returns after how many
  // milliseconds to go on: 0 when more may wait. A log that is damaged is left
  // as it is, and told of again and again.
  UnixMillis SequenceSome();

  // Gives the work to whoever comes; after the last SequenceSome.
  void End() { lease_.Release(); }

 private:
  absl::StatusOr<UnixMillis> TrySequence();
  // Returns whether all of them were dealt with.
  absl::StatusOr<bool> Append(const std::vector<storage::PendingActs>& pending);

  const Dependencies d_;
  WorkerLease lease_;
  // When this instance last saw to it that the log has a fresh checkpoint.
  UnixMillis signed_at_ = 0;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_AUDIT_SEQUENCER_H_
