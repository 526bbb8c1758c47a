// A moderator's connection to frank-moderation.
#ifndef FRANK_CLIENT_COMMAND_MOD_CLIENT_H_
#define FRANK_CLIENT_COMMAND_MOD_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/command/args.h"
#include "core/ids.h"
#include "crypto/secret.h"
#include "frank/v1/review.grpc.pb.h"

namespace frank::client {

// --server, --ca and --token-file. Each may come from the environment instead:
// FRANK_MOD_SERVER, FRANK_MOD_CA, FRANK_MOD_TOKEN_FILE.
std::vector<Option> ModConnectionOptions();

// Calls ReviewService over TLS, with the moderator's token. A call that did not
// reach the server is made again for some seconds; every method tolerates it.
// Not thread-safe.
class ModClient {
 public:
  // kInvalidArgument names a missing option; kFailedPrecondition a file that
  // cannot be read, or a token file that others can read.
  static absl::StatusOr<ModClient> Connect(const Args& args);

  absl::StatusOr<v1::ListCasesResponse> ListCases(
      const v1::ListCasesRequest& request);
  absl::StatusOr<v1::ClaimCaseResponse> ClaimCase(
      const v1::ClaimCaseRequest& request);
  absl::StatusOr<v1::RenewLeaseResponse> RenewLease(
      const v1::RenewLeaseRequest& request);
  absl::StatusOr<v1::GetCaseResponse> GetCase(
      const v1::GetCaseRequest& request);
  absl::StatusOr<v1::DecideCaseResponse> DecideCase(
      const v1::DecideCaseRequest& request);
  absl::StatusOr<v1::ReleaseCaseResponse> ReleaseCase(
      const v1::ReleaseCaseRequest& request);
  absl::StatusOr<v1::ListActsResponse> ListActs(
      const v1::ListActsRequest& request);

 private:
  ModClient(std::unique_ptr<v1::ReviewService::Stub> stub, crypto::Secret token)
      : stub_(std::move(stub)), token_(std::move(token)) {}

  template <typename Request, typename Response>
  using Method = grpc::Status (v1::ReviewService::Stub::*)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*);
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(Method<Request, Response> method,
                                const Request& request);

  std::unique_ptr<v1::ReviewService::Stub> stub_;
  crypto::Secret token_;
};

// Reads a case id: 32 hex digits.
absl::StatusOr<CaseId> ParseCaseId(absl::string_view hex);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_MOD_CLIENT_H_
