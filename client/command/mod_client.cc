#include "client/command/mod_client.h"

#include <utility>

#include "core/status.h"

namespace frank::client {

absl::StatusOr<ModClient> ModClient::Connect(const Args& args) {
  FRANK_ASSIGN_OR_RETURN(ModConnection connection, ModConnection::Open(args));
  return ModClient(std::move(connection));
}

absl::StatusOr<v1::ListCasesResponse> ModClient::ListCases(
    const v1::ListCasesRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::ListCases,
                          request);
}
absl::StatusOr<v1::ClaimCaseResponse> ModClient::ClaimCase(
    const v1::ClaimCaseRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::ClaimCase,
                          request);
}
absl::StatusOr<v1::RenewLeaseResponse> ModClient::RenewLease(
    const v1::RenewLeaseRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::RenewLease,
                          request);
}
absl::StatusOr<v1::GetCaseResponse> ModClient::GetCase(
    const v1::GetCaseRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::GetCase, request);
}
absl::StatusOr<v1::ReleaseCaseResponse> ModClient::ReleaseCase(
    const v1::ReleaseCaseRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::ReleaseCase,
                          request);
}
absl::StatusOr<v1::ListActsResponse> ModClient::ListActs(
    const v1::ListActsRequest& request) {
  return connection_.Call(*review_, &v1::ReviewService::Stub::ListActs,
                          request);
}

absl::StatusOr<v1::DecideCaseResponse> ModClient::DecideCase(
    const v1::DecideCaseRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::DecideCase,
                          request);
}
absl::StatusOr<v1::PreviewDecisionResponse> ModClient::PreviewDecision(
    const v1::PreviewDecisionRequest& request) {
  return connection_.Call(*decision_,
                          &v1::DecisionService::Stub::PreviewDecision, request);
}
absl::StatusOr<v1::UndoDecisionResponse> ModClient::UndoDecision(
    const v1::UndoDecisionRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::UndoDecision,
                          request);
}
absl::StatusOr<v1::ReverseDecisionResponse> ModClient::ReverseDecision(
    const v1::ReverseDecisionRequest& request) {
  return connection_.Call(*decision_,
                          &v1::DecisionService::Stub::ReverseDecision, request);
}
absl::StatusOr<v1::ListApprovalsResponse> ModClient::ListApprovals(
    const v1::ListApprovalsRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::ListApprovals,
                          request);
}
absl::StatusOr<v1::ApproveDecisionResponse> ModClient::ApproveDecision(
    const v1::ApproveDecisionRequest& request) {
  return connection_.Call(*decision_,
                          &v1::DecisionService::Stub::ApproveDecision, request);
}
absl::StatusOr<v1::RefuseDecisionResponse> ModClient::RefuseDecision(
    const v1::RefuseDecisionRequest& request) {
  return connection_.Call(*decision_,
                          &v1::DecisionService::Stub::RefuseDecision, request);
}
absl::StatusOr<v1::WithdrawDecisionResponse> ModClient::WithdrawDecision(
    const v1::WithdrawDecisionRequest& request) {
  return connection_.Call(
      *decision_, &v1::DecisionService::Stub::WithdrawDecision, request);
}
absl::StatusOr<v1::DecideAppealResponse> ModClient::DecideAppeal(
    const v1::DecideAppealRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::DecideAppeal,
                          request);
}
absl::StatusOr<v1::ListPoliciesResponse> ModClient::ListPolicies(
    const v1::ListPoliciesRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::ListPolicies,
                          request);
}
absl::StatusOr<v1::ListStrikesResponse> ModClient::ListStrikes(
    const v1::ListStrikesRequest& request) {
  return connection_.Call(*decision_, &v1::DecisionService::Stub::ListStrikes,
                          request);
}

absl::StatusOr<CaseId> ParseCaseId(absl::string_view hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != CaseId::kSize) {
    return FieldError("CASE", "must be 32 hex digits");
  }
  return CaseId(ToArray<CaseId::kSize>(*bytes));
}

const Option kEpochOption = {"epoch", "N",
                             "the lease's epoch, as claim gave it; "
                             "without it, that of the lease now"};

absl::StatusOr<uint64_t> EpochOf(const Args& args, ModClient& client,
                                 const CaseId& id) {
  if (args.Has("epoch")) return args.Number("epoch", 0);
  v1::GetCaseRequest request;
  request.set_case_id(std::string(id.text()));
  FRANK_ASSIGN_OR_RETURN(v1::GetCaseResponse shown, client.GetCase(request));
  if (!shown.case_summary().has_lease()) {
    return WithReason(
        absl::FailedPreconditionError("nobody holds the case; claim it first"),
        "LEASE_LOST");
  }
  return shown.case_summary().lease().epoch();
}

}  // namespace frank::client
