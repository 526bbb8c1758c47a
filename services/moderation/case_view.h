// A case as moderators see it: summary, reports with verdicts, evidence,
// decisions.
#ifndef FRANK_SERVICES_MODERATION_CASE_VIEW_H_
#define FRANK_SERVICES_MODERATION_CASE_VIEW_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/ids.h"
#include "frank/v1/review.pb.h"
#include "services/common/call.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/moderator.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe.
class CaseView {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const Clock& clock;
  };
  explicit CaseView(const Dependencies& dependencies);

  // Shows a case without content: who may see a case may see this. The request
  // has been checked.
  absl::StatusOr<v1::GetCaseResponse> Show(
      const v1::GetCaseRequest& request) const;
  // Shows it with content, to the holder of the lease alone, and writes that
  // they saw it; the answer is given when the act is durable. Errors as
  // GetHeldCase.
  void Reveal(const Moderator& moderator, const v1::GetCaseRequest& request,
              services::Done<v1::GetCaseResponse> done) const;

  // The acts about a case that follow a number. kNotFound.
  absl::StatusOr<v1::ListActsResponse> Acts(const CaseId& id,
                                            uint64_t after) const;

 private:
  absl::StatusOr<v1::GetCaseResponse> Compose(
      const CaseId& id, const storage::v1::CaseRecord& record,
      const v1::GetCaseRequest& request) const;
  absl::Status AddReports(const CaseId& id, bool reveal,
                          v1::GetCaseResponse* response) const;
  absl::StatusOr<v1::CaseReport> ShowReport(const storage::ReportRef& report,
                                            bool reveal) const;
  absl::Status AddEvidence(const CaseId& id, const DataKey& key,
                           const v1::GetCaseRequest& request,
                           v1::GetCaseResponse* response) const;
  absl::StatusOr<bool> HasTag(const storage::EvidenceId& id,
                              const std::string& tag) const;
  absl::Status AddDecisions(const CaseId& id, const DataKey& key,
                            v1::GetCaseResponse* response) const;
  absl::Status AddNotes(const CaseId& id, const DataKey& key, bool reveal,
                        v1::GetCaseResponse* response) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_CASE_VIEW_H_
