// The log of changes of cases, which watchers follow. It has buckets, each with
// numbers without gaps: who knows the last number that they saw of each misses
// nothing. A change takes its bucket's number in the transaction that makes it.
#ifndef FRANK_STORAGE_CASE_CHANGE_STORE_H_
#define FRANK_STORAGE_CASE_CHANGE_STORE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "frank/storage/v1/queue.pb.h"
#include "storage/engine.h"
#include "storage/queue_schema.h"

namespace frank::storage {

// Writes a line about a case, which was `before`, null for a new one; for
// PutCase alone. Its number is the next of its bucket when the transaction
// commits, so that those who change cases at once do not meet.
void LogChange(Transaction& transaction, const CaseId& id,
               const v1::CaseRecord* before, const v1::CaseRecord& record);

// A number of each bucket.
using ChangeNumbers = std::array<uint64_t, schema::kChangeBuckets>;

// The last number of each bucket; the first that is kept. Untracked.
absl::StatusOr<ChangeNumbers> GetLastChanges(Engine& engine);
absl::StatusOr<ChangeNumbers> GetFirstChanges(Engine& engine);
// The same as GetLastChanges from what was written to schema::ChangeCounts():
// raises the number of the bucket. kDataLoss on a row of another shape.
absl::Status NoteLastChange(const KeyChange& change, ChangeNumbers* last);

// Some of the changes of a bucket after number `after` up to `last`, whole
// numbers, and the number that they reach.
struct ChangePage {
  std::vector<v1::CaseChangeRecord> changes;
  uint64_t reached = 0;
};
absl::StatusOr<ChangePage> ListChanges(Engine& engine, uint8_t bucket,
                                       uint64_t after, uint64_t last,
                                       size_t limit);

// Notes how far the log has come; the newest such note of `time` or before,
// untracked; takes those notes away.
void PutChangeMark(Transaction& transaction, UnixMillis now,
                   const ChangeNumbers& last);
absl::StatusOr<absl::optional<v1::CaseChangeMarkRecord>> FindChangeMark(
    Engine& engine, UnixMillis time);
absl::Status DeleteChangeMarks(Transaction& transaction, UnixMillis time);

// Deletes some of the changes of a bucket below `end`, from the first that is
// kept on. False: there are more.
absl::StatusOr<bool> TrimChanges(Transaction& transaction, uint8_t bucket,
                                 uint64_t end, size_t limit);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_CASE_CHANGE_STORE_H_
