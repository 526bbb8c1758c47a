// The outbox of reports and appeals, and how far it has been emptied.
//
//   acknowledged  moderation's word: everything up to it is durable there
//   sent          the platform's own note, made before sending: nothing above
//                 it can be known to moderation, unless this store was restored
//                 from a backup
#ifndef FRANK_STORAGE_FORWARDING_STORE_H_
#define FRANK_STORAGE_FORWARDING_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "storage/outbox_record.h"

namespace frank::storage {

struct OutboxRow {
  uint64_t number = 0;
  OutboxItem item;
};

// Every row, for watches.
KeyRange OutboxRange();

// Returns up to `limit` rows with after < number, ascending.
absl::StatusOr<std::vector<OutboxRow>> ScanOutbox(Engine& engine,
                                                  uint64_t after, size_t limit);

struct ForwardingState {
  uint64_t acknowledged = 0;
  uint64_t sent = 0;
  // How long a decision takes, as moderation last said; 0: not known.
  UnixMillis indicative_time = 0;
};
absl::StatusOr<ForwardingState> GetForwarding(Transaction& transaction);
absl::StatusOr<ForwardingState> GetForwarding(Engine& engine);
// How much of the outbox moderation has not acknowledged, by two reads:
// numbers, of which RenumberOutbox leaves some without a row.
absl::StatusOr<uint64_t> CountUnacknowledged(Engine& engine);
void PutForwarding(Transaction& transaction, const ForwardingState& state);

// Notes when everything up to `number` was acknowledged, for RemoveForwarded.
void NoteAcknowledged(Transaction& transaction, uint64_t number,
                      UnixMillis now);

// Forgets up to `limit` acknowledgements above `number`: moderation lost what
// they were for. Returns how many.
absl::StatusOr<size_t> ForgetAcknowledgedAbove(Transaction& transaction,
                                               uint64_t number, size_t limit);

// Removes up to `limit` rows whose acknowledgement is not younger than
// `noted_before`. Returns whether there may be more.
absl::StatusOr<bool> RemoveForwarded(Transaction& transaction,
                                     UnixMillis noted_before, size_t limit);

// Gives up to `limit` rows of (after, up_to] new numbers above both the last
// one given and `up_to`. Returns how many it moved.
absl::StatusOr<size_t> RenumberOutbox(Transaction& transaction, uint64_t after,
                                      uint64_t up_to, size_t limit);

// Who forwards, when there are several instances. Taking the lease raises the
// epoch; an act of a holder checks, tracked, that its epoch still stands. Time
// only decides when the lease may be taken.
struct Lease {
  std::string holder;
  uint64_t epoch = 0;
  UnixMillis expires_at = 0;
};
absl::StatusOr<Lease> GetForwardingLease(Transaction& transaction);
void PutForwardingLease(Transaction& transaction, const Lease& lease);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_FORWARDING_STORE_H_
