// Calls as they come to services, and how they end.
#include "services/common/rpc_service.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/status.h"
#include "frank/v1/message.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "services/common/metrics.h"
#include "services/common/status_mapping.h"
#include "services/common/stream.h"

namespace frank::services {
namespace {

// More than there are queues.
constexpr size_t kStreams = 20;
constexpr absl::Duration kPatience = absl::Seconds(20);

grpc::ByteBuffer CaughtUpAt(uint64_t time) {
  v1::ReceiveResponse response;
  response.mutable_caught_up()->set_server_time(time);
  grpc::Slice bytes(response.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

absl::Status Gone() {
  return WithReason(absl::NotFoundError("no such device"), "NOT_FOUND");
}

class EchoService;

// What is acknowledged to make a stream wait.
constexpr uint64_t kWait = 1000000;

// Answers each acknowledgement with its sequence.
class EchoStream final
    : public BidiStream<v1::ReceiveRequest, grpc::ByteBuffer> {
 public:
  explicit EchoStream(EchoService& service) : service_(service) {}
  void Say(uint64_t time) { Send(CaughtUpAt(time)); }
  void End(absl::Status status) { Close(std::move(status)); }
  void Listen() { ReadNext(); }

 private:
  void OnRequest(const v1::ReceiveRequest& request) override;
  void OnClosed() override;

  EchoService& service_;
};

class EchoService {
 public:
  EchoService() : rpc_(v1::MessageService::service_full_name()) {
    rpc_.Streaming(
        "Receive",
        [this](const Call&) {
          auto stream = std::make_shared<EchoStream>(*this);
          absl::MutexLock lock(&mutex_);
          streams_.push_back(stream);
          return stream;
        },
        Queue::kQuiet);
    // Answered when the test says so, by the test's thread.
    rpc_.Unary<v1::SendRequest, v1::SendResponse>(
        "Send", [this](const Call&, const v1::SendRequest&,
                       Done<v1::SendResponse> done) {
          absl::MutexLock lock(&mutex_);
          sends_.push_back(std::move(done));
        });
    rpc_.Unary<v1::SendBatchRequest, v1::SendBatchResponse>(
        "SendBatch", [this](const Call&, const v1::SendBatchRequest& request,
                            Done<v1::SendBatchResponse> done) {
          if (request.send_size() > 0) {
            waiting.Notify();
            goes_on.WaitForNotification();
          }
          done(v1::SendBatchResponse());
        });
  }
  RpcService* rpc() { return &rpc_; }

  std::vector<std::shared_ptr<EchoStream>> AwaitStreams(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto there = [&] { return streams_.size() >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&there), kPatience));
    return streams_;
  }
  absl::Notification waiting, goes_on;

  Done<v1::SendResponse> AwaitSend() {
    absl::MutexLock lock(&mutex_);
    auto there = [&] { return !sends_.empty(); };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&there), kPatience));
    Done<v1::SendResponse> send = std::move(sends_.back());
    sends_.pop_back();
    return send;
  }

  void CountClosed() {
    absl::MutexLock lock(&mutex_);
    ++closed_;
  }
  void AwaitClosed(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto closed = [&] { return closed_ >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&closed), kPatience));
    EXPECT_EQ(closed_, count);
  }

 private:
  RpcService rpc_;
  absl::Mutex mutex_;
  // Kept beyond their end, as by work that outlives them.
  std::vector<std::shared_ptr<EchoStream>> streams_ ABSL_GUARDED_BY(mutex_);
  size_t closed_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Done<v1::SendResponse>> sends_ ABSL_GUARDED_BY(mutex_);
};

void EchoStream::OnRequest(const v1::ReceiveRequest& request) {
  if (request.ack().sequence() == kWait) {
    service_.waiting.Notify();
    service_.goes_on.WaitForNotification();
  }
  Say(request.ack().sequence());
  ReadNext();
}
void EchoStream::OnClosed() { service_.CountClosed(); }

class RpcServiceTest : public testing::Test {
 protected:
  RpcServiceTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    queues_ = Register(builder, {service_.rpc()}, &calls_);
    server_ = builder.BuildAndStart();
    queues_->Start();
    stub_ = v1::MessageService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  ~RpcServiceTest() override { End(absl::InfiniteFuture()); }

