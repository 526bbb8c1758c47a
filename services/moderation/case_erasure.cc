#include "services/moderation/case_erasure.h"

#include <string>
#include <utility>
#include <vector>

#include "core/status.h"
#include "services/moderation/case_lease.h"
#include "storage/appeal_store.h"
#include "storage/evidence_package_store.h"
#include "storage/evidence_store.h"
#include "storage/intake_store.h"
#include "storage/wrapped_key_store.h"

namespace frank::moderation {
namespace {

// In one transaction: small rows; reports, of which each may be in many pieces.
constexpr size_t kRows = 500;
constexpr size_t kReports = 32;

// Of what is sealed once for each case, what is sealed for this one.
void ClearEntry(int index,
                google::protobuf::RepeatedPtrField<std::string>* sealed) {
  if (index < sealed->size()) sealed->Mutable(index)->clear();
}

int IndexOf(const CaseId& id, const storage::v1::DecisionRecord& decision) {
  for (int i = 0; i < decision.case_id_size(); ++i) {
    if (decision.case_id(i) == id.text()) return i;
  }
  return decision.case_id_size();
}

}  // namespace

CaseErasure::CaseErasure(storage::Engine& engine, const CaseId& id, Run run)
    : engine_(engine), id_(id), run_(std::move(run)) {}

absl::Status CaseErasure::EraseAll() {
  FRANK_RETURN_IF_ERROR(EraseEvidence());
  FRANK_RETURN_IF_ERROR(EraseReports());
  FRANK_RETURN_IF_ERROR(EraseNotes());
  FRANK_RETURN_IF_ERROR(EraseExports());
  return EraseWordsAndKey();
}

absl::Status CaseErasure::InCase(storage::TransactionBody body) {
  return run_([this, body = std::move(body)](
                  storage::Transaction& transaction) mutable -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(auto record, GetCase(transaction, id_));
    if (record.state() != storage::kCaseShredding) {
      return absl::DataLossError("a case to be erased is in another state");
    }
    return body(transaction);
  });
}

absl::Status CaseErasure::EraseEvidence() {
  while (true) {
    FRANK_ASSIGN_OR_RETURN(auto held,
                           storage::ListCaseEvidence(engine_, id_, kRows));
    if (held.empty()) return absl::OkStatus();
    for (const storage::HeldEvidence& evidence : held) {
      FRANK_RETURN_IF_ERROR(EraseEvidence(evidence.id));
    }
  }
}

