// A moderator's connection to frank-moderation.
#ifndef FRANK_CLIENT_COMMAND_MOD_CLIENT_H_
#define FRANK_CLIENT_COMMAND_MOD_CLIENT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/args.h"
#include "client/command/mod_connection.h"
#include "core/ids.h"
#include "frank/v1/decision.grpc.pb.h"
#include "frank/v1/review.grpc.pb.h"

namespace frank::client {

// Calls ReviewService and DecisionService. Not thread-safe.
class ModClient {
 public:
  // As ModConnection::Open.
  static absl::StatusOr<ModClient> Connect(const Args& args);

  absl::StatusOr<v1::ListCasesResponse> ListCases(
      const v1::ListCasesRequest& request);
  absl::StatusOr<v1::ClaimCaseResponse> ClaimCase(
      const v1::ClaimCaseRequest& request);
  absl::StatusOr<v1::RenewLeaseResponse> RenewLease(
      const v1::RenewLeaseRequest& request);
  absl::StatusOr<v1::GetCaseResponse> GetCase(
      const v1::GetCaseRequest& request);
  absl::StatusOr<v1::ReleaseCaseResponse> ReleaseCase(
      const v1::ReleaseCaseRequest& request);
  absl::StatusOr<v1::ListActsResponse> ListActs(
      const v1::ListActsRequest& request);

  absl::StatusOr<v1::DecideCaseResponse> DecideCase(
      const v1::DecideCaseRequest& request);
  absl::StatusOr<v1::PreviewDecisionResponse> PreviewDecision(
      const v1::PreviewDecisionRequest& request);
  absl::StatusOr<v1::UndoDecisionResponse> UndoDecision(
      const v1::UndoDecisionRequest& request);
  absl::StatusOr<v1::ReverseDecisionResponse> ReverseDecision(
      const v1::ReverseDecisionRequest& request);
  absl::StatusOr<v1::ListApprovalsResponse> ListApprovals(
      const v1::ListApprovalsRequest& request);
  absl::StatusOr<v1::ApproveDecisionResponse> ApproveDecision(
      const v1::ApproveDecisionRequest& request);
  absl::StatusOr<v1::RefuseDecisionResponse> RefuseDecision(
      const v1::RefuseDecisionRequest& request);
  absl::StatusOr<v1::WithdrawDecisionResponse> WithdrawDecision(
      const v1::WithdrawDecisionRequest& request);
  absl::StatusOr<v1::DecideAppealResponse> DecideAppeal(
      const v1::DecideAppealRequest& request);
  absl::StatusOr<v1::ListPoliciesResponse> ListPolicies(
      const v1::ListPoliciesRequest& request);
  absl::StatusOr<v1::ListStrikesResponse> ListStrikes(
      const v1::ListStrikesRequest& request);

 private:
  explicit ModClient(ModConnection connection)
      : connection_(std::move(connection)),
        review_(v1::ReviewService::NewStub(connection_.channel())),
        decision_(v1::DecisionService::NewStub(connection_.channel())) {}

  ModConnection connection_;
  std::unique_ptr<v1::ReviewService::Stub> review_;
  std::unique_ptr<v1::DecisionService::Stub> decision_;
};

// Reads a case id: 32 hex digits.
absl::StatusOr<CaseId> ParseCaseId(absl::string_view hex);

// Every act names the lease's epoch: the one that was given with kEpochOption,
// else that of the lease as it stands; the service checks that the caller is
// who holds it.
extern const Option kEpochOption;
absl::StatusOr<uint64_t> EpochOf(const Args& args, ModClient& client,
                                 const CaseId& id);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_CLIENT_H_
