#include "storage/intake_store.h"

#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {
namespace {

using MakeRange = KeyRange (*)(uint8_t bucket, UnixMillis due_until);

absl::StatusOr<std::vector<schema::DueReport>> ScanDue(Engine& engine,
                                                       MakeRange range,
                                                       UnixMillis due_until,
                                                       size_t limit) {
  std::vector<schema::DueReport> due;
  for (uint8_t bucket = 0; bucket < schema::kBuckets; ++bucket) {
    FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                           engine.Scan(range(bucket, due_until), limit));
    for (const KeyValue& entry : found) {
      FRANK_ASSIGN_OR_RETURN(schema::DueReport report,
                             schema::ParseDueReport(entry.key));
      due.push_back(std::move(report));
    }
  }
  return due;
}

}  // namespace

absl::StatusOr<uint64_t> GetHighWaterMark(Transaction& transaction,
                                          absl::string_view platform) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::IntakePeerRecord>(
                             transaction, schema::IntakePeerKey(platform)));
  return record.acknowledged();
}

absl::StatusOr<uint64_t> GetHighWaterMark(Engine& engine,
                                          absl::string_view platform) {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         GetRecordOrEmpty<v1::IntakePeerRecord>(
                             engine, schema::IntakePeerKey(platform)));
  return record.acknowledged();
}

void PutHighWaterMark(Transaction& transaction, absl::string_view platform,
                      uint64_t number) {
  v1::IntakePeerRecord record;
  record.set_acknowledged(number);
  transaction.Put(schema::IntakePeerKey(platform), EncodeRecord(record));
}

absl::StatusOr<absl::optional<v1::IntakeReportRecord>> FindIntakeReport(
    Transaction& transaction, const ReportRef& report) {
  return FindRecord<v1::IntakeReportRecord>(transaction,
                                            schema::IntakeReportKey(report));
}

absl::StatusOr<absl::optional<v1::IntakeReportRecord>> FindIntakeReport(
    Engine& engine, const ReportRef& report) {
  return FindRecord<v1::IntakeReportRecord>(engine,
                                            schema::IntakeReportKey(report));
}

void PutIntakeReport(Transaction& transaction, const ReportRef& report,
                     const v1::IntakeReportRecord& record) {
  transaction.Put(schema::IntakeReportKey(report), EncodeRecord(record));
}

void PutSealedPiece(Transaction& transaction, const ReportRef& report,
                    uint32_t piece, absl::string_view ciphertext) {
  transaction.Put(schema::SealedPieceKey(report, piece),
                  std::string(ciphertext));
}

absl::StatusOr<std::vector<std::string>> GetSealedPieces(
    Engine& engine, const ReportRef& report, uint32_t count) {
  std::vector<std::string> pieces;
  for (uint32_t piece = 0; piece < count; ++piece) {
    FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                           engine.Get(schema::SealedPieceKey(report, piece)));
    if (!found) {
      return absl::DataLossError("a piece of a sealed report is missing");
    }
    pieces.push_back(*std::move(found));
  }
  return pieces;
}

void DeleteSealedPieces(Transaction& transaction, const ReportRef& report,
                        uint32_t count) {
  for (uint32_t piece = 0; piece < count; ++piece) {
    transaction.Delete(schema::SealedPieceKey(report, piece));
  }
}

void PutWaiting(Transaction& transaction, UnixMillis due,
                const ReportRef& report) {
  transaction.Put(schema::WaitingKey(due, report), "");
}
void DeleteWaiting(Transaction& transaction, UnixMillis due,
                   const ReportRef& report) {
  transaction.Delete(schema::WaitingKey(due, report));
}
void PutRetry(Transaction& transaction, UnixMillis due,
              const ReportRef& report) {
  transaction.Put(schema::RetryKey(due, report), "");
}
void DeleteRetry(Transaction& transaction, UnixMillis due,
                 const ReportRef& report) {
  transaction.Delete(schema::RetryKey(due, report));
}

absl::StatusOr<std::vector<schema::DueReport>> ScanWaiting(Engine& engine,
                                                           UnixMillis now,
                                                           size_t limit) {
  return ScanDue(engine, &schema::WaitingRange, now, limit);
}
absl::StatusOr<std::vector<schema::DueReport>> ScanRetries(Engine& engine,
                                                           UnixMillis due_until,
                                                           size_t limit) {
  return ScanDue(engine, &schema::RetryRange, due_until, limit);
}

absl::StatusOr<v1::LeaseRecord> GetWorkerLease(Transaction& transaction,
                                               absl::string_view job) {
  return GetRecordOrEmpty<v1::LeaseRecord>(transaction,
                                           schema::WorkerLeaseKey(job));
}
void PutWorkerLease(Transaction& transaction, absl::string_view job,
                    const v1::LeaseRecord& lease) {
  transaction.Put(schema::WorkerLeaseKey(job), EncodeRecord(lease));
}

}  // namespace frank::storage