absl::Status CaseErasure::EraseEvidence(const storage::EvidenceId& id) {
  bool left = false;
  while (!left) {
    FRANK_RETURN_IF_ERROR(
        InCase([&](storage::Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(left, LeaveEvidence(transaction, id));
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CaseErasure::LeaveEvidence(
    storage::Transaction& transaction, const storage::EvidenceId& id) const {
  FRANK_ASSIGN_OR_RETURN(auto record, storage::FindEvidence(transaction, id));
  if (!record) return absl::DataLossError("evidence of a case is missing");
  google::protobuf::RepeatedPtrField<std::string> others;
  for (const std::string& holder : record->case_id()) {
    if (holder != id_.text()) *others.Add() = holder;
  }
  if (others.empty()) {
    FRANK_ASSIGN_OR_RETURN(auto reports,
                           storage::ListEvidenceReports(engine_, id, kRows));
    for (const storage::ReportRef& report : reports) {
      storage::DeleteEvidenceReport(transaction, id, report);
    }
    if (reports.size() == kRows) return false;
    storage::DeleteEvidence(transaction, id, *record);
  } else {
    *record->mutable_case_id() = std::move(others);
    storage::PutEvidence(transaction, id, *record);
  }
  storage::DeleteEvidenceKey(transaction, id, id_);
  storage::DeleteCaseEvidence(transaction, id_, id);
  return true;
}

absl::Status CaseErasure::EraseReports() {
  std::string position;
  while (true) {
    FRANK_ASSIGN_OR_RETURN(
        auto reports,
        storage::ScanCaseReports(engine_, id_, kReports, &position));
    if (reports.empty()) return absl::OkStatus();
    FRANK_RETURN_IF_ERROR(
        InCase([&](storage::Transaction& transaction) -> absl::Status {
          for (const storage::CaseReport& report : reports) {
            FRANK_RETURN_IF_ERROR(EraseReport(transaction, report.report));
          }
          return absl::OkStatus();
        }));
  }
}

// Who reported, when and for what reason stays, so that the reporters can be
// told when the decision is reversed, and a report that comes again is known.
absl::Status CaseErasure::EraseReport(storage::Transaction& transaction,
                                      const storage::ReportRef& report) const {
  FRANK_ASSIGN_OR_RETURN(auto record,
                         storage::FindIntakeReport(transaction, report));
  if (!record) return absl::DataLossError("a report of a case is missing");
  // Judged again since the decision: it is another case's.
  if (record->case_id() != id_.text()) return absl::OkStatus();
  storage::DeleteReportDataKey(transaction, report);
  storage::DeleteSealedPieces(transaction, report,
                              record->sealed_piece_count());
  if (record->retry_at() != 0) {
    storage::DeleteRetry(transaction, record->retry_at(), report);
  }
  record->clear_sealed_piece_count();
  record->clear_retry_at();
  record->clear_note_ciphertext();
  record->clear_message();
  record->clear_clear_frank();
  record->clear_clear_frank_member();
  storage::PutIntakeReport(transaction, report, *record);
  return absl::OkStatus();
}

absl::Status CaseErasure::EraseNotes() {
  while (true) {
    FRANK_ASSIGN_OR_RETURN(
        auto notes, storage::ListNewestCaseNotes(engine_, id_, "", kRows));
    if (notes.empty()) return absl::OkStatus();
    FRANK_RETURN_IF_ERROR(
        InCase([&](storage::Transaction& transaction) -> absl::Status {
          for (const storage::StoredNote& note : notes) {
            storage::DeleteCaseNote(transaction, id_, note);
          }
          return absl::OkStatus();
        }));
  }
}

absl::Status CaseErasure::EraseExports() {
  std::string position;
  do {
    FRANK_ASSIGN_OR_RETURN(storage::ExportPage page,
                           storage::ListExports(engine_, id_, position, kRows));
    FRANK_RETURN_IF_ERROR(
        InCase([&](storage::Transaction& transaction) -> absl::Status {
          for (const storage::StoredExport& stored : page.exports) {
            FRANK_ASSIGN_OR_RETURN(auto record,
                                   storage::FindExport(transaction, stored.id));
            if (!record) return absl::DataLossError("an export is missing");
            record->clear_words_ciphertext();
            record->clear_fingerprint();
            storage::PutExport(transaction, stored.id, *record);
          }
          return absl::OkStatus();
        }));
    position = page.next;
  } while (!position.empty());
  return absl::OkStatus();
}

absl::Status CaseErasure::EraseWordsAndKey() {
  return InCase([&](storage::Transaction& transaction) -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(auto decisions,
                           storage::ListDecisions(engine_, id_));
    for (const storage::StoredDecision& decision : decisions) {
      FRANK_RETURN_IF_ERROR(EraseWords(transaction, decision.id));
    }
    storage::DeleteCaseKey(transaction, id_);
    return absl::OkStatus();
  });
}

absl::Status CaseErasure::EraseWords(storage::Transaction& transaction,
                                     const DecisionId& id) const {
  FRANK_ASSIGN_OR_RETURN(auto decision, storage::FindDecision(transaction, id));
  if (!decision) return absl::DataLossError("a decision of a case is missing");
  const int index = IndexOf(id_, *decision);
  ClearEntry(index, decision->mutable_rationale_ciphertext());
  for (auto& event : *decision->mutable_event()) {
    ClearEntry(index, event.mutable_reason_ciphertext());
    // They are made with the key of the first case.
    if (index == 0) event.clear_fingerprint();
  }
  if (index == 0) decision->clear_fingerprint();
  storage::PutDecision(transaction, id, *decision);
  FRANK_ASSIGN_OR_RETURN(auto appeal, storage::FindAppeal(transaction, id));
  if (!appeal || appeal->case_id() != id_.text()) return absl::OkStatus();
  appeal->clear_ciphertext();
  storage::PutAppeal(transaction, id, *appeal);
  return absl::OkStatus();
}

}  // namespace frank::moderation
