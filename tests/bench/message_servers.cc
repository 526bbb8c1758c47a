#include "tests/bench/message_servers.h"

#include <grpcpp/create_channel.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/status.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "crypto/random.h"
#include "frank/v1/message.grpc.pb.h"
#include "proto/wire.h"
#include "services/common/call_metrics.h"
#include "services/common/metrics.h"
#include "services/platform/platform_server.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/bench/bare_committer.h"

namespace frank::bench {
namespace {

crypto::KeyRing Ring() {
  std::vector<crypto::KeyWindow> windows(1);
  windows[0].not_after = ~UnixMillis{0};
  windows[0].form = crypto::FrankForm::kBatched;
  windows[0].hub_key = crypto::Secret::Copy(Bytes(32, 1));
  windows[0].franking_seed = crypto::Secret::Copy(Bytes(32, 2));
  return *crypto::KeyRing::Create(kPlatformAuthority, std::move(windows));
}

struct Platform {
  explicit Platform(const std::string& folder) {
    storage::RocksDbEngine::Options options;
    options.path = folder;
    options.clock = &clock;
    engine = *storage::RocksDbEngine::Open(options);
    config::v1::PlatformConfig config;
    config.set_authority(kPlatformAuthority);
    platform::PlatformKeys keys;
    std::vector<crypto::KeyRing> rings;
    rings.push_back(Ring());
    keys.rings = *crypto::KeyRings::Create(std::move(rings));
    auto nobody =
        grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
    server = *platform::PlatformServer::Create(
        config, std::move(keys), {*engine, clock, random, nobody, metrics});
  }

  SystemClock clock;
  crypto::SystemRandom random;
  services::Metrics metrics;
  services::CallMetrics calls{metrics};
  std::unique_ptr<storage::RocksDbEngine> engine;
  std::unique_ptr<platform::PlatformServer> server;
};

class SendEcho final : public v1::MessageService::CallbackService {
 public:
  explicit SendEcho(const std::string& file) : committer_(file) {
    const std::vector<crypto::StampInput> inputs(
        64, {FrankingTag(), "mimi://hub.example/u/sender-of-this-message",
             "mimi://hub.example/r/00112233445566778899aabbccddeeff", 1});
    wire::SetFrank(inputs[0], crypto::Stamp(Ring(), inputs)->front(),
                   response_.mutable_accepted()->mutable_frank());
    response_.mutable_accepted()->set_sequence(1);
  }

  grpc::ServerUnaryReactor* Send(grpc::CallbackServerContext* context,
                                 const v1::SendRequest* request,
                                 v1::SendResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    committer_.Commit(request->envelope().body(), [this, response, reactor] {
      *response = response_;
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

 private:
  v1::SendResponse response_;
  BareCommitter committer_;
};

}  // namespace

ServerProcess::Prepare PlatformOver(const std::string& folder) {
  return [folder](grpc::ServerBuilder& builder) {
    auto platform = std::make_shared<Platform>(folder);
    for (grpc::Service* service : platform->server->services()) {
      builder.RegisterService(service);
    }
    builder.SetMaxReceiveMessageSize(16 << 20);
    builder.SetContextAllocator(platform->calls.MakeContexts());
    return platform;
  };
}

ServerProcess::Prepare SendEchoOver(const std::string& file) {
  return [file](grpc::ServerBuilder& builder) {
    auto echo = std::make_shared<SendEcho>(file);
    builder.RegisterService(echo.get());
    return echo;
  };
}

}  // namespace frank::bench
