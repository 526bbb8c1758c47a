#include "storage/report_store.h"

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/expiry_store.h"
#include "storage/outbox_record.h"
#include "storage/record_table.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

using Found = absl::StatusOr<absl::optional<std::string>>;

absl::StatusOr<absl::optional<ReportStatus>> ReadStatus(Found found) {
  FRANK_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return absl::optional<ReportStatus>();
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ReportStatusRecord>(**found));
  ReportStatus status;
  status.fingerprint = record.fingerprint();
  status.accepted_at = record.accepted_at();
  status.number = record.number();
  status.outcome = record.outcome();
  status.decided_at = record.decided_at();
  status.decision_id = record.decision_id();
  if (record.has_receipt()) status.receipt = record.receipt();
  status.notices_off = record.notices_off();
  return absl::make_optional(std::move(status));
}

absl::StatusOr<ReportPlace> ReadPlace(absl::string_view value) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ReportPlaceRecord>(value));
  ReportPlace place;
  place.accepted_at = record.accepted_at();
  FRANK_ASSIGN_OR_RETURN(place.id,
                         ReportId::Parse("report_id", record.report_id()));
  return place;
}

absl::StatusOr<uint64_t> ReadNumber(
    absl::StatusOr<absl::optional<std::string>> read) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found, std::move(read));
  if (!found) return 0;
  FRANK_ASSIGN_OR_RETURN(auto record, DecodeRecord<v1::NumberRecord>(*found));
  return record.value();
}

}  // namespace

absl::StatusOr<absl::optional<ReportStatus>> FindReport(
    Transaction& transaction, absl::string_view reporter_uri,
    const ReportId& id) {
  return ReadStatus(transaction.Get(schema::ReportKey(reporter_uri, id)));
}

absl::StatusOr<absl::optional<ReportStatus>> FindReport(
    Engine& engine, absl::string_view reporter_uri, const ReportId& id) {
  return ReadStatus(engine.Get(schema::ReportKey(reporter_uri, id)));
}

void PutReport(Transaction& transaction, absl::string_view reporter_uri,
               const ReportId& id, const ReportStatus& status) {
  v1::ReportStatusRecord record;
  record.set_fingerprint(status.fingerprint);
  record.set_accepted_at(status.accepted_at);
  record.set_number(status.number);
  record.set_outcome(status.outcome);
  record.set_decided_at(status.decided_at);
  record.set_decision_id(status.decision_id);
  if (status.receipt) *record.mutable_receipt() = *status.receipt;
  record.set_notices_off(status.notices_off);
  transaction.Put(schema::ReportKey(reporter_uri, id), EncodeRecord(record));
}

absl::StatusOr<v1::ReporterChoicesRecord> GetReporterChoices(
    Transaction& transaction, absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterChoicesRecord>(
      transaction, schema::ReporterChoicesKey(reporter_uri));
}

absl::StatusOr<v1::ReporterChoicesRecord> GetReporterChoices(
    Engine& engine, absl::string_view reporter_uri) {
  return GetRecordOrEmpty<v1::ReporterChoicesRecord>(
      engine, schema::ReporterChoicesKey(reporter_uri));
}

void PutReporterChoices(Transaction& transaction,
                        absl::string_view reporter_uri,
                        const v1::ReporterChoicesRecord& choices) {
  transaction.Put(schema::ReporterChoicesKey(reporter_uri),
                  EncodeRecord(choices));
}

void AddReport(Transaction& transaction, uint64_t number,
               absl::string_view fingerprint, const OutgoingReport& report) {
  ReportStatus status;
  status.fingerprint = ToString(AsBytes(fingerprint));
  status.accepted_at = report.accepted_at;
  status.number = number;
  PutReport(transaction, report.reporter_uri, report.id, status);

  v1::ReportPlaceRecord place;
  place.set_accepted_at(report.accepted_at);
  place.set_report_id(ToString(report.id.bytes()));
  std::string place_key = schema::ReportPlaceKey(report.reporter_uri,
                                                 report.accepted_at, report.id);
  transaction.Put(place_key, EncodeRecord(place));

  PutOutboxRow(transaction, number, report);

  UnixMillis end = report.accepted_at + limits::kReportStatusRetention;
  ExpireAt(transaction, end, schema::ReportKey(report.reporter_uri, report.id));
  ExpireAt(transaction, end, place_key);
}

absl::StatusOr<std::vector<ListedReport>> ListReports(
    Engine& engine, absl::string_view reporter_uri,
    const absl::optional<ReportPlace>& before, size_t limit) {
  KeyRange range = KeyRange::Prefix(schema::ReportPlacePrefix(reporter_uri));
  if (before) {
    range.end =
        schema::ReportPlaceKey(reporter_uri, before->accepted_at, before->id);
  }
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(range, limit, ScanOrder::kDescending));
  std::vector<ListedReport> reports;
  for (const KeyValue& entry : found) {
    ListedReport listed;
    FRANK_ASSIGN_OR_RETURN(listed.place, ReadPlace(entry.value));
    FRANK_ASSIGN_OR_RETURN(absl::optional<ReportStatus> status,
                           FindReport(engine, reporter_uri, listed.place.id));
    // Expired between the two reads.
    if (!status) continue;
    listed.status = *std::move(status);
    reports.push_back(std::move(listed));
  }
  return reports;
}

absl::StatusOr<uint64_t> LastReportNumber(Transaction& transaction) {
  return ReadNumber(transaction.Get(schema::LastReportNumberKey()));
}

absl::StatusOr<uint64_t> LastReportNumber(Engine& engine) {
  return ReadNumber(engine.Get(schema::LastReportNumberKey()));
}

void PutLastReportNumber(Transaction& transaction, uint64_t number) {
  v1::NumberRecord record;
  record.set_value(number);
  transaction.Put(schema::LastReportNumberKey(), EncodeRecord(record));
}

}  // namespace frank::storage
