// The health service, as its clients see it.
#include "services/common/health.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/sync_stream.h"
#include "gtest/gtest.h"

namespace frank::services {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using grpc::internal::RpcMethod;

class HealthTest : public testing::Test {
 protected:
  using Watcher = std::unique_ptr<grpc::ClientReader<HealthCheckResponse>>;

  HealthTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    queues_ = Register(builder, {service_.get()}, nullptr);
    server_ = builder.BuildAndStart();
    queues_->Start();
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", port),
                                   grpc::InsecureChannelCredentials());
  }
  ~HealthTest() override {
    health_.Leave();
    server_->Shutdown(std::chrono::system_clock::now());
    queues_->End();
  }

  static HealthCheckRequest About(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    return request;
  }
  grpc::Status Check(const std::string& service,
                     HealthCheckResponse* response) {
    grpc::ClientContext context;
    return grpc::internal::BlockingUnaryCall<HealthCheckRequest,
                                             HealthCheckResponse>(
        channel_.get(),
        RpcMethod("/grpc.health.v1.Health/Check", RpcMethod::NORMAL_RPC),
        &context, About(service), response);
  }
  Watcher Watch(grpc::ClientContext* context, const std::string& service) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    return Watcher(
        grpc::internal::ClientReaderFactory<HealthCheckResponse>::Create(
            channel_.get(),
            RpcMethod("/grpc.health.v1.Health/Watch",
                      RpcMethod::SERVER_STREAMING),
            context, About(service)));
  }
  // UNKNOWN at the end.
  static HealthCheckResponse::ServingStatus Next(const Watcher& watcher) {
    HealthCheckResponse response;
    return watcher->Read(&response) ? response.status()
                                    : HealthCheckResponse::UNKNOWN;
  }

  Health health_;
  std::unique_ptr<RpcService> service_ = MakeHealthService(health_);
  std::unique_ptr<CallQueues> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(HealthTest, TellsTheStateOfTheServerAsAWhole) {
  HealthCheckResponse response;
  ASSERT_TRUE(Check("", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  health_.Fail();
  ASSERT_TRUE(Check("", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check("frank.v1.RoomService", &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthTest, TellsWatchersOfEachChangeOnceAndThatItEnds) {
  grpc::ClientContext context;
  const Watcher watcher = Watch(&context, "");
  EXPECT_EQ(Next(watcher), HealthCheckResponse::SERVING);
  health_.Fail();
  health_.Fail();
  EXPECT_EQ(Next(watcher), HealthCheckResponse::NOT_SERVING);
  health_.Leave();
  EXPECT_EQ(Next(watcher), HealthCheckResponse::UNKNOWN);
  EXPECT_EQ(watcher->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(HealthTest, KeepsWatchersOfUnknownServicesWaiting) {
  grpc::ClientContext context;
  const Watcher watcher = Watch(&context, "frank.v1.RoomService");
  EXPECT_EQ(Next(watcher), HealthCheckResponse::SERVICE_UNKNOWN);
  health_.Leave();
  EXPECT_EQ(Next(watcher), HealthCheckResponse::UNKNOWN);
  EXPECT_EQ(watcher->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(HealthTest, ForgetsWatchersThatAreGone) {
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext context;
    const Watcher watcher = Watch(&context, "");
    if (i % 2 == 0) Next(watcher);
    context.TryCancel();
    watcher->Finish();
  }
  health_.Fail();
}

}  // namespace
}  // namespace frank::services
