// Evidence as moderators see it.
#ifndef FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_
#define FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "core/ids.h"
#include "core/limits.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/key_vault.h"
#include "storage/engine.h"

namespace frank::moderation {

// What of the evidence is asked for.
struct EvidenceChoice {
  bool reveal = false;
  // Of the bodies those of text alone.
  bool text_only = false;
  // Not empty: the chunks of this file alone.
  std::string file_tag;
  // The first part, or with file_tag the first chunk, and how many; 0: all, of
  // all files as well.
  uint32_t first_index = 0;
  uint32_t index_count = 0;
};

// How much one answer may still hold: bodies, and everything else. What a
// sender or a reporter makes large must not make a case impossible to show.
struct ShowBudget {
  size_t bodies = limits::kMaxRevealedBytes;
  size_t rest = limits::kMaxEvidenceShownBytes;
  // What may still be decrypted, shown or not.
  size_t opened = limits::kMaxOpenedBytes;

  // Takes what there is room for; false when there is none.
  static bool Take(size_t bytes, size_t* from);
};

// Returns a piece of evidence that a case holds. Bodies, hashes and the names
// of files only if the choice reveals. kDataLoss when it does not open.
absl::StatusOr<v1::Evidence> ShowEvidence(
    storage::Engine& engine, const KeyVault& vault, const DataKey& case_key,
    const CaseId& case_id, const storage::EvidenceId& id,
    const EvidenceChoice& choice, ShowBudget* budget);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EVIDENCE_VIEW_H_
