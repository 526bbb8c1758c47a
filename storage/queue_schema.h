// The keys of the queue: part of moderation_schema.h, whose conventions hold.
//
//   0xC0 text(queue) ~severity lane u64(slot) ~u8(reporters) bucket case[16]
//                                                      claimable and free
//   0xC1 was cursors of the first, and is not used again
//   0xC2 order state position case[16]                 every case, by 3 orders
//   0xC3 text(queue) state position case[16]           the same, by priority
//   0xC4 text(reporter) ~u64(opened) case[16]          cases of a reporter
//   0xC5 text(moderator) case[16]                      cases that they hold
//   0xC6 text(moderator) ~u64(decided) case[16]        cases that they decided
//   0xC7 text(tag) case[16]                            cases with a tag
//   0xC8 bucket u64(due) case[16]                      to be woken or untagged
//   0xC9 log bucket                                    CaseChangeCountRecord
//   0xCA log bucket u64(number) case[16]               CaseChangeRecord
//   0xCB log bucket                                    the first that is kept
//   0xCC u64(time)                                     CaseChangeMarkRecord
//   0xCD                                               DeskSweepRecord
//   0xCE case[16] case[16]                             CaseLinkRecord
//   0xCF case[16] note[16]                             key of a CaseNoteRecord
//
// A slot is five minutes of deadline: within one, more distinct reporters of
// proven messages go first. Positions are what an order sorts by: priority
// ~severity u64(slot) ~u8(reporters), deadline u64, age u64(opened).
#ifndef FRANK_STORAGE_QUEUE_SCHEMA_H_
#define FRANK_STORAGE_QUEUE_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// Orders of lists; on disk, never renumbered.
enum class CaseOrder : uint8_t { kPriority = 1, kDeadline = 2, kAge = 3 };

// What splits the claim index of a queue and severity, so that nobody reads
// over cases that they may not have: child safety needs a permission, and of
// the others anybody may opt out by what a reveal counts as. On disk, never
// renumbered.
enum class ClaimLane : uint8_t {
  kNoExposure = 1,
  kText = 2,
  kGraphic = 3,
  kChildExposure = 4,
  kChildSafety = 5,  // the policy area, whatever its cases show
};
inline constexpr ClaimLane kClaimLanes[] = {
    ClaimLane::kNoExposure, ClaimLane::kText, ClaimLane::kGraphic,
    ClaimLane::kChildExposure, ClaimLane::kChildSafety};

// A part of the claim index that is in one order.
struct ClaimRange {
  std::string queue;
  uint32_t severity = 0;
  ClaimLane lane = ClaimLane::kText;
};
ClaimRange ClaimRangeOf(const v1::CaseRecord& record);

namespace schema {

inline constexpr UnixMillis kPrioritySlot = 5 * kMinute;
// Buckets of the log of changes.
inline constexpr uint8_t kChangeBuckets = 64;
uint8_t ChangeBucketOf(const CaseId& id);

// What an order sorts a case by, without the id.
std::string PositionOf(CaseOrder order, const v1::CaseRecord& record);

std::string WaitingCaseKey(const CaseId& id, const v1::CaseRecord& record);
// The free cases of a part of the index.
KeyRange WaitingCases(const ClaimRange& of);
// Of a key of that range: what comes after the lane, always as long, and its
// first part, in which cases of equal priority are equal.
inline constexpr size_t kWaitingPositionBytes = 8 + 1 + 1 + CaseId::kSize;
absl::string_view WaitingPosition(const ClaimRange& of, absl::string_view key);
absl::string_view WaitingPriority(const ClaimRange& of, absl::string_view key);
// The free cases of a queue from a part of it on: by severity, gravest first,
// then by lane.
KeyRange WaitingCasesFrom(const ClaimRange& part);
// Everything in the table that lies behind queue `after`, empty for the start,
// and before queue `until`, empty for the end.
KeyRange WaitingCasesBetween(absl::string_view after, absl::string_view until);

std::string OrderedCaseKey(CaseOrder order, const CaseId& id,
                           const v1::CaseRecord& record);
KeyRange OrderedCases(CaseOrder order, uint32_t state);
std::string QueuedCaseKey(const CaseId& id, const v1::CaseRecord& record);
KeyRange QueuedCases(absl::string_view queue, uint32_t state);
std::string ReporterCaseKey(absl::string_view reporter, UnixMillis opened_at,
                            const CaseId& id);
KeyRange ReporterCases(absl::string_view reporter);
std::string HeldCaseKey(absl::string_view moderator, const CaseId& id);
KeyRange HeldCases(absl::string_view moderator);
std::string DecidedCaseKey(absl::string_view moderator, UnixMillis decided_at,
                           const CaseId& id);
KeyRange DecidedCases(absl::string_view moderator);
std::string TaggedCaseKey(absl::string_view tag, const CaseId& id);
KeyRange TaggedCases(absl::string_view tag);
std::string TimedCaseKey(UnixMillis due, const CaseId& id);
// What is due from `from` until `until`, that one included.
KeyRange TimedCases(uint8_t bucket, UnixMillis from, UnixMillis until);

std::string ChangeCountKey(uint8_t bucket);
KeyRange ChangeCounts();
std::string ChangeKey(uint8_t bucket, uint64_t number, const CaseId& id);
// The changes of a bucket from number `first` up to, without it, `end`.
KeyRange Changes(uint8_t bucket, uint64_t first, uint64_t end);
std::string FirstChangeKey(uint8_t bucket);
KeyRange FirstChanges();
std::string ChangeMarkKey(UnixMillis time);
KeyRange ChangeMarks();
std::string DeskSweepKey();
std::string CaseLinkKey(const CaseId& id, const CaseId& other);
KeyRange CaseLinks(const CaseId& id);
std::string NoteMarkKey(const CaseId& id, const NoteId& note);

// The part that a key of the claim index lies in. kDataLoss on another shape.
absl::StatusOr<ClaimRange> ParseClaimRange(absl::string_view key);
// The number of a ChangeKey; the bucket of a key of the tables above it.
// kDataLoss on another shape.
absl::StatusOr<uint64_t> ParseChangeNumber(absl::string_view key);
absl::StatusOr<uint8_t> ParseChangeBucket(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_QUEUE_SCHEMA_H_
