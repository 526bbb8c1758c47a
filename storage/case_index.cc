#include "storage/case_index.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/status.h"
#include "frank/storage/v1/queue.pb.h"
#include "storage/case_store.h"
#include "storage/figure_schema.h"
#include "storage/queue_schema.h"
#include "storage/record_table.h"
#include "storage/retention_store.h"

namespace frank::storage {
namespace {

bool IsWaiting(const v1::CaseRecord& record) {
  return IsClaimable(record.state()) && record.lease().holder().empty();
}
bool IsLeased(const v1::CaseRecord& record) {
  return IsClaimable(record.state()) && !record.lease().holder().empty();
}

// The rows that a case has whatever else there is.
std::set<std::string> RowsOf(const CaseId& id, const v1::CaseRecord& record) {
  std::set<std::string> rows;
  for (CaseOrder order :
       {CaseOrder::kPriority, CaseOrder::kDeadline, CaseOrder::kAge}) {
    rows.insert(schema::OrderedCaseKey(order, id, record));
  }
  rows.insert(schema::QueuedCaseKey(id, record));
  if (TakesReports(record.state())) {
    rows.insert(schema::CaseAgeKey(record.queue(), record.opened_at(), id));
  }
  if (IsWaiting(record)) rows.insert(schema::WaitingCaseKey(id, record));
  if (IsLeased(record)) {
    rows.insert(schema::LeasedCaseKey(record.lease().expires_at(), id));
    rows.insert(schema::HeldCaseKey(record.lease().holder(), id));
  }
  for (const auto& tag : record.tag()) {
    rows.insert(schema::TaggedCaseKey(tag.name(), id));
  }
  UnixMillis due = NextDue(record);
  if (due != 0) rows.insert(schema::TimedCaseKey(due, id));
  for (std::string& row : RetentionRowsOf(id, record)) {
    rows.insert(std::move(row));
  }
  return rows;
}

// Rows of a past epoch that are deleted at most; the rest are never read again.
constexpr size_t kLowered = 10000;

// Behind every position of a free case.
constexpr char kEnd[] = "\xFF";

template <typename Source>
absl::StatusOr<v1::ClaimCursorRecord> GetClaimCursor(Source& source,
                                                     const ClaimRange& of) {
  return GetRecordOrEmpty<v1::ClaimCursorRecord>(source,
                                                 schema::ClaimCursorKey(of));
}

// The cursor, or the first of the rows that lower it, if there is one.
std::string Lowest(const v1::ClaimCursorRecord& cursor, const KeyRange& range,
                   const std::vector<KeyValue>& lowered) {
  if (lowered.empty()) return cursor.position();
  return std::min(cursor.position(), lowered[0].key.substr(range.begin.size()));
}

// The position so many slots of deadlines behind another, which begins with its
// slot; an empty one is in slot 0.
std::string Behind(absl::string_view position, uint64_t slots) {
  uint64_t slot =
      position.size() < 8 ? 0 : ReadU64(AsBytes(position.substr(0, 8)));
  if (position == kEnd || slots >= (uint64_t{0xFF} << 56) - slot) return kEnd;
  std::string behind;
  AppendU64(slot + slots, &behind);
  return behind;
}

// Keeps the cursor at or before a case that becomes free.
absl::Status LowerClaimCursor(Transaction& transaction, const CaseId& id,
                              const v1::CaseRecord& record) {
  const ClaimRange of = ClaimRangeOf(record);
  FRANK_ASSIGN_OR_RETURN(v1::ClaimCursorRecord cursor,
                         GetClaimCursor(transaction, of));
  std::string key = schema::WaitingCaseKey(id, record);
  absl::string_view position = schema::WaitingPosition(of, key);
  if (position >= cursor.position()) return absl::OkStatus();
  // One that lowers it as far is enough. It goes with an advance alone, which
  // writes the cursor.
  KeyRange lower = schema::LoweredCursors(of, cursor.epoch());
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> lowered,
                         transaction.ScanUntracked(lower, 1));
  if (Lowest(cursor, lower, lowered) <= position) return absl::OkStatus();
  transaction.Put(schema::LoweredCursorKey(of, cursor.epoch(), position), "");
  return absl::OkStatus();
}

// One case of an account and policy area takes reports, until it is full; an
// older one that was opened again leaves that to the newer.
absl::Status MoveOpenRow(Transaction& transaction, const CaseId& id,
                         const v1::CaseRecord& after) {
  std::string key =
      schema::OpenCaseKey(after.accused_uri(), after.policy_area());
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> open,
                         transaction.Get(key));
  bool takes = TakesReports(after.state()) &&
               after.report_count() < limits::kMaxReportsOfCase;
  if (takes && !open) transaction.Put(key, id.text());
  if (!takes && open && *open == id.text()) transaction.Delete(key);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CaseId>> IdsOf(
    absl::StatusOr<std::vector<KeyValue>> found) {
  FRANK_RETURN_IF_ERROR(found.status());
  std::vector<CaseId> ids;
  for (const KeyValue& entry : *found) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
    ids.push_back(id);
  }
  return ids;
}

using DueRange = KeyRange (*)(uint8_t bucket, UnixMillis from,
                              UnixMillis until);
absl::StatusOr<std::vector<CaseId>> ScanDue(Engine& engine, DueRange range,
                                            UnixMillis from, UnixMillis now,
                                            size_t limit) {
  std::vector<CaseId> due;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<CaseId> found,
                           IdsOf(engine.Scan(range(bucket, from, now), limit)));
    due.insert(due.end(), found.begin(), found.end());
  }
  return due;
}

}  // namespace

