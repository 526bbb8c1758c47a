// How much waits in the queues: counts for each bucket of the log of changes,
// and of each queue the oldest case, what is due, and what is held. One worker
// keeps them up; anybody reads.
#ifndef FRANK_STORAGE_FIGURE_STORE_H_
#define FRANK_STORAGE_FIGURE_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/storage/v1/figure.pb.h"
#include "storage/case_change_store.h"
#include "storage/engine.h"
#include "storage/queue_schema.h"

namespace frank::storage {

// Whether a case of this state waits for somebody: these are counted.
bool WaitsForSomebody(uint32_t state);

// Counts the cases of a bucket by looking at each, up to the bucket's last
// change, which the transaction tracks; also puts each where it is found by
// age.
absl::Status CountAllCases(Transaction& transaction, uint8_t bucket);
// Counts changes that follow each other, the first of which must be the next;
// otherwise nothing. Returns whether it counted.
absl::StatusOr<bool> CountChanges(Transaction& transaction, uint8_t bucket,
                                  uint64_t after, const ChangePage& page);

// The number of the last change that is counted, of each bucket that has been
// counted at all. Untracked.
absl::StatusOr<std::vector<absl::optional<uint64_t>>> GetCounted(
    Engine& engine);
absl::StatusOr<std::vector<v1::QueueCountRecord>> ListQueueCounts(
    Engine& engine);

// When the oldest undecided case of a queue was opened, of those opened at
// `from` or later; untracked.
absl::StatusOr<absl::optional<UnixMillis>> FindOldestCase(
    Engine& engine, absl::string_view queue, UnixMillis from);
// What is due of the free cases of a part of the claim index, added to what is
// there: the first deadline, and how many are over at `now`, by slots of five
// minutes. Ends at so many that are over; untracked.
absl::Status AddDeadlines(Engine& engine, const ClaimRange& of, UnixMillis now,
                          size_t most, v1::QueueFirstRecord::First* figures);
// How many cases somebody holds, by queue. Looks at so many of each bucket of
// the index of leases, from where its sweep is; untracked.
absl::StatusOr<std::map<std::string, uint32_t>> CountHeldByQueue(Engine& engine,
                                                                 UnixMillis now,
                                                                 size_t most);
absl::StatusOr<v1::QueueFirstRecord> GetQueueFirst(Engine& engine);
void PutQueueFirst(Transaction& transaction,
                   const v1::QueueFirstRecord& record);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_FIGURE_STORE_H_
