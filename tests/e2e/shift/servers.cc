#include "tests/e2e/shift/servers.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/grpc_transport.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/files.h"

namespace frank::shift {
namespace {

constexpr int kTries = 200;
constexpr absl::Duration kPause = absl::Milliseconds(200);
constexpr std::chrono::seconds kDeadline(30);
constexpr int kReconnectMillis = 100;

absl::StatusOr<std::string> ReadLine(const std::string& path) {
  FRANK_ASSIGN_OR_RETURN(std::string text, wire::ReadFile(path));
  absl::StripAsciiWhitespace(&text);
  return text;
}

}  // namespace

bool IsAway(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         FindReason(status) == "CONTENTION";
}

bool WaitForServer(int tries) {
  if (tries >= kTries) return false;
  absl::SleepFor(kPause);
  return true;
}

void InParallel(size_t count, size_t threads,
                const std::function<void(size_t, size_t)>& work) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> workers;
  for (size_t thread = 0; thread < threads; ++thread) {
    workers.emplace_back([&, thread] {
      for (size_t i = next++; i < count; i = next++) work(i, thread);
    });
  }
  for (std::thread& worker : workers) worker.join();
}

ModerationClient::ModerationClient(
    const std::shared_ptr<grpc::Channel>& channel, std::string token)
    : token_(std::move(token)),
      stubs_(v1::ReviewService::NewStub(channel),
             v1::QueueService::NewStub(channel),
             v1::DecisionService::NewStub(channel),
             v1::ReporterService::NewStub(channel),
             v1::ModeratorService::NewStub(channel),
             v1::AuditService::NewStub(channel)) {}

void ModerationClient::Prepare(grpc::ClientContext* context) const {
  context->set_deadline(std::chrono::system_clock::now() + kDeadline);
  context->AddMetadata("authorization", absl::StrCat("Bearer ", token_));
}

absl::Status ModerationClient::FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return wire::FromRpc(status.error_code(), status.error_message(),
                       status.error_details());
}

absl::Status ModerationClient::ExportEntries(
    uint64_t first, uint64_t end,
    const std::function<void(const std::string& entry)>& take) const {
  v1::ExportEntriesRequest request;
  request.set_first_index(first);
  request.set_end_index(end);
  grpc::ClientContext context;
  Prepare(&context);
  auto stream =
      std::get<std::unique_ptr<v1::AuditService::Stub>>(stubs_)->ExportEntries(
          &context, request);
  v1::ExportEntriesResponse response;
  while (stream->Read(&response)) {
    for (const v1::LogEntry& entry : response.entry()) take(entry.entry());
  }
  return FromGrpc(stream->Finish());
}

absl::StatusOr<Servers> Servers::Open(const std::string& folder) {
  FRANK_ASSIGN_OR_RETURN(std::string authority,
                         wire::ReadFile(folder + "/public/ca.pem"));
  FRANK_ASSIGN_OR_RETURN(
      Bytes key,
      wire::LoadPublicKey(folder + "/public/identity.pub", "identity"));
  FRANK_ASSIGN_OR_RETURN(crypto::Ed25519PublicKey moderation_key,
                         crypto::Ed25519PublicKey::Create(key));
  Servers servers(folder, std::move(authority), std::move(moderation_key));
  FRANK_ASSIGN_OR_RETURN(servers.platform_address_,
                         ReadLine(folder + "/ports/platform"));
  FRANK_ASSIGN_OR_RETURN(servers.moderation_address_,
                         ReadLine(folder + "/ports/moderation"));
  return servers;
}

std::unique_ptr<client::Transport> Servers::Platform() const {
  auto transport =
      client::CreateGrpcTransport({platform_address_, authority_pem_, ""});
  FRANK_CHECK(transport.ok());
  return *std::move(transport);
}

std::shared_ptr<grpc::Channel> Servers::Channel(
    const std::string& address) const {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = authority_pem_;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5 * kReconnectMillis);
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(limits::kMaxRequestBytes));
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls),
                                   arguments);
}

std::shared_ptr<grpc::Channel> Servers::PlatformChannel() const {
  return Channel(platform_address_);
}

absl::StatusOr<ModerationClient> Servers::Moderation(
    const std::string& name) const {
  FRANK_ASSIGN_OR_RETURN(
      std::string token,
      ReadToken(absl::StrCat("moderators/", name, ".token")));
  return ModerationClient(Channel(moderation_address_), std::move(token));
}

absl::StatusOr<std::string> Servers::ReadToken(const std::string& path) const {
  FRANK_ASSIGN_OR_RETURN(
      crypto::Secret token,
      wire::ReadSecretFile(absl::StrCat(folder_, "/", path)));
  std::string text = ToString(token.bytes());
  absl::StripAsciiWhitespace(&text);
  return text;
}

}  // namespace frank::shift
