#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/key_ring.h"
#include "frank/v1/franking.grpc.pb.h"
#include "services/common/call_metrics.h"
#include "services/common/metrics.h"
#include "services/common/rpc_service.h"
#include "services/common/stream_call.h"
#include "services/platform/franking_rpc.h"
#include "storage/memory/memory_engine.h"
#include "tests/bench/calls.h"
#include "tests/bench/comparison.h"
#include "tests/bench/paced.h"
#include "tests/bench/server_process.h"
#include "tests/bench/service_cases.h"

namespace frank::bench {
namespace {

using Service = v1::FrankingService;

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kToken[] = "frank_benchmark";
constexpr int kItems = 64;
// How many unary calls share a signature, about: it makes the proof's length.
constexpr int kGroup = 16;
// Requests on their way, of the stream's window of four.
constexpr int kWindow = 4;
constexpr int kRequestsATurn = 300;
constexpr size_t kUnaryCallsATurn = 4000;
constexpr size_t kPacedStamps = 20000;
constexpr size_t kOutstanding = 64;

crypto::KeyRings RingsOf(crypto::FrankForm form) {
  std::vector<crypto::KeyWindow> windows(1);
  windows[0].not_after = ~UnixMillis{0};
  windows[0].form = form;
  windows[0].hub_key = crypto::Secret::Copy(Bytes(32, 1));
  if (form != crypto::FrankForm::kNone) {
    windows[0].franking_seed = crypto::Secret::Copy(Bytes(32, 2));
  }
  std::vector<crypto::KeyRing> rings;
  rings.push_back(*crypto::KeyRing::Create(kAuthority, std::move(windows)));
  return *crypto::KeyRings::Create(std::move(rings));
}

// The franking service with all that it needs; its calls are counted as in the
// program.
struct Franking {
  explicit Franking(crypto::FrankForm form)
      : rings(RingsOf(form)),
        engine(storage::MemoryEngine::Make(clock)),
        authenticator(*engine, clock,
                      {{"bench", platform::HashToken(kToken), {kAuthority}}}),
        stamp_clock(*platform::StampClock::Open(*engine, clock)),
        handler(authenticator, *stamp_clock, rings),
        service(platform::MakeFrankingService(handler)) {}

  SystemClock clock;
  const crypto::KeyRings rings;
  std::unique_ptr<storage::MemoryEngine> engine;
  platform::Authenticator authenticator;
  std::unique_ptr<platform::StampClock> stamp_clock;
  platform::FrankingHandler handler;
  std::unique_ptr<services::RpcService> service;
  services::Metrics metrics;
  services::CallMetrics calls{metrics};
};

v1::StampBatchRequest MakeRequest() {
  v1::StampBatchRequest request;
  for (int i = 0; i < kItems; ++i) {
    v1::StampRequest* stamp = request.add_stamp();
    stamp->set_franking_tag(std::string(32, static_cast<char>(i)));
    stamp->set_sender_uri(absl::StrCat(kAuthority, "/u/sender-number-", i));
    stamp->set_room_uri(absl::StrCat(kAuthority, "/r/room-number-", i));
  }
  return request;
}

// Answers with the franks of one request, made beforehand.
class Echo {
 public:
  explicit Echo(crypto::FrankForm form) {
    Franking franking(form);
    services::Call call;
    call.bearer_token = kToken;
    const v1::StampBatchRequest request = MakeRequest();
    franking.handler.StampBatch(call, request, [&](auto response) {
      FRANK_CHECK(response.ok());
      batch_ = *std::move(response);
    });
    v1::StampBatchRequest group = request;
    group.mutable_stamp()->DeleteSubrange(kGroup, kItems - kGroup);
    franking.handler.StampBatch(call, group, [&](auto response) {
      FRANK_CHECK(response.ok());
      *one_.mutable_frank() = response->frank(0);
    });
    rpc_.Unary<v1::StampRequest, v1::StampResponse>(
        "Stamp", [this](const auto&, const auto&, auto done) { done(one_); },
        services::Runs::kWherePolled);
    rpc_.Unary<v1::StampBatchRequest, v1::StampBatchResponse>(
        "StampBatch",
        [this](const auto&, const auto&, auto done) { done(batch_); },
        services::Runs::kWherePolled);
    rpc_.Streaming(
        "StampStream",
        [this](const services::Call&) {
          return std::make_shared<Stream>(batch_);
        },
        services::Queue::kPolled);
  }
  services::RpcService* rpc() { return &rpc_; }

