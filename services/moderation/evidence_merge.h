// Merges proven messages into evidence: (tag, sender, room) is one piece, its
// times are a set, its opened parts and chunks the union over reporters.
#ifndef FRANK_SERVICES_MODERATION_EVIDENCE_MERGE_H_
#define FRANK_SERVICES_MODERATION_EVIDENCE_MERGE_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/report_judge.h"
#include "storage/engine.h"
#include "storage/evidence_store.h"

namespace frank::moderation {

// Indices as ranges on disk and as numbers in memory.
std::set<uint32_t> ToIndices(const storage::v1::IndexRanges& ranges);
storage::v1::IndexRanges ToRanges(const std::set<uint32_t>& indices);

// What one run of a transaction adds to the evidence of one case; gathers all,
// then writes. Content is encrypted under the data key of its piece of evidence
// and never kept in any other form.
class EvidenceMerge {
 public:
  // All outlive the merge.
  EvidenceMerge(const KeyVault& vault, storage::Transaction& transaction,
                const CaseId& case_id, const DataKey& case_key);

  // What a proof was to a case.
  struct Added {
    // The case did not hold the message before.
    bool is_new = false;
    // Its reporter counts: the platform knows them for a member of the room, or
    // they are the first to bring it. Who had it from somebody else proves
    // nothing by bringing it again.
    bool entitled = false;
    // A reporter brings it for the first time, others did before, and the
    // platform knows that they were not in the room. Where it does not know,
    // nobody is blamed.
    bool replayed = false;
  };
  // Adds what a report proved.
  absl::StatusOr<Added> Add(const ProvenMessage& message,
                            const storage::ReportRef& report, bool context);
  absl::Status Write();

 private:
  struct Piece {
    explicit Piece(DataKey data_key) : key(std::move(data_key)) {}
    storage::v1::EvidenceRecord record;
    DataKey key;
    bool held = false;
    std::set<uint32_t> parts;
    std::map<std::string, std::set<uint32_t>> chunks;
    // Those of this transaction, and whether they count.
    std::map<std::string, bool> reporters;
    storage::v1::EvidencePiece content;
    size_t content_bytes = 0;
  };

  absl::StatusOr<Piece*> Load(const ProvenMessage& message);
  absl::StatusOr<Piece> LoadStored(const storage::EvidenceId& id,
                                   storage::v1::EvidenceRecord record);
  absl::Status AddItem(const storage::EvidenceId& id, const OpenedItem& item,
                       Piece* piece);
  absl::Status AddReporter(const ProvenMessage& message,
                           const storage::ReportRef& report, Piece* piece,
                           Added* added);
  absl::Status Flush(const storage::EvidenceId& id, Piece* piece);

  const KeyVault& vault_;
  storage::Transaction& transaction_;
  const CaseId case_id_;
  const DataKey& case_key_;
  std::map<storage::EvidenceId, Piece> pieces_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_EVIDENCE_MERGE_H_
