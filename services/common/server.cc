#include "services/common/server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "services/common/address.h"
#include "services/common/address_file.h"

namespace frank::services {
namespace {

void SetLimits(grpc::ServerBuilder& builder) {
  // Requests are read before anybody is authenticated: what all of them
  // together may hold is bounded.
  grpc::ResourceQuota quota("server");
  quota.Resize(limits::kMaxTransportBytes);
  // Of reflection, which is gRPC's own: a stream that stays open takes one.
  quota.SetMaxThreads(16);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kMaxRequestBytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 256);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10 * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60 * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * 1000);
  // Otherwise a second server could share the port unnoticed.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options) {
  FRANK_ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials,
                         MakeServerCredentials(options.tls));
  std::unique_ptr<Server> server(new Server());
  if (options.health != nullptr) server->health_ = options.health;
  server->health_service_ = MakeHealthService(*server->health_);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.AddListeningPort(options.address, credentials, &server->port_);
  std::vector<RpcService*> services = options.services;
  services.push_back(server->health_service_.get());
  for (const RpcService* service : services) service->CheckComplete();
  server->queues_ = Register(builder, services, options.calls);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot listen on ", options.address,
        ": the port is in use or the address is not this machine's"));
  }
  server->queues_->Start();
  const absl::string_view host = SplitAddress(options.address).host;
  if (!options.address_file.empty()) {
    FRANK_RETURN_IF_ERROR(
        WriteAddressFile(options.address_file, host, server->port_));
  }
  Log(Severity::kInfo, "serving",
      {LogField::Name("address", absl::StrCat(host, ":", server->port_))});
  return server;
}

Server::~Server() { Drain(); }

std::shared_ptr<grpc::Channel> Server::MakeInProcessChannel() {
  grpc::ChannelArguments arguments;
  // What it answers is as large as its handlers let it be.
  arguments.SetMaxReceiveMessageSize(-1);
  return server_->InProcessChannel(arguments);
}

void Server::Drain() {
  if (server_ == nullptr) return;
  // Who watches would be waited for.
  health_->Leave();
  server_->Shutdown(std::chrono::system_clock::now() +
                    std::chrono::seconds(10));
  server_->Wait();
  queues_->End();
  server_.reset();
  queues_.reset();
}

}  // namespace frank::services