 private:
  // Reads on once its answer is written.
  class Stream final : public services::StreamReactor {
   public:
    using ReadAs = v1::StampBatchRequest;
    using WrittenAs = v1::StampBatchResponse;
    using OneCall = services::StreamCall<ReadAs, WrittenAs>;

    explicit Stream(const v1::StampBatchResponse& response)
        : response_(response) {}
    static void Serve(OneCall* call, std::shared_ptr<Stream> stream,
                      services::MethodCalls*) {
      Stream& served = *stream;
      served.self_ = std::move(stream);
      served.call_ = call;
      call->Bind(&served);
      call->StartRead(&served.request_);
    }

   private:
    void OnReadDone(bool ok) override {
      if (!ok) return call_->Finish(grpc::Status::OK);
      call_->StartWrite(&response_);
    }
    void OnWriteDone(bool ok) override {
      if (!ok) return call_->Finish(grpc::Status::OK);
      call_->StartRead(&request_);
    }
    void OnCancel() override {}
    void OnDone() override { self_.reset(); }

    std::shared_ptr<Stream> self_;
    OneCall* call_ = nullptr;
    v1::StampBatchRequest request_;
    const v1::StampBatchResponse response_;
  };

  v1::StampBatchResponse batch_;
  v1::StampResponse one_;
  services::RpcService rpc_{Service::service_full_name()};
};

// Server CPU of a stamp in a stream of batches, microseconds.
class StreamClient {
 public:
  explicit StreamClient(const ServerProcess& server)
      : server_(server), stub_(Service::NewStub(Open(server.address()))) {
    context_.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
    stream_ = stub_->StampStream(&context_);
  }
  ~StreamClient() {
    stream_->WritesDone();
    FRANK_CHECK(stream_->Finish().ok());
  }

  double Turn() {
    uint64_t before = server_.CpuMicros();
    v1::StampBatchResponse response;
    for (int sent = 0, read = 0; read < kRequestsATurn; ++read) {
      while (sent < kRequestsATurn && sent - read < kWindow) {
        FRANK_CHECK(stream_->Write(request_));
        ++sent;
      }
      FRANK_CHECK(stream_->Read(&response));
      FRANK_CHECK(response.frank_size() == kItems);
    }
    return static_cast<double>(server_.CpuMicros() - before) /
           (kRequestsATurn * kItems);
  }

 private:
  const ServerProcess& server_;
  const v1::StampBatchRequest request_ = MakeRequest();
  std::unique_ptr<Service::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::StampBatchRequest, v1::StampBatchResponse>>
      stream_;
};

// Server CPU of a unary stamp, 64 on their way, microseconds.
class UnaryClient {
 public:
  explicit UnaryClient(const ServerProcess& server)
      : server_(server), stub_(Service::NewStub(Open(server.address()))) {}

  double Turn() {
    uint64_t before = server_.CpuMicros();
    Drive(kUnaryCallsATurn, kOutstanding, starter());
    return static_cast<double>(server_.CpuMicros() - before) / kUnaryCallsATurn;
  }
  Start starter() {
    return [this](size_t, Answered answered) {
      Call<Service::Stub, class Service::Stub::async, v1::StampRequest,
           v1::StampResponse>(*stub_, &Service::Stub::async::Stamp, kToken,
                              request_, nullptr, std::move(answered));
    };
  }

 private:
  const ServerProcess& server_;
  const v1::StampRequest request_ = MakeRequest().stamp(0);
  std::unique_ptr<Service::Stub> stub_;
};

// Server CPU of a stamp in a unary call of 64, so many of these on their way,
// microseconds.
class BatchClient {
 public:
  explicit BatchClient(const ServerProcess& server)
      : server_(server), stub_(Service::NewStub(Open(server.address()))) {}

