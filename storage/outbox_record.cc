#include "storage/outbox_record.h"

#include "core/bytes.h"
#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {

void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingReport& report) {
  v1::ReportOutboxRecord record;
  record.set_report_id(ToString(report.id.bytes()));
  record.set_reporter_uri(report.reporter_uri);
  record.set_review_key_id(report.review_key_id);
  record.set_sealed_report(report.sealed);
  for (const std::string& frank : report.franks) record.add_frank(frank);
  record.set_accepted_at(report.accepted_at);
  transaction.Put(schema::OutboxKey(number), EncodeRecord(record));
}

absl::StatusOr<OutgoingReport> ReadOutboxRow(absl::string_view value) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ReportOutboxRecord>(value));
  OutgoingReport report;
  FRANK_ASSIGN_OR_RETURN(report.id,
                         ReportId::Parse("report_id", record.report_id()));
  report.reporter_uri = record.reporter_uri();
  report.review_key_id = record.review_key_id();
  report.sealed = std::move(*record.mutable_sealed_report());
  for (std::string& frank : *record.mutable_frank()) {
    report.franks.push_back(std::move(frank));
  }
  report.accepted_at = record.accepted_at();
  return report;
}

}  // namespace frank::storage