  void End(absl::Time deadline) {
    if (server_ == nullptr) return;
    server_->Shutdown(absl::ToChronoTime(deadline));
    queues_->End();
    server_.reset();
  }

  struct Client {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<
        grpc::ClientReaderWriter<v1::ReceiveRequest, v1::ReceiveResponse>>
        stream;

    bool Ask(uint64_t sequence) const {
      v1::ReceiveRequest request;
      request.mutable_ack()->set_sequence(sequence);
      return stream->Write(request);
    }
    // 0 at the end.
    uint64_t Hear() const {
      v1::ReceiveResponse response;
      return stream->Read(&response) ? response.caught_up().server_time() : 0;
    }
  };
  Client Open() {
    Client client;
    client.context = std::make_unique<grpc::ClientContext>();
    client.context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    client.stream = stub_->Receive(client.context.get());
    return client;
  }
  std::vector<Client> OpenMany() {
    std::vector<Client> clients;
    for (size_t i = 0; i < kStreams; ++i) clients.push_back(Open());
    service_.AwaitStreams(kStreams);
    return clients;
  }

  Metrics metrics_;
  CallMetrics calls_{metrics_};
  EchoService service_;
  std::unique_ptr<CallQueues> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::MessageService::Stub> stub_;
};

TEST_F(RpcServiceTest, CarriesManyStreamsAtOnce) {
  const std::vector<Client> clients = OpenMany();
  for (uint64_t round = 1; round <= 10; ++round) {
    for (const Client& client : clients) EXPECT_TRUE(client.Ask(round));
    for (const Client& client : clients) EXPECT_EQ(client.Hear(), round);
  }
  for (const Client& client : clients) {
    client.stream->WritesDone();
    EXPECT_EQ(client.Hear(), 0u);
    EXPECT_TRUE(client.stream->Finish().ok());
  }
  service_.AwaitClosed(kStreams);
}

TEST_F(RpcServiceTest, WritesWhatWasQueuedBeforeItFinishes) {
  const Client client = Open();
  const auto stream = service_.AwaitStreams(1).front();
  for (uint64_t time = 1; time <= 100; ++time) stream->Say(time);
  stream->End(absl::OkStatus());
  for (uint64_t time = 1; time <= 100; ++time) EXPECT_EQ(client.Hear(), time);
  EXPECT_EQ(client.Hear(), 0u);
  EXPECT_TRUE(client.stream->Finish().ok());
}

TEST_F(RpcServiceTest, TellsWhyItEnds) {
  const Client client = Open();
  service_.AwaitStreams(1).front()->End(Gone());
  EXPECT_EQ(client.Hear(), 0u);
  EXPECT_EQ(FromGrpc(client.stream->Finish()), Gone());
}

TEST_F(RpcServiceTest, EndsStreamsThatAreCancelled) {
  const std::vector<Client> clients = OpenMany();
  for (const Client& client : clients) client.context->TryCancel();
  service_.AwaitClosed(kStreams);
  for (const Client& client : clients) {
    EXPECT_EQ(client.stream->Finish().error_code(),
              grpc::StatusCode::CANCELLED);
  }
  // As many more may come.
  EXPECT_TRUE(Open().Ask(1));
  service_.AwaitStreams(kStreams + 1);
}

TEST_F(RpcServiceTest, LetsNothingBeDoneOnceItIsOver) {
  const Client client = Open();
  const auto stream = service_.AwaitStreams(1).front();
  client.context->TryCancel();
  service_.AwaitClosed(1);
  stream->Say(1);
  stream->Listen();
  stream->End(absl::OkStatus());
}

TEST_F(RpcServiceTest, CancelsWhatIsOpenWhenTheServerEnds) {
  const std::vector<Client> clients = OpenMany();
  End(absl::Now());
  service_.AwaitClosed(kStreams);
  for (const Client& client : clients) {
    EXPECT_EQ(client.Hear(), 0u);
    EXPECT_FALSE(client.stream->Finish().ok());
  }
}

TEST_F(RpcServiceTest, WaitsForWhatIsStillToBeDoneWhenTheServerHasEnded) {
  const Client client = Open();
  EXPECT_TRUE(client.Ask(kWait));
  service_.waiting.WaitForNotification();
  // Long after the server has cancelled the call and gone on, of which nothing
  // tells. Too early it would show less, and fail no sooner.
  std::thread later([this] {
    absl::SleepFor(absl::Milliseconds(200));
    service_.goes_on.Notify();
  });
  End(absl::Now());
  service_.AwaitClosed(1);
  later.join();
}

