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
  if (takes && !open) {
    transaction.Put(std::move(key), std::string(id.text()));
  } else if (!takes && open && *open == id.text()) {
    transaction.Delete(std::move(key));
  }
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
  return MoveOpenRow(transaction, id, after);
}

absl::StatusOr<absl::optional<ClaimRange>> FindWaitingPart(
    Engine& engine, const ClaimRange& from) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::WaitingCasesFrom(from), 1));
  if (found.empty()) return absl::optional<ClaimRange>();
  FRANK_ASSIGN_OR_RETURN(ClaimRange part,
                         schema::ParseClaimRange(found.front().key));
  return absl::make_optional(std::move(part));
}

absl::StatusOr<std::vector<WaitingCase>> ScanWaitingCases(
    Engine& engine, const ClaimRange& of, absl::string_view after,
    size_t limit) {
  KeyRange range = schema::WaitingCases(of);
  if (!after.empty()) {
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
