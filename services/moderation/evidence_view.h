// Evidence as moderators see it.
#ifndef FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_
#define FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_

#include "absl/status/statusor.h"
#include "core/ids.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/key_vault.h"
#include "storage/engine.h"

namespace frank::moderation {

// How much content one answer may still hold. What does not fit any more shows
// its size and hash without its body.
struct RevealBudget {
  bool reveal = false;
  size_t bytes = 0;
};

// Returns a piece of evidence that a case holds. Bodies, and the names of
// files, only if the budget reveals. kDataLoss when it does not open.
absl::StatusOr<v1::Evidence> ShowEvidence(
    storage::Engine& engine, const KeyVault& vault, const DataKey& case_key,
    const CaseId& case_id, const storage::EvidenceId& id, RevealBudget* budget);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_
