// Evidence: proven messages, each stored once and held by the cases that it
// speaks in. Content lies in encrypted pieces beside the record.
#ifndef FRANK_STORAGE_EVIDENCE_STORE_H_
#define FRANK_STORAGE_EVIDENCE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/storage/v1/moderation.pb.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"

namespace frank::storage {

// One piece of evidence; the first is tracked.
absl::StatusOr<absl::optional<v1::EvidenceRecord>> FindEvidence(
    Transaction& transaction, const EvidenceId& id);
absl::StatusOr<absl::optional<v1::EvidenceRecord>> FindEvidence(
    Engine& engine, const EvidenceId& id);
void PutEvidence(Transaction& transaction, const EvidenceId& id,
                 const v1::EvidenceRecord& record);

// Its encrypted content; pieces are only ever added. kDataLoss when one is
// missing.
void PutEvidencePiece(Transaction& transaction, const EvidenceId& id,
                      uint32_t piece, absl::string_view ciphertext);
absl::StatusOr<std::string> GetEvidencePiece(Engine& engine,
                                             const EvidenceId& id,
                                             uint32_t piece);
// Deletes it with its content, when no case holds it any more.
void DeleteEvidence(Transaction& transaction, const EvidenceId& id,
                    const v1::EvidenceRecord& record);

// That a case holds it; the first is tracked.
absl::StatusOr<absl::optional<v1::CaseEvidenceRecord>> FindCaseEvidence(
    Transaction& transaction, const CaseId& case_id, const EvidenceId& id);
void PutCaseEvidence(Transaction& transaction, const CaseId& case_id,
                     const EvidenceId& id,
                     const v1::CaseEvidenceRecord& record);
struct HeldEvidence {
  EvidenceId id;
  bool context = false;
};
absl::StatusOr<std::vector<HeldEvidence>> ListCaseEvidence(
    Engine& engine, const CaseId& case_id, size_t limit = kNoLimit);
void DeleteCaseEvidence(Transaction& transaction, const CaseId& case_id,
                        const EvidenceId& id);

// The reports behind it. One of a reporter's, none before their first; tracked.
absl::StatusOr<absl::optional<v1::EvidenceReportRecord>> FindEvidenceReportBy(
    Transaction& transaction, const EvidenceId& id, absl::string_view reporter);
void AddEvidenceReport(Transaction& transaction, const EvidenceId& id,
                       const ReportRef& report,
                       const v1::EvidenceReportRecord& record);
absl::StatusOr<std::vector<ReportRef>> ListEvidenceReports(Engine& engine,
                                                           const EvidenceId& id,
                                                           size_t limit);
void DeleteEvidenceReport(Transaction& transaction, const EvidenceId& id,
                          const ReportRef& report);

}  // namespace frank::storage

#endif  // FRANK_STORAGE_EVIDENCE_STORE_H_
