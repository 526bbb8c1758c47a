// Calls through a server's own channel.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <memory>
#include <string>

#include "frank/v1/queue.grpc.pb.h"
#include "services/web/bridged_call.h"

namespace frank::web {
namespace {

// Waits as long as it takes.
class PatientClient final : public HttpClient {
 public:
  EventSignal& signal() override { return signal_; }
  bool AwaitSignal() override {
    pollfd watched = {signal_.fd(), POLLIN, 0};
    return poll(&watched, 1, -1) > 0;
  }

 private:
  EventSignal signal_;
};

class BridgedCallTest : public testing::Test {
 protected:
  BridgedCallTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(100);
    server_ = builder.BuildAndStart();
  }
  ~BridgedCallTest() override { server_->Shutdown(); }

  // How a call of such a message ends.
  google::rpc::Status EndOf(const std::string& message) {
    BridgedCall call(
        std::make_shared<Bridge>(server_->InProcessChannel({})),
        {"/frank.v1.QueueService/ListQueues", message, "", absl::Minutes(1)},
        client_);
    std::string answer;
    EXPECT_EQ(call.Next(&answer), BridgedCall::Event::kEnd);
    return call.status();
  }

  v1::QueueService::Service service_;  // answers nothing
  std::unique_ptr<grpc::Server> server_;
  PatientClient client_;
};

TEST_F(BridgedCallTest, TellsWhatGrpcRefuses) {
  EXPECT_EQ(EndOf("").code(), grpc::StatusCode::UNIMPLEMENTED);
  google::rpc::Status large = EndOf(std::string(200, 'x'));
  EXPECT_EQ(large.code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(large.message(),
            "the request is too large, or too much is asked at once");
}

}  // namespace
}  // namespace frank::web
