// A case as moderators see it: summary, reports with verdicts, evidence,
// decisions.
#ifndef FRANK_SERVICES_MODERATION_CASE_VIEW_H_
#define FRANK_SERVICES_MODERATION_CASE_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "frank/v1/review.pb.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "services/moderation/report_judge.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// A piece of evidence whose content an answer holds.
struct RevealedEvidence {
  storage::EvidenceId id;
  std::string franking_tag;
  bool context = false;
  bool text_only = false;
};

// An answer, and what of it is content.
struct ShownCase {
  v1::GetCaseResponse response;
  std::vector<RevealedEvidence> revealed;
  // Words of reporters and of who appeals, and notes of moderators.
  uint32_t revealed_notes = 0;
};

// Thread-safe.
class CaseView {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    // For appeals that came before their review key.
    const ReportJudge& judge;
  };
  explicit CaseView(const Dependencies& dependencies);

  // Lists cases. The request has been checked, but for its page token:
  // kInvalidArgument.
  absl::StatusOr<v1::ListCasesResponse> List(
      const Moderator& moderator, const v1::ListCasesRequest& request) const;

  // Shows a case without content. The request has been checked. As CheckAccess.
  absl::StatusOr<v1::GetCaseResponse> Show(
      const Moderator& moderator, const v1::GetCaseRequest& request) const;
  // Shows it with the content that the request names; whoever calls this sees
  // to it that the moderator may see it and that it leaves a trace. Of a case
  // that is erased meanwhile what is left of it.
  absl::StatusOr<ShownCase> Compose(const CaseId& id,
                                    const storage::v1::CaseRecord& record,
                                    const v1::GetCaseRequest& request) const;

  // A case as it is now, untracked. kNotFound.
  absl::StatusOr<storage::v1::CaseRecord> Find(const CaseId& id) const;

  // The acts about a case that follow a number. kNotFound.
  absl::StatusOr<v1::ListActsResponse> Acts(const CaseId& id,
                                            uint64_t after) const;

 private:
  absl::StatusOr<ShownCase> ComposeAsItIs(
      const CaseId& id, const storage::v1::CaseRecord& record,
      const v1::GetCaseRequest& request) const;
  absl::Status AddReports(const CaseId& id, bool reveal,
                          ShownCase* shown) const;
  absl::StatusOr<v1::CaseReport> ShowReport(const storage::ReportRef& report,
                                            bool reveal) const;
  absl::Status AddEvidence(const CaseId& id, const DataKey& key,
                           const v1::GetCaseRequest& request,
                           ShownCase* shown) const;
  absl::StatusOr<std::string> TagOf(const storage::EvidenceId& id) const;
  absl::Status AddDecisions(const CaseId& id,
                            const absl::optional<DataKey>& key, bool reveal,
                            ShownCase* shown) const;
  absl::Status RevealAppeal(const CaseId& case_id, const DecisionId& id,
                            v1::Decision* decision, ShownCase* shown) const;
  // Those before a position, or the newest.
  absl::Status AddNotes(const CaseId& id, const DataKey& key, bool reveal,
                        const std::string& before, ShownCase* shown) const;
  absl::Status AddLinks(const CaseId& id, v1::GetCaseResponse* response) const;
  // Why it is put off, and why it is under legal holds.
  absl::Status AddReasons(const CaseId& id,
                          const storage::v1::CaseRecord& record,
                          const DataKey& key,
                          v1::GetCaseResponse* response) const;
  absl::Status AddRemains(const CaseId& id, ShownCase* shown) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_VIEW_H_
