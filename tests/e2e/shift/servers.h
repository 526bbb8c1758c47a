// The two servers of a run folder (scripts/dev-keys), as everybody in the story
// reaches them: over TLS, patiently.
#ifndef FRANK_TESTS_E2E_SHIFT_SERVERS_H_
#define FRANK_TESTS_E2E_SHIFT_SERVERS_H_

#include <functional>
#include <memory>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/report_builder.h"
#include "client/transport.h"
#include "crypto/records.h"
#include "crypto/signature.h"
#include "frank/v1/audit.grpc.pb.h"
#include "frank/v1/decision.grpc.pb.h"
#include "frank/v1/moderators.grpc.pb.h"
#include "frank/v1/queue.grpc.pb.h"
#include "frank/v1/reporters.grpc.pb.h"
#include "frank/v1/review.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "proto/rpc_status.h"

namespace frank::shift {

// Whether the server was away or too busy: the same call may be made again.
bool IsAway(const absl::Status& status);
// Waits a little between two tries. False: that was the last one.
bool WaitForServer(int tries);

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Makes a call again while the server is away: for half a minute and more, as
// it may have been killed.
template <typename Call>
auto Persist(Call call) -> decltype(call()) {
  for (int tries = 1;; ++tries) {
    auto answer = call();
    if (!IsAway(StatusOf(answer)) || !WaitForServer(tries)) return answer;
  }
}

// Calls `work(index, thread)` for each index below `count`, on some threads.
void InParallel(size_t count, size_t threads,
                const std::function<void(size_t index, size_t thread)>& work);

// A token's way to frank-moderation. Thread-safe.
class ModerationClient {
 public:
  ModerationClient(const std::shared_ptr<grpc::Channel>& channel,
                   std::string token);

  // Calls a unary method of any of the services.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) const {
    Stub& stub = *std::get<std::unique_ptr<Stub>>(stubs_);
    return Persist([&]() -> absl::StatusOr<Response> {
      Response response;
      grpc::ClientContext context;
      Prepare(&context);
      const grpc::Status answer = (stub.*method)(&context, request, &response);
      if (!answer.ok()) return FromGrpc(answer);
      return response;
    });
  }

  // Hands over the entries [first, end) of the audit log, in their order.
  absl::Status ExportEntries(
      uint64_t first, uint64_t end,
      const std::function<void(const std::string& entry)>& take) const;

 private:
  void Prepare(grpc::ClientContext* context) const;
  static absl::Status FromGrpc(const grpc::Status& status);

  std::string token_;
  std::tuple<std::unique_ptr<v1::ReviewService::Stub>,
             std::unique_ptr<v1::QueueService::Stub>,
             std::unique_ptr<v1::DecisionService::Stub>,
             std::unique_ptr<v1::ReporterService::Stub>,
             std::unique_ptr<v1::ModeratorService::Stub>,
             std::unique_ptr<v1::AuditService::Stub>>
      stubs_;
};

class Servers {
 public:
  // Reads the addresses, the authority and the public keys.
  static absl::StatusOr<Servers> Open(const std::string& folder);

  // A way to frank-platform, for one thread at a time.
  std::unique_ptr<client::Transport> Platform() const;
  std::shared_ptr<grpc::Channel> PlatformChannel() const;
  // Of the moderator whose token is in moderators/NAME.token.
  absl::StatusOr<ModerationClient> Moderation(const std::string& name) const;

  absl::StatusOr<std::string> ReadToken(const std::string& path) const;
  const crypto::Ed25519PublicKey& moderation_key() const {
    return moderation_key_;
  }

 private:
  Servers(std::string folder, std::string authority_pem,
          crypto::Ed25519PublicKey moderation_key)
      : folder_(std::move(folder)),
        authority_pem_(std::move(authority_pem)),
        moderation_key_(std::move(moderation_key)) {}

  std::shared_ptr<grpc::Channel> Channel(const std::string& address) const;

  std::string folder_;
  std::string authority_pem_;
  crypto::Ed25519PublicKey moderation_key_;
  std::string platform_address_;
  std::string moderation_address_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_SERVERS_H_
