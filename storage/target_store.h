// What counts towards targets: events that wait to be counted, and the days
// that they are counted into.
#ifndef FRANK_STORAGE_TARGET_STORE_H_
#define FRANK_STORAGE_TARGET_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/target.pb.h"
#include "storage/engine.h"
#include "storage/target_schema.h"

namespace frank::storage {

// Kinds of events, on disk; never renumbered.
enum class TargetEvent : uint32_t {
  kFirstAction = 1,
  kDecided = 2,
  kUndone = 3,
  kReversed = 4,
  kOverturned = 5,
  kUpheld = 6,
  kInflow = 7,
};

// Puts an event to wait, without reading anything.
void PutTargetEvent(Transaction& transaction, UnixMillis now,
                    const CaseId& case_id, ByteSpan id,
                    const v1::TargetEventRecord& record);

struct StoredTargetEvent {
  std::string key;
  v1::TargetEventRecord record;
};
// Up to `limit` events of each bucket, oldest first; untracked.
absl::StatusOr<std::vector<StoredTargetEvent>> ScanTargetEvents(Engine& engine,
                                                                size_t limit);
// Takes an event to be counted; false when it has been. Tracked.
absl::StatusOr<bool> TakeTargetEvent(Transaction& transaction,
                                     const StoredTargetEvent& event);

// Tracked; an absent day is an empty one.
absl::StatusOr<v1::TargetDayRecord> GetTargetDay(Transaction& transaction,
                                                 const TargetDay& day);
void PutTargetDay(Transaction& transaction, const TargetDay& day,
                  const v1::TargetDayRecord& record);

struct StoredTargetDay {
  TargetDay day;
  v1::TargetDayRecord record;
};
// The days from `first` up to, without it, `end`, by day, queue and reason;
// untracked.
absl::StatusOr<std::vector<StoredTargetDay>> ListTargetDays(Engine& engine,
                                                            uint32_t first,
                                                            uint32_t end);
// Deletes some of the days before `end`. False: there are more.
absl::StatusOr<bool> ForgetTargetDays(Transaction& transaction, uint32_t end,
                                      size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_TARGET_STORE_H_
