// Where cases are found: the index rows of a case, the claim index, and what is
// due.
//
// A claimable case is in the claim index of its queue or, while somebody holds
// it, in that of leases; every case is in the lists of its state.
#ifndef FRANK_STORAGE_CASE_INDEX_H_
#define FRANK_STORAGE_CASE_INDEX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/queue_schema.h"

namespace frank::storage {

// Moves the index rows of a case from where `before` has them, null for a new
// one, to where `after` has them. For PutCase alone.
absl::Status MoveCaseRows(Transaction& transaction, const CaseId& id,
                          const v1::CaseRecord* before,
                          const v1::CaseRecord& after);

// A free case as its index row tells it. Rows of one severity sort by position,
// whatever their queue and lane; those whose `priority` is the same are equally
// urgent.
struct WaitingCase {
  CaseId id;
  std::string position;
  std::string priority;
};
// The first part of a queue, from `from` on, in which a free case waits.
// Untracked.
absl::StatusOr<absl::optional<ClaimRange>> FindWaitingPart(
    Engine& engine, const ClaimRange& from);
// The first free cases of a part of the index behind `after`, a position, or
// the very first if that is empty. Untracked.
absl::StatusOr<std::vector<WaitingCase>> ScanWaitingCases(
    Engine& engine, const ClaimRange& of, absl::string_view after,
    size_t limit);

// Free cases that wait in none of `queues`; untracked, at most `limit`.
absl::StatusOr<std::vector<CaseId>> ScanStrayCases(
    Engine& engine, std::vector<std::string> queues, size_t limit);

// Cases whose lease ended, or that have something else due, until `now`; some
// of each bucket, untracked. Those due before `from` are taken to be handled.
absl::StatusOr<std::vector<CaseId>> ScanLapsedCases(Engine& engine,
                                                    UnixMillis from,
                                                    UnixMillis now,
                                                    size_t limit);
absl::StatusOr<std::vector<CaseId>> ScanTimedCases(Engine& engine,
                                                   UnixMillis from,
                                                   UnixMillis now,
                                                   size_t limit);

// When something about a case is due besides its lease: the end of its hold,
// the end of a tag. 0: never.
UnixMillis NextDue(const v1::CaseRecord& record);

// As far as the clocks of instances may differ.
inline constexpr UnixMillis kSweepMargin = 10 * kMinute;

// Where scans of what is due at `now` begin: a little before the time until
// which all has been handled, as clocks differ; before `now` in any case,
// should the clock have been set back. A hint, hence untracked.
absl::StatusOr<UnixMillis> GetSweepStart(Engine& engine, UnixMillis now);
// Says that all that was due until `now` has been handled.
void PutSweptUntil(Transaction& transaction, UnixMillis now);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_CASE_INDEX_H_