  double Turn() {
    uint64_t before = server_.CpuMicros();
    Drive(kRequestsATurn, kWindow, [this](size_t, Answered answered) {
      Call<Service::Stub, class Service::Stub::async, v1::StampBatchRequest,
           v1::StampBatchResponse>(*stub_, &Service::Stub::async::StampBatch,
                                   kToken, request_, nullptr,
                                   std::move(answered));
    });
    return static_cast<double>(server_.CpuMicros() - before) /
           (kRequestsATurn * kItems);
  }

 private:
  const ServerProcess& server_;
  const v1::StampBatchRequest request_ = MakeRequest();
  std::unique_ptr<Service::Stub> stub_;
};

// Serves a part of `kept`, which is kept as long as the process.
std::function<void()> Serve(grpc::ServerBuilder& builder,
                            services::RpcService* service,
                            services::CallMetrics* calls,
                            std::shared_ptr<void> kept) {
  std::shared_ptr<services::CallQueues> queues =
      services::Register(builder, {service}, calls);
  return [kept = std::move(kept), queues] { queues->Start(); };
}

// A form, and the echo of its answers.
struct Servers {
  explicit Servers(crypto::FrankForm form)
      : ours([form](grpc::ServerBuilder& builder) {
          auto franking = std::make_shared<Franking>(form);
          return Serve(builder, franking->service.get(), &franking->calls,
                       franking);
        }),
        echo([form](grpc::ServerBuilder& builder) {
          auto bare = std::make_shared<Echo>(form);
          return Serve(builder, bare->rpc(), nullptr, bare);
        }) {}
  ServerProcess ours;
  ServerProcess echo;
};

template <typename Client>
void RunPair(const std::string& name, const std::string& bare, double aim,
             const Servers& servers, const std::string& filter, size_t turns) {
  if (!absl::StrContains(name, filter)) return;
  Client ours(servers.ours), echo(servers.echo);
  Run({name, bare, aim, [&ours] { return ours.Turn(); },
       [&echo] { return echo.Turn(); }},
      turns);
}

class StampCases final : public ServiceCases {
 public:
  void Run(const std::string& filter, size_t turns) override {
    RunPair<UnaryClient>("Stamp, MAC only", "unary echo", 1 / 0.9, none_,
                         filter, turns);
    RunPair<UnaryClient>("Stamp, batched signature", "unary echo", 1 / 0.8,
                         batched_, filter, turns);
    RunPair<BatchClient>("StampBatch 64, MAC only", "unary echo of 64", 0,
                         none_, filter, turns);
    RunPair<BatchClient>("StampBatch 64, batched", "unary echo of 64", 0,
                         batched_, filter, turns);
    RunPair<StreamClient>("StampStream 64, MAC only", "stream echo of 64", 0,
                          none_, filter, turns);
    RunPair<StreamClient>("StampStream 64, batched", "stream echo of 64", 0,
                          batched_, filter, turns);
    RunStreamBesideUnary(filter, turns);
    RunHalfLoad("half load, Stamp, MAC only", none_, filter, turns);
    RunHalfLoad("half load, Stamp, batched", batched_, filter, turns);
  }

 private:
  static void RunHalfLoad(const std::string& name, const Servers& servers,
                          const std::string& filter, size_t turns) {
    if (!absl::StrContains(name, filter)) return;
    UnaryClient ours(servers.ours), echo(servers.echo);
    bench::RunHalfLoad({name, "unary echo", kPacedStamps, [] {}, ours.starter(),
                        echo.starter()},
                       turns);
  }

  // An item of a stream beside a unary call of the same server.
  void RunStreamBesideUnary(const std::string& filter, size_t turns) {
    const std::string name = "StampStream 64 beside Stamp";
    if (!absl::StrContains(name, filter)) return;
    StreamClient stream(batched_.ours);
    UnaryClient unary(batched_.ours);
    bench::Run({name, "unary Stamp, batched", 1.0 / 12,
                [&stream] { return stream.Turn(); },
                [&unary] { return unary.Turn(); }},
               turns);
  }

  const Servers none_{crypto::FrankForm::kNone};
  const Servers batched_{crypto::FrankForm::kBatched};
};

}  // namespace

std::unique_ptr<ServiceCases> MakeStampCases() {
  return std::make_unique<StampCases>();
}

}  // namespace frank::bench
