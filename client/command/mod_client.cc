#include "client/command/mod_client.h"

#include <chrono>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/limits.h"
#include "core/status.h"
#include "grpcpp/grpcpp.h"
#include "proto/files.h"
#include "proto/rpc_status.h"

namespace frank::client {
namespace {

constexpr std::chrono::seconds kDeadline(30);
constexpr int kAttempts = 6;
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);

absl::StatusOr<std::string> Setting(const Args& args, const char* option,
                                    const char* variable) {
  if (args.Has(option)) return args.Get(option);
  const char* value = std::getenv(variable);
  if (value != nullptr && *value != '\0') return std::string(value);
  return absl::InvalidArgumentError(
      absl::StrCat("--", option, " is missing, and ", variable, " is not set"));
}

}  // namespace

std::vector<Option> ModConnectionOptions() {
  return {
      {"server", "HOST:PORT", "frank-moderation (or $FRANK_MOD_SERVER)"},
      {"ca", "FILE",
       "PEM of the authority that signed the server's "
       "certificate (or $FRANK_MOD_CA)"},
      {"token-file", "FILE",
       "the moderator's token, mode 0600 (or "
       "$FRANK_MOD_TOKEN_FILE)"},
  };
}

absl::StatusOr<ModClient> ModClient::Connect(const Args& args) {
  FRANK_ASSIGN_OR_RETURN(std::string server,
                         Setting(args, "server", "FRANK_MOD_SERVER"));
  FRANK_ASSIGN_OR_RETURN(std::string ca, Setting(args, "ca", "FRANK_MOD_CA"));
  FRANK_ASSIGN_OR_RETURN(std::string token_file,
                         Setting(args, "token-file", "FRANK_MOD_TOKEN_FILE"));
  grpc::SslCredentialsOptions tls;
  FRANK_ASSIGN_OR_RETURN(tls.pem_root_certs, wire::ReadFile(ca));
  FRANK_ASSIGN_OR_RETURN(crypto::Secret token,
                         wire::ReadSecretFile(token_file));
  const absl::string_view trimmed =
      absl::StripAsciiWhitespace(AsText(token.bytes()));
  grpc::ChannelArguments arguments;
  // Answers are cut to fit; a server that sends more is not heard out.
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(limits::kMaxRequestBytes));
  auto channel =
      grpc::CreateCustomChannel(server, grpc::SslCredentials(tls), arguments);
  return ModClient(v1::ReviewService::NewStub(channel),
                   crypto::Secret::Copy(AsBytes(trimmed)));
}

template <typename Request, typename Response>
absl::StatusOr<Response> ModClient::Call(Method<Request, Response> method,
                                         const Request& request) {
  absl::Duration pause = kFirstPause;
  for (int attempt = 1;; ++attempt, pause *= 2) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", AsText(token_.bytes())));
    Response response;
    const grpc::Status answer =
        (stub_.get()->*method)(&context, request, &response);
    absl::Status status = wire::FromRpc(
        answer.error_code(), answer.error_message(), answer.error_details());
    if (status.ok()) return response;
    if (!absl::IsUnavailable(status) || attempt == kAttempts) return status;
    absl::SleepFor(pause);
  }
}

absl::StatusOr<v1::ListCasesResponse> ModClient::ListCases(
    const v1::ListCasesRequest& request) {
  return Call(&v1::ReviewService::Stub::ListCases, request);
}
absl::StatusOr<v1::ClaimCaseResponse> ModClient::ClaimCase(
    const v1::ClaimCaseRequest& request) {
  return Call(&v1::ReviewService::Stub::ClaimCase, request);
}
absl::StatusOr<v1::RenewLeaseResponse> ModClient::RenewLease(
    const v1::RenewLeaseRequest& request) {
  return Call(&v1::ReviewService::Stub::RenewLease, request);
}
absl::StatusOr<v1::GetCaseResponse> ModClient::GetCase(
    const v1::GetCaseRequest& request) {
  return Call(&v1::ReviewService::Stub::GetCase, request);
}
absl::StatusOr<v1::DecideCaseResponse> ModClient::DecideCase(
    const v1::DecideCaseRequest& request) {
  return Call(&v1::ReviewService::Stub::DecideCase, request);
}
absl::StatusOr<v1::ReleaseCaseResponse> ModClient::ReleaseCase(
    const v1::ReleaseCaseRequest& request) {
  return Call(&v1::ReviewService::Stub::ReleaseCase, request);
}
absl::StatusOr<v1::ListActsResponse> ModClient::ListActs(
    const v1::ListActsRequest& request) {
  return Call(&v1::ReviewService::Stub::ListActs, request);
}

absl::StatusOr<CaseId> ParseCaseId(absl::string_view hex) {
  absl::StatusOr<Bytes> bytes = FromHex(hex);
  if (!bytes.ok() || bytes->size() != CaseId::kSize) {
    return FieldError("CASE", "must be 32 hex digits");
  }
  return CaseId(ToArray<CaseId::kSize>(*bytes));
}

}  // namespace frank::client
