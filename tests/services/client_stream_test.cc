// The client's side of a stream between the servers.
#include "services/common/client_stream.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "frank/v1/intake.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace frank::services {
namespace {

constexpr size_t kFlood = 4 * limits::kMaxWaitingResponses;

// Sends more than anybody asked for, and waits for the end.
class FloodingIntake final : public v1::IntakeService::Service {
 public:
  grpc::Status Forward(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ForwardResponse, v1::ForwardRequest>* stream)
      override {
    for (size_t i = 1; i <= kFlood; ++i) {
      v1::ForwardResponse response;
      response.set_acknowledged(i);
      if (!stream->Write(response)) break;
    }
    v1::ForwardRequest request;
    while (stream->Read(&request)) continue;
    return grpc::Status::OK;
  }
};

class ClientStreamTest : public testing::Test {
 protected:
  using Stream = ClientStream<v1::ForwardRequest, v1::ForwardResponse>;

  ClientStreamTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("localhost:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&intake_);
    server_ = builder.BuildAndStart();
    stub_ = v1::IntakeService::NewStub(grpc::CreateChannel(
        absl::StrCat("localhost:", port), grpc::InsecureChannelCredentials()));
    stream_ = std::make_unique<Stream>(
        queue_.get(),
        [this](auto* context, auto* queue) {
          return stub_->PrepareAsyncForward(context, queue);
        },
        [this] {
          absl::MutexLock lock(&mutex_);
          ++wakes_;
        });
  }
  ~ClientStreamTest() override {
    stream_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }

  // Waits until so many responses have come.
  void AwaitCame(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto enough = [&] { return wakes_ >= count; };
    mutex_.Await(absl::Condition(&enough));
  }

  EventQueue queue_{EventQueue::Polling::kPolled};
  FloodingIntake intake_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IntakeService::Stub> stub_;
  absl::Mutex mutex_;
  size_t wakes_ = 0;
  std::unique_ptr<Stream> stream_;
};

TEST_F(ClientStreamTest, ReadsNoFurtherThanWhatMayWait) {
  uint64_t last = 0;
  for (size_t taken = 0; taken < kFlood;) {
    AwaitCame(taken + limits::kMaxWaitingResponses);
    std::vector<v1::ForwardResponse> came = stream_->TakeAll();
    EXPECT_EQ(came.size(), limits::kMaxWaitingResponses);
    for (const v1::ForwardResponse& response : came) {
      EXPECT_EQ(response.acknowledged(), ++last);
    }
    taken += came.size();
  }
  EXPECT_FALSE(stream_->ended());
}

TEST_F(ClientStreamTest, EndsWhileItReadsNoFurther) {
  AwaitCame(limits::kMaxWaitingResponses);
  stream_.reset();
}

}  // namespace
}  // namespace frank::services
