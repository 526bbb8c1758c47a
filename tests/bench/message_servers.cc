#include "tests/bench/message_servers.h"

#include <grpcpp/create_channel.h>

#include <deque>
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
#include "services/common/stream_queues.h"
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
  std::unique_ptr<services::StreamQueues> queues;
};

v1::Frank SomeFrank() {
  const std::vector<crypto::StampInput> inputs(
      64, {FrankingTag(), "mimi://hub.example/u/sender-of-this-message",
           "mimi://hub.example/r/00112233445566778899aabbccddeeff", 1});
  v1::Frank frank;
  wire::SetFrank(inputs[0], crypto::Stamp(Ring(), inputs)->front(), &frank);
  return frank;
}

// Answers the start and then waits, as a device's stream that gets nothing.
class IdleStream final
    : public grpc::ServerBidiReactor<v1::ReceiveRequest, v1::ReceiveResponse> {
 public:
  IdleStream() {
    response_.mutable_caught_up()->set_server_time(1);
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartWrite(&response_);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  v1::ReceiveRequest request_;
  v1::ReceiveResponse response_;
};

class SendEcho final : public v1::MessageService::CallbackService {
 public:
  explicit SendEcho(const std::string& file) : committer_(file) {
    *response_.mutable_accepted()->mutable_frank() = SomeFrank();
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
  grpc::ServerBidiReactor<v1::ReceiveRequest, v1::ReceiveResponse>* Receive(
      grpc::CallbackServerContext*) override {
    return new IdleStream;
  }

 private:
  v1::SendResponse response_;
  BareCommitter committer_;
};

class FanOut final : public v1::MessageService::CallbackService {
 public:
  FanOut() : frank_(SomeFrank()) {
    *accepted_.mutable_accepted()->mutable_frank() = frank_;
    accepted_.mutable_accepted()->set_sequence(1);
  }

  grpc::ServerUnaryReactor* Send(grpc::CallbackServerContext* context,
                                 const v1::SendRequest* request,
                                 v1::SendResponse* response) override {
    auto message = std::make_shared<v1::ReceiveResponse>();
    v1::ReceiveResponse::Delivery* delivery = message->mutable_delivery();
    delivery->set_room_uri(request->room_uri());
    delivery->set_sequence(1);
    *delivery->mutable_frank() = frank_;
    *delivery->mutable_envelope() = request->envelope();
    delivery->mutable_envelope()->mutable_wrap()->DeleteSubrange(
        1, request->envelope().wrap_size() - 1);
    {
      absl::MutexLock lock(&mutex_);
      for (Stream* stream : streams_) stream->Deliver(message);
    }
    *response = accepted_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerBidiReactor<v1::ReceiveRequest, v1::ReceiveResponse>* Receive(
      grpc::CallbackServerContext*) override {
    auto* stream = new Stream(*this);
    absl::MutexLock lock(&mutex_);
    streams_.insert(stream);
    return stream;
  }

 private:
  using Message = std::shared_ptr<const v1::ReceiveResponse>;

  // Its messages are those of all others.
  class Stream final : public grpc::ServerBidiReactor<v1::ReceiveRequest,
                                                      v1::ReceiveResponse> {
   public:
    explicit Stream(FanOut& fan_out) : fan_out_(fan_out) {
      auto caught_up = std::make_shared<v1::ReceiveResponse>();
      caught_up->mutable_caught_up()->set_server_time(1);
      Deliver(std::move(caught_up));
      StartRead(&request_);
    }
    void Deliver(Message message) {
      absl::MutexLock lock(&mutex_);
      queue_.push_back(std::move(message));
      if (queue_.size() == 1) StartWrite(queue_.front().get());
    }
    void OnReadDone(bool ok) override {
      if (ok) return StartRead(&request_);
      {
        absl::MutexLock lock(&fan_out_.mutex_);
        fan_out_.streams_.erase(this);
      }
      Finish(grpc::Status::OK);
    }
    void OnWriteDone(bool ok) override {
      absl::MutexLock lock(&mutex_);
      queue_.pop_front();
      if (ok && !queue_.empty()) StartWrite(queue_.front().get());
    }
    void OnDone() override { delete this; }

   private:
    FanOut& fan_out_;
    v1::ReceiveRequest request_;
    absl::Mutex mutex_;
    std::deque<Message> queue_ ABSL_GUARDED_BY(mutex_);
  };

  const v1::Frank frank_;
  v1::SendResponse accepted_;
  absl::Mutex mutex_;
  std::set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
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
    platform->queues = std::make_unique<services::StreamQueues>(
        builder, platform->server->streams(), &platform->calls);
    return [platform] { platform->queues->Start(); };
  };
}

ServerProcess::Prepare SendEchoOver(const std::string& file) {
  return [file](grpc::ServerBuilder& builder) {
    auto echo = std::make_shared<SendEcho>(file);
    builder.RegisterService(echo.get());
    return [echo] {};
  };
}

ServerProcess::Prepare FanOutEcho() {
  return [](grpc::ServerBuilder& builder) {
    auto echo = std::make_shared<FanOut>();
    builder.RegisterService(echo.get());
    return [echo] {};
  };
}

}  // namespace frank::bench
