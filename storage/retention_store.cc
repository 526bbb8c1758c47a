#include "storage/retention_store.h"

#include <algorithm>

#include "core/status.h"
#include "storage/case_store.h"

namespace frank::storage {
namespace {

// The keys of a table behind a position in it.
KeyRange Behind(KeyRange range, absl::string_view position) {
  if (position.empty()) return range;
  range.begin.append(position.data(), position.size());
  range.begin.push_back('\0');
  return range;
}

}  // namespace

RetentionClass RetentionClassOf(const v1::CaseRecord& record) {
  const v1::RetentionRecord& retention = record.retention();
  if (retention.referred()) return RetentionClass::kReferred;
  if (retention.deletion()) return RetentionClass::kDeletion;
  if (retention.acted()) return RetentionClass::kDecided;
  return record.proven_count() > 0 ? RetentionClass::kProven
                                   : RetentionClass::kUnproven;
}

bool TimeRuns(const v1::CaseRecord& record) {
  const bool closed =
      record.state() == kCaseDecided || record.state() == kCaseDuplicate;
  return closed && record.retention().closed_at() != 0 &&
         record.retention().legal_hold().empty();
}

UnixMillis TimeRunsFrom(const v1::CaseRecord& record) {
  const v1::RetentionRecord& retention = record.retention();
  if (RetentionClassOf(record) != RetentionClass::kReferred) {
    return retention.closed_at();
  }
  return std::max(retention.closed_at(), retention.handed_over_at());
}

std::vector<std::string> RetentionRowsOf(const CaseId& id,
                                         const v1::CaseRecord& record) {
  std::vector<std::string> rows;
  if (TimeRuns(record)) {
    rows.push_back(
        schema::ClosedCaseKey(static_cast<uint8_t>(RetentionClassOf(record)),
                              TimeRunsFrom(record), id));
  }
  if (record.state() == kCaseShredding) {
    rows.push_back(schema::ShreddingCaseKey(id));
  }
  for (const auto& hold : record.retention().legal_hold()) {
    rows.push_back(schema::LegalHoldKey(
        hold.placed_at(), id,
        LegalHoldId(ToArray<LegalHoldId::kSize>(AsBytes(hold.hold_id())))));
  }
  return rows;
}

absl::StatusOr<std::vector<ClosedCase>> ScanClosedCases(
    Engine& engine, RetentionClass retention_class, uint8_t bucket,
    const absl::optional<ClosedCase>& from, UnixMillis until, size_t limit) {
  KeyRange range =
      schema::ClosedCases(static_cast<uint8_t>(retention_class), bucket,
                          from ? from->runs_from : 0, until);
  if (from) range = Behind(std::move(range), from->id.text());
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  std::vector<ClosedCase> closed;
  for (const KeyValue& entry : found) {
    ClosedCase row;
    FRANK_ASSIGN_OR_RETURN(row.runs_from, schema::ParseRunsFrom(entry.key));
    FRANK_ASSIGN_OR_RETURN(row.id, schema::TrailingCaseId(entry.key));
    closed.push_back(row);
  }
  return closed;
}

absl::StatusOr<std::vector<CaseId>> ScanShreddingCases(Engine& engine,
                                                       size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::ShreddingCases(), limit));
  std::vector<CaseId> ids;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(CaseId id, schema::TrailingCaseId(entry.key));
    ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<std::vector<StoredLegalHold>> ScanLegalHolds(
    Engine& engine, absl::string_view after, size_t limit) {
  const KeyRange table = schema::LegalHolds();
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(Behind(table, after), limit));
  std::vector<StoredLegalHold> holds;
  for (const KeyValue& entry : found) {
    StoredLegalHold hold;
    FRANK_ASSIGN_OR_RETURN(hold.row, schema::ParseLegalHold(entry.key));
    hold.position = entry.key.substr(table.begin.size());
    holds.push_back(std::move(hold));
  }
  return holds;
}

}  // namespace frank::storage
