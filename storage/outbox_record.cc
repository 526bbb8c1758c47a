#include "storage/outbox_record.h"

#include <utility>

#include "core/bytes.h"
#include "core/status.h"
#include "frank/storage/v1/report.pb.h"
#include "storage/record.h"
#include "storage/report_schema.h"

namespace frank::storage {
namespace {

absl::StatusOr<OutgoingReport> ReadReport(v1::ReportOutboxRecord record) {
  OutgoingReport report;
  FRANK_ASSIGN_OR_RETURN(report.id,
                         ReportId::Parse("report_id", record.report_id()));
  report.reporter_uri = record.reporter_uri();
  report.review_key_id = record.review_key_id();
  report.sealed = std::move(*record.mutable_sealed_report());
  for (std::string& frank : *record.mutable_frank()) {
    report.franks.push_back(std::move(frank));
  }
  report.members.assign(record.member().begin(), record.member().end());
  report.accepted_at = record.accepted_at();
  return report;
}

absl::StatusOr<OutgoingAppeal> ReadAppeal(v1::AppealOutboxRecord record) {
  OutgoingAppeal appeal;
  FRANK_ASSIGN_OR_RETURN(
      appeal.decision_id,
      DecisionId::Parse("decision_id", record.decision_id()));
  appeal.account_uri = record.account_uri();
  appeal.review_key_id = record.review_key_id();
  appeal.sealed = std::move(*record.mutable_sealed_appeal());
  appeal.accepted_at = record.accepted_at();
  return appeal;
}

}  // namespace

void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingReport& report) {
  v1::ReportOutboxRecord record;
  record.set_report_id(ToString(report.id.bytes()));
  record.set_reporter_uri(report.reporter_uri);
  record.set_review_key_id(report.review_key_id);
  record.set_sealed_report(report.sealed);
  for (const std::string& frank : report.franks) record.add_frank(frank);
  for (uint32_t member : report.members) record.add_member(member);
  record.set_accepted_at(report.accepted_at);
  transaction.Put(schema::OutboxKey(number), EncodeRecord(record));
}

void PutOutboxRow(Transaction& transaction, uint64_t number,
                  const OutgoingAppeal& appeal) {
  v1::ReportOutboxRecord record;
  v1::AppealOutboxRecord* out = record.mutable_appeal();
  out->set_decision_id(ToString(appeal.decision_id.bytes()));
  out->set_account_uri(appeal.account_uri);
  out->set_review_key_id(appeal.review_key_id);
  out->set_sealed_appeal(appeal.sealed);
  out->set_accepted_at(appeal.accepted_at);
  transaction.Put(schema::OutboxKey(number), EncodeRecord(record));
}

absl::StatusOr<OutboxItem> ReadOutboxRow(absl::string_view value) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         DecodeRecord<v1::ReportOutboxRecord>(value));
  if (record.has_appeal()) {
    return ReadAppeal(std::move(*record.mutable_appeal()));
  }
  return ReadReport(std::move(record));
}

}  // namespace frank::storage
