// Erases what a case holds: the middle of shredding it.
#ifndef FRANK_SERVICES_MODERATION_CASE_ERASURE_H_
#define FRANK_SERVICES_MODERATION_CASE_ERASURE_H_

#include <functional>

#include "absl/status/status.h"
#include "core/ids.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Deletes the wrapped keys of a case that is being shredded, and with them the
// ciphertext that they opened: reports as they came, the reporters' words,
// evidence that no other case holds, notes, rationales, the words of appeals
// and of requests for packages. What other cases hold stays theirs. Left are
// ids, times, counts and enums.
//
// In many bounded transactions, in such an order that what is left when one of
// them fails is found again: a second run goes on where the first broke off.
// The case's own key goes last, as evidence is looked up through it.
class CaseErasure {
 public:
  // Runs a transaction to its end.
  using Run = std::function<absl::Status(storage::TransactionBody)>;
  // `engine` outlives it.
  CaseErasure(storage::Engine& engine, const CaseId& id, Run run);

  // Waits for the commits. What was deleted may be in files of the store until
  // deleted keys are purged (storage/wrapped_key_store.h).
  absl::Status EraseAll();

 private:
  // A transaction that tracks that the case is being shredded.
  absl::Status InCase(storage::TransactionBody body);
  absl::Status EraseEvidence();
  absl::Status EraseEvidence(const storage::EvidenceId& id);
  // Gives up the case's part in a piece of evidence; returns whether that was
  // all of it.
  absl::StatusOr<bool> LeaveEvidence(storage::Transaction& transaction,
                                     const storage::EvidenceId& id) const;
  absl::Status EraseReports();
  absl::Status EraseReport(storage::Transaction& transaction,
                           const storage::ReportRef& report) const;
  absl::Status EraseNotes();
  absl::Status EraseExports();
  absl::Status EraseWordsAndKey();
  absl::Status EraseWords(storage::Transaction& transaction,
                          const DecisionId& id) const;

  storage::Engine& engine_;
  const CaseId id_;
  const Run run_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_ERASURE_H_