absl::Status MoveCaseRows(Transaction& transaction, const CaseId& id,
                          const v1::CaseRecord* before,
                          const v1::CaseRecord& after) {
  std::set<std::string> from;
  if (before != nullptr) from = RowsOf(id, *before);
  const std::set<std::string> to = RowsOf(id, after);
  for (const std::string& row : from) {
    if (to.count(row) == 0) transaction.Delete(row);
  }
  for (const std::string& row : to) {
    if (from.count(row) == 0) transaction.Put(row, "");
  }
  if (IsWaiting(after) && from.count(schema::WaitingCaseKey(id, after)) == 0) {
    FRANK_RETURN_IF_ERROR(LowerClaimCursor(transaction, id, after));
  }
  return MoveOpenRow(transaction, id, after);
}

absl::StatusOr<std::vector<WaitingCase>> ScanWaitingCases(
    Engine& engine, const ClaimRange& of, absl::string_view after,
    size_t limit) {
  KeyRange range = schema::WaitingCases(of);
  if (after.empty()) {
    FRANK_ASSIGN_OR_RETURN(v1::ClaimCursorRecord cursor,
                           GetClaimCursor(engine, of));
    KeyRange lower = schema::LoweredCursors(of, cursor.epoch());
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> lowered,
                           engine.Scan(lower, 1));
    std::string lowest = Lowest(cursor, lower, lowered);
    if (lowest == kEnd) return std::vector<WaitingCase>();
    range.begin += lowest;
  } else {
    range.begin.append(after.data(), after.size());
    range.begin.push_back('\0');
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  std::vector<WaitingCase> waiting;
  for (const KeyValue& entry : found) {
    WaitingCase row;
    FRANK_ASSIGN_OR_RETURN(row.id, schema::TrailingCaseId(entry.key));
    row.position = std::string(schema::WaitingPosition(of, entry.key));
    row.priority = std::string(schema::WaitingPriority(of, entry.key));
    waiting.push_back(std::move(row));
  }
  return waiting;
}

absl::StatusOr<bool> AdvanceClaimCursor(Transaction& transaction,
                                        const ClaimRange& of, uint64_t slots) {
  FRANK_ASSIGN_OR_RETURN(v1::ClaimCursorRecord cursor,
                         GetClaimCursor(transaction, of));
  KeyRange lower = schema::LoweredCursors(of, cursor.epoch());
  // Tracks that nothing lowers it further meanwhile; what comes behind that
  // stands for a case in the range that is tracked below.
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> lowest,
                         transaction.Scan(lower, 1));
  KeyRange range = schema::WaitingCases(of);
  const std::string prefix = range.begin;
  std::string from = Lowest(cursor, lower, lowest);
  std::string position = Behind(from, slots);
  range.begin += from;
  range.end = prefix + position;
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> first,
                         transaction.Scan(range, 1));
  if (!first.empty()) position = first[0].key.substr(prefix.size());
  if (lowest.empty() && position == cursor.position()) return false;
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> lowered,
                         transaction.ScanUntracked(lower, kLowered));
  for (const KeyValue& row : lowered) transaction.Delete(row.key);
  cursor.set_position(std::move(position));
  cursor.set_epoch(cursor.epoch() + 1);
  transaction.Put(schema::ClaimCursorKey(of), EncodeRecord(cursor));
  return true;
}

absl::StatusOr<std::vector<CaseId>> ScanStrayCases(
    Engine& engine, std::vector<std::string> queues, size_t limit) {
  // As the keys sort: by length, then by bytes.
  std::sort(queues.begin(), queues.end(),
            [](const std::string& a, const std::string& b) {
              return a.size() != b.size() ? a.size() < b.size() : a < b;
            });
  std::vector<CaseId> stray;
  std::string after;
  for (size_t i = 0; i <= queues.size() && stray.size() < limit; ++i) {
    std::string until = i < queues.size() ? queues[i] : "";
    FRANK_ASSIGN_OR_RETURN(
        std::vector<CaseId> found,
        IdsOf(engine.Scan(schema::WaitingCasesBetween(after, until),
                          limit - stray.size())));
    stray.insert(stray.end(), found.begin(), found.end());
    after = until;
  }
  return stray;
}

absl::StatusOr<std::vector<CaseId>> ScanLapsedCases(Engine& engine,
                                                    UnixMillis from,
                                                    UnixMillis now,
                                                    size_t limit) {
  return ScanDue(engine, &schema::LeasedCases, from, now, limit);
}

absl::StatusOr<std::vector<CaseId>> ScanTimedCases(Engine& engine,
                                                   UnixMillis from,
                                                   UnixMillis now,
                                                   size_t limit) {
  return ScanDue(engine, &schema::TimedCases, from, now, limit);
}

UnixMillis NextDue(const v1::CaseRecord& record) {
  UnixMillis due = 0;
  auto consider = [&due](UnixMillis time) {
    if (time != 0 && (due == 0 || time < due)) due = time;
  };
  if (record.state() == kCaseOnHold) consider(record.hold_until());
  for (const auto& tag : record.tag()) consider(tag.expires_at());
  return due;
}

absl::StatusOr<UnixMillis> GetSweepStart(Engine& engine, UnixMillis now) {
  FRANK_ASSIGN_OR_RETURN(auto record, GetRecordOrEmpty<v1::DeskSweepRecord>(
                                          engine, schema::DeskSweepKey()));
  UnixMillis until = std::min<UnixMillis>(record.swept_until(), now);
  return until - std::min(until, kSweepMargin);
}

void PutSweptUntil(Transaction& transaction, UnixMillis now) {
  v1::DeskSweepRecord record;
  record.set_swept_until(now);
  transaction.Put(schema::DeskSweepKey(), EncodeRecord(record));
}

}  // namespace frank::storage
