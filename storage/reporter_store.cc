#include "storage/reporter_store.h"

#include <utility>

#include "core/status.h"
#include "storage/decision_schema.h"
#include "storage/record_table.h"
#include "storage/reporter_schema.h"

namespace frank::storage {

absl::StatusOr<v1::ReporterRecord> GetReporter(Transaction& transaction,
                                               absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterRecord>(
      transaction, schema::ReporterKey(reporter_uri));
}
absl::StatusOr<v1::ReporterRecord> GetReporter(Engine& engine,
                                               absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterRecord>(
      engine, schema::ReporterKey(reporter_uri));
}
void PutReporter(Transaction& transaction, absl::string_view reporter_uri,
                 const v1::ReporterRecord& record) {
  transaction.Put(schema::ReporterKey(reporter_uri), EncodeRecord(record));
}

absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomes(
    Transaction& transaction, absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterOutcomesRecord>(
      transaction, schema::ReporterOutcomesKey(reporter_uri));
}
absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomesUntracked(
    Transaction& transaction, absl::string_view reporter_uri) {
  FRANK_ASSIGN_OR_RETURN(
      auto found,
      DecodeFound<v1::ReporterOutcomesRecord>(
          transaction.GetUntracked(schema::ReporterOutcomesKey(reporter_uri))));
  return found.value_or(v1::ReporterOutcomesRecord());
}
absl::StatusOr<v1::ReporterOutcomesRecord> GetReporterOutcomes(
    Engine& engine, absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterOutcomesRecord>(
      engine, schema::ReporterOutcomesKey(reporter_uri));
}
void PutReporterOutcomes(Transaction& transaction,
                         absl::string_view reporter_uri,
                         const v1::ReporterOutcomesRecord& record) {
  transaction.Put(schema::ReporterOutcomesKey(reporter_uri),
                  EncodeRecord(record));
}

absl::StatusOr<std::vector<OutcomeMark>> ListOutcomeMarks(
    Transaction& transaction, const DecisionId& id) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         transaction.Scan(schema::OutcomeMarks(id)));
  std::vector<OutcomeMark> marks;
  for (const KeyValue& entry : found) {
    OutcomeMark mark;
    FRANK_ASSIGN_OR_RETURN(mark.reporter_uri,
                           schema::ParseOutcomeMark(entry.key));
    FRANK_ASSIGN_OR_RETURN(mark.record,
                           DecodeRecord<v1::OutcomeMarkRecord>(entry.value));
    marks.push_back(std::move(mark));
  }
  return marks;
}
void PutOutcomeMark(Transaction& transaction, const DecisionId& id,
                    const OutcomeMark& mark) {
  transaction.Put(schema::OutcomeMarkKey(id, mark.reporter_uri),
                  EncodeRecord(mark.record));
}
void DeleteOutcomeMark(Transaction& transaction, const DecisionId& id,
                       absl::string_view reporter_uri) {
  transaction.Delete(schema::OutcomeMarkKey(id, reporter_uri));
}

void PutUncounted(Transaction& transaction, const DecisionId& id) {
  transaction.Put(schema::UncountedKey(id), "");
}
absl::StatusOr<bool> TakeUncounted(Transaction& transaction,
                                   const DecisionId& id) {
  const std::string key = schema::UncountedKey(id);
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         transaction.Get(key));
  if (!found) return false;
  transaction.Delete(key);
  return true;
}
absl::StatusOr<std::vector<DecisionId>> ScanUncounted(Engine& engine,
                                                      size_t limit) {
  std::vector<DecisionId> decisions;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(schema::Uncounted(bucket), limit));
    for (const KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(DecisionId id, schema::ParseUncounted(entry.key));
      decisions.push_back(id);
    }
  }
  return decisions;
}

absl::StatusOr<absl::optional<v1::HeldReportRecord>> FindHeldReport(
    Transaction& transaction, const ReportRef& report) {
  return FindRecord<v1::HeldReportRecord>(transaction,
                                          schema::HeldReportKey(report));
}
absl::StatusOr<absl::optional<v1::HeldReportRecord>> FindHeldReport(
    Engine& engine, const ReportRef& report) {
  return FindRecord<v1::HeldReportRecord>(engine,
                                          schema::HeldReportKey(report));
}
void PutHeldReport(Transaction& transaction, const ReportRef& report,
                   const v1::HeldReportRecord& record) {
  transaction.Put(schema::HeldReportKey(report), EncodeRecord(record));
}
void DeleteHeldReport(Transaction& transaction, const ReportRef& report) {
  transaction.Delete(schema::HeldReportKey(report));
}

absl::StatusOr<std::vector<HeldReport>> ListHeldReports(
    Engine& engine, absl::string_view reporter_uri,
    const absl::optional<ReportId>& after, size_t limit) {
  KeyRange range = schema::HeldReports(reporter_uri);
  std::string reporter(reporter_uri.data(), reporter_uri.size());
  // The first key behind that of `after`.
  if (after) range.begin = schema::HeldReportKey({reporter, *after}) + '\0';
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  std::vector<HeldReport> reports;
  for (const KeyValue& entry : found) {
    HeldReport held;
    FRANK_ASSIGN_OR_RETURN(held.report, schema::ParseHeldReport(entry.key));
    FRANK_ASSIGN_OR_RETURN(held.record,
                           DecodeRecord<v1::HeldReportRecord>(entry.value));
    reports.push_back(std::move(held));
  }
  return reports;
}

absl::StatusOr<size_t> CountHeldReports(Engine& engine, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::HeldReportTable(), limit));
  return found.size();
}

void PutMute(Transaction& transaction, const MutePlace& place) {
  transaction.Put(schema::MuteKey(place), "");
}
void DeleteMute(Transaction& transaction, const MutePlace& place) {
  transaction.Delete(schema::MuteKey(place));
}
absl::StatusOr<std::vector<MutePlace>> ListMutes(Engine& engine,
                                                 const MutePlace& after,
                                                 size_t limit) {
  KeyRange range = schema::MuteTable();
  range.begin = after.reporter_uri.empty()
                    ? schema::MuteKey({after.until + 1, ""})
                    : schema::MuteKey(after) + '\0';
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit));
  std::vector<MutePlace> places;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(MutePlace place, schema::ParseMute(entry.key));
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace frank::storage
