// What is to be read about decisions: previews, approvals, policies, strikes.
#ifndef FRANK_SERVICES_MODERATION_DECISION_VIEW_H_
#define FRANK_SERVICES_MODERATION_DECISION_VIEW_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/clock.h"
#include "frank/v1/decision.pb.h"
#include "services/moderation/decision_timing.h"
#include "services/moderation/key_vault.h"
#include "services/moderation/policy_book.h"
#include "storage/case_store.h"
#include "storage/engine.h"

namespace frank::moderation {

// Thread-safe; reads untracked. Requests have been checked.
class DecisionView {
 public:
  struct Dependencies {
    storage::Engine& engine;
    const KeyVault& vault;
    const PolicyBook& policies;
    const Clock& clock;
    DecisionTiming timing;
  };
  explicit DecisionView(const Dependencies& dependencies);

  // What a decision would do if nothing else came between. kNotFound;
  // kInvalidArgument as the decision itself.
  absl::StatusOr<v1::PreviewDecisionResponse> Preview(
      const v1::PreviewDecisionRequest& request) const;
  // kInvalidArgument "page_token".
  absl::StatusOr<v1::ListApprovalsResponse> Approvals(
      const v1::ListApprovalsRequest& request) const;
  // kNotFound for a version that no decision has named.
  absl::StatusOr<v1::ListPoliciesResponse> Policies(
      const v1::ListPoliciesRequest& request) const;
  absl::StatusOr<v1::ListStrikesResponse> Strikes(
      const v1::ListStrikesRequest& request) const;

 private:
  using Step = absl::optional<storage::v1::LadderStepRecord>;
  absl::StatusOr<std::vector<storage::StoredCase>> FindCases(
      const v1::PreviewDecisionRequest& request) const;
  absl::StatusOr<Step> StepOf(const std::string& account,
                              const storage::v1::PolicyRecord& policy) const;
  absl::Status ShowAccount(const std::string& account,
                           const v1::PreviewDecisionRequest& request,
                           const Step& step,
                           v1::PreviewDecisionResponse* response) const;
  absl::Status ShowTold(const std::vector<storage::StoredCase>& cases,
                        const v1::PreviewDecisionRequest& request,
                        v1::PreviewDecisionResponse* response) const;

  const Dependencies d_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_DECISION_VIEW_H_
