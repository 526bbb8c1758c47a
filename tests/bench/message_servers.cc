#include "tests/bench/message_servers.h"

#include <grpcpp/create_channel.h>

#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "crypto/random.h"
#include "frank/v1/message.grpc.pb.h"
#include "proto/wire.h"
#include "services/common/call_metrics.h"
#include "services/common/metrics.h"
#include "services/common/rpc_service.h"
#include "services/common/stream.h"
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

v1::Frank SomeFrank() {
  const std::vector<crypto::StampInput> inputs(
      64, {FrankingTag(), "mimi://hub.example/u/sender-of-this-message",
           "mimi://hub.example/r/00112233445566778899aabbccddeeff", 1});
  v1::Frank frank;
  wire::SetFrank(inputs[0], crypto::Stamp(Ring(), inputs)->front(), &frank);
  return frank;
}

using Stream = services::BidiStream<v1::ReceiveRequest, v1::ReceiveResponse>;

// Answers the start and then waits, as a device's stream that gets nothing.
class IdleStream final : public Stream {
  void OnRequest(const v1::ReceiveRequest&) override {
    v1::ReceiveResponse response;
    response.mutable_caught_up()->set_server_time(1);
    Send(std::move(response));
    ReadNext();
  }
};

class SendEcho {
 public:
  explicit SendEcho(const std::string& file) : committer_(file) {
    *response_.mutable_accepted()->mutable_frank() = SomeFrank();
    response_.mutable_accepted()->set_sequence(1);
    rpc_.Unary<v1::SendRequest, v1::SendResponse>(
        "Send",
        [this](const services::Call&, const v1::SendRequest& request,
               services::Done<v1::SendResponse> done) {
          committer_.Commit(
              request.envelope().body(),
              [this, done = std::move(done)]() mutable { done(response_); });
        },
        services::Runs::kWherePolled);
    rpc_.Streaming(
        "Receive",
        [](const services::Call&) { return std::make_shared<IdleStream>(); },
        services::Queue::kPolled);
  }
  services::RpcService* rpc() { return &rpc_; }

 private:
  v1::SendResponse response_;
  BareCommitter committer_;
  services::RpcService rpc_{v1::MessageService::service_full_name()};
};

class FanOut {
 public:
  FanOut() : frank_(SomeFrank()) {
    *accepted_.mutable_accepted()->mutable_frank() = frank_;
    accepted_.mutable_accepted()->set_sequence(1);
    rpc_.Unary<v1::SendRequest, v1::SendResponse>(
        "Send",
        [this](const services::Call&, const v1::SendRequest& request,
               services::Done<v1::SendResponse> done) {
          Deliver(request);
          done(accepted_);
        },
        services::Runs::kWherePolled);
    rpc_.Streaming(
        "Receive",
        [this](const services::Call&) {
          return std::make_shared<Recipient>(*this);
        },
        services::Queue::kPolled);
  }
  services::RpcService* rpc() { return &rpc_; }

 private:
  class Recipient final : public Stream {
   public:
    explicit Recipient(FanOut& fan_out) : fan_out_(fan_out) {}
    void Deliver(const v1::ReceiveResponse& message) { Send(message); }

   private:
    void OnStart() override {
      v1::ReceiveResponse caught_up;
      caught_up.mutable_caught_up()->set_server_time(1);
      Send(std::move(caught_up));
      absl::MutexLock lock(&fan_out_.mutex_);
      fan_out_.recipients_.insert(this);
      ReadNext();
    }
    void OnRequest(const v1::ReceiveRequest&) override { ReadNext(); }
    void OnClosed() override {
      absl::MutexLock lock(&fan_out_.mutex_);
      fan_out_.recipients_.erase(this);
    }

    FanOut& fan_out_;
  };

  void Deliver(const v1::SendRequest& request) {
    v1::ReceiveResponse message;
    v1::ReceiveResponse::Delivery* delivery = message.mutable_delivery();
    delivery->set_room_uri(request.room_uri());
    delivery->set_sequence(1);
    *delivery->mutable_frank() = frank_;
    *delivery->mutable_envelope() = request.envelope();
    delivery->mutable_envelope()->mutable_wrap()->DeleteSubrange(
        1, request.envelope().wrap_size() - 1);
    absl::MutexLock lock(&mutex_);
    for (Recipient* recipient : recipients_) recipient->Deliver(message);
  }

  const v1::Frank frank_;
  v1::SendResponse accepted_;
  services::RpcService rpc_{v1::MessageService::service_full_name()};
  absl::Mutex mutex_;
  std::set<Recipient*> recipients_ ABSL_GUARDED_BY(mutex_);
};

// Serves what `made` has, which is kept as long as the process.
template <typename Made>
std::function<void()> Serve(grpc::ServerBuilder& builder, Made made) {
  std::shared_ptr<services::CallQueues> queues =
      services::Register(builder, {made->rpc()}, nullptr);
  return [made, queues] { queues->Start(); };
}

}  // namespace

ServerProcess::Prepare PlatformOver(const std::string& folder) {
  return [folder](grpc::ServerBuilder& builder) {
    auto platform = std::make_shared<Platform>(folder);
    builder.SetMaxReceiveMessageSize(16 << 20);
    std::shared_ptr<services::CallQueues> queues = services::Register(
        builder, platform->server->services(), &platform->calls);
    return [platform, queues] { queues->Start(); };
  };
}

ServerProcess::Prepare SendEchoOver(const std::string& file) {
  return [file](grpc::ServerBuilder& builder) {
    return Serve(builder, std::make_shared<SendEcho>(file));
  };
}

ServerProcess::Prepare FanOutEcho() {
  return [](grpc::ServerBuilder& builder) {
    return Serve(builder, std::make_shared<FanOut>());
  };
}

}  // namespace frank::bench