TEST_F(RpcServiceTest, EndsWhileOthersSpeak) {
  const std::vector<Client> clients = OpenMany();
  const auto streams = service_.AwaitStreams(kStreams);
  absl::Notification heard;
  std::atomic<bool> ending{false};
  std::thread speaker([&] {
    for (uint64_t time = 1; !ending; ++time) {
      for (const auto& stream : streams) stream->Say(time);
      for (const Client& client : clients) client.Hear();
      if (time == 1) heard.Notify();
    }
  });
  heard.WaitForNotification();
  End(absl::Now());
  ending = true;
  speaker.join();
  service_.AwaitClosed(kStreams);
}

TEST_F(RpcServiceTest, CountsHowStreamsEnd) {
  const Client done = Open();
  done.stream->WritesDone();
  EXPECT_TRUE(done.stream->Finish().ok());
  const Client refused = Open();
  service_.AwaitStreams(2).back()->End(Gone());
  service_.AwaitClosed(2);
  std::vector<MetricSample> samples;
  calls_
      .CallsOf(*v1::ReceiveRequest::descriptor()
                    ->file()
                    ->FindServiceByName("MessageService")
                    ->FindMethodByName("Receive"))
      .AppendTotals(&samples);
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_THAT(samples[0].labels,
              testing::ElementsAre("MessageService.Receive", "OK", ""));
  EXPECT_THAT(
      samples[1].labels,
      testing::ElementsAre("MessageService.Receive", "NOT_FOUND", "NOT_FOUND"));
}

// What the client has given up on before, while and after it is served.
TEST_F(RpcServiceTest, SurvivesStreamsThatAreCancelledAtOnce) {
  for (int i = 0; i < 300; ++i) {
    const Client client = Open();
    if (i % 3 == 1) client.Ask(1);
    if (i % 3 == 2) client.stream->WritesDone();
    client.context->TryCancel();
    client.stream->Finish();
  }
  EXPECT_TRUE(Open().Ask(1));
}

TEST_F(RpcServiceTest, AnswersAUnaryCallFromAnyThread) {
  std::thread answering([this] {
    v1::SendResponse response;
    response.mutable_accepted()->set_sequence(7);
    service_.AwaitSend()(response);
    service_.AwaitSend()(Gone());
  });
  grpc::ClientContext accepted, refused;
  v1::SendResponse response;
  EXPECT_TRUE(stub_->Send(&accepted, v1::SendRequest(), &response).ok());
  EXPECT_EQ(response.accepted().sequence(), 7u);
  EXPECT_EQ(FromGrpc(stub_->Send(&refused, v1::SendRequest(), &response)),
            Gone());
  answering.join();
}

TEST_F(RpcServiceTest, AnswersAUnaryCallThatItsClientHasGivenUp) {
  grpc::ClientContext context;
  std::thread answering([&] {
    Done<v1::SendResponse> done = service_.AwaitSend();
    context.TryCancel();
    done(v1::SendResponse());
  });
  v1::SendResponse response;
  stub_->Send(&context, v1::SendRequest(), &response);
  answering.join();
  // The next is served.
  grpc::ClientContext next;
  v1::SendBatchResponse batch;
  EXPECT_TRUE(stub_->SendBatch(&next, v1::SendBatchRequest(), &batch).ok());
}

TEST_F(RpcServiceTest, ServesOthersWhileAHandlerTakesItsTime) {
  std::thread slow([this] {
    grpc::ClientContext context;
    v1::SendBatchRequest request;
    request.add_send();
    v1::SendBatchResponse response;
    EXPECT_TRUE(stub_->SendBatch(&context, request, &response).ok());
  });
  service_.waiting.WaitForNotification();
  const Client client = Open();
  EXPECT_TRUE(client.Ask(1));
  EXPECT_EQ(client.Hear(), 1u);
  service_.goes_on.Notify();
  slow.join();
}

TEST(CallQueuesTest, EndWithoutAServer) {
  EchoService service;
  grpc::ServerBuilder builder;
  auto queues = Register(builder, {service.rpc()}, nullptr);
}

}  // namespace
}  // namespace frank::services
