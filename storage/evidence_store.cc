#include "storage/evidence_store.h"

#include "core/status.h"
#include "storage/record_table.h"

namespace frank::storage {

absl::StatusOr<absl::optional<v1::EvidenceRecord>> FindEvidence(
    Transaction& transaction, const EvidenceId& id) {
  return FindRecord<v1::EvidenceRecord>(transaction, schema::EvidenceKey(id));
}
absl::StatusOr<absl::optional<v1::EvidenceRecord>> FindEvidence(
    Engine& engine, const EvidenceId& id) {
  return FindRecord<v1::EvidenceRecord>(engine, schema::EvidenceKey(id));
}
void PutEvidence(Transaction& transaction, const EvidenceId& id,
                 const v1::EvidenceRecord& record) {
  transaction.Put(schema::EvidenceKey(id), EncodeRecord(record));
}

void PutEvidencePiece(Transaction& transaction, const EvidenceId& id,
                      uint32_t piece, absl::string_view ciphertext) {
  transaction.Put(schema::EvidencePieceKey(id, piece), std::string(ciphertext));
}

absl::StatusOr<std::string> GetEvidencePiece(Engine& engine,
                                             const EvidenceId& id,
                                             uint32_t piece) {
  FRANK_ASSIGN_OR_RETURN(absl::optional<std::string> found,
                         engine.Get(schema::EvidencePieceKey(id, piece)));
  if (!found) return absl::DataLossError("a piece of evidence is missing");
  return *std::move(found);
}

void DeleteEvidence(Transaction& transaction, const EvidenceId& id,
                    const v1::EvidenceRecord& record) {
  for (uint32_t piece = 0; piece < record.piece_count(); ++piece) {
    transaction.Delete(schema::EvidencePieceKey(id, piece));
  }
  transaction.Delete(schema::EvidenceKey(id));
}

absl::StatusOr<absl::optional<v1::CaseEvidenceRecord>> FindCaseEvidence(
    Transaction& transaction, const CaseId& case_id, const EvidenceId& id) {
  return FindRecord<v1::CaseEvidenceRecord>(
      transaction, schema::CaseEvidenceKey(case_id, id));
}

void PutCaseEvidence(Transaction& transaction, const CaseId& case_id,
                     const EvidenceId& id,
                     const v1::CaseEvidenceRecord& record) {
  transaction.Put(schema::CaseEvidenceKey(case_id, id), EncodeRecord(record));
}

void DeleteCaseEvidence(Transaction& transaction, const CaseId& case_id,
                        const EvidenceId& id) {
  transaction.Delete(schema::CaseEvidenceKey(case_id, id));
}

absl::StatusOr<std::vector<HeldEvidence>> ListCaseEvidence(
    Engine& engine, const CaseId& case_id, size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::CaseEvidence(case_id), limit));
  std::vector<HeldEvidence> held;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(auto record,
                           DecodeRecord<v1::CaseEvidenceRecord>(entry.value));
    FRANK_ASSIGN_OR_RETURN(EvidenceId id,
                           schema::TrailingEvidenceId(entry.key));
    held.push_back(HeldEvidence{id, record.context()});
  }
  return held;
}

absl::StatusOr<absl::optional<v1::EvidenceReportRecord>> FindEvidenceReportBy(
    Transaction& transaction, const EvidenceId& id,
    absl::string_view reporter) {
  FRANK_ASSIGN_OR_RETURN(
      std::vector<KeyValue> found,
      transaction.Scan(schema::EvidenceReportsBy(id, reporter), 1));
  if (found.empty()) return absl::optional<v1::EvidenceReportRecord>();
  FRANK_ASSIGN_OR_RETURN(
      auto record, DecodeRecord<v1::EvidenceReportRecord>(found[0].value));
  return absl::make_optional(std::move(record));
}

void AddEvidenceReport(Transaction& transaction, const EvidenceId& id,
                       const ReportRef& report,
                       const v1::EvidenceReportRecord& record) {
  transaction.Put(schema::EvidenceReportKey(id, report), EncodeRecord(record));
}

void DeleteEvidenceReport(Transaction& transaction, const EvidenceId& id,
                          const ReportRef& report) {
  transaction.Delete(schema::EvidenceReportKey(id, report));
}

absl::StatusOr<std::vector<ReportRef>> ListEvidenceReports(Engine& engine,
                                                           const EvidenceId& id,
                                                           size_t limit) {
  FRANK_ASSIGN_OR_RETURN(std::vector<KeyValue> found,
                         engine.Scan(schema::EvidenceReports(id), limit));
  std::vector<ReportRef> reports;
  for (const KeyValue& entry : found) {
    FRANK_ASSIGN_OR_RETURN(ReportRef report,
                           schema::ParseEvidenceReport(entry.key));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace frank::storage
