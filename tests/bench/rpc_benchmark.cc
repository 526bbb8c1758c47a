// What stamping costs the server through gRPC, in its CPU time for one item or
// one unary call:
//   frank_rpc_benchmark --benchmark_counters_tabular=true
// The server is a process of its own, so that its CPU time is nobody else's; it
// listens on the loopback, without TLS, as the bare figures do. server_us is
// FrankingService's, which counts its calls as the programs do. Taken in turns
// with it in one run: echo_us of an echo of messages of the same sizes over the
// same callback API, uncounted_us of the service that counts no calls.
#include <benchmark/benchmark.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/clock.h"
#include "core/status.h"
#include "crypto/key_ring.h"
#include "frank/v1/franking.grpc.pb.h"
#include "services/common/call_metrics.h"
#include "services/common/metrics.h"
#include "services/common/stream.h"
#include "services/common/wait.h"
#include "services/platform/franking_rpc.h"
#include "storage/memory/memory_engine.h"

namespace frank::bench {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kToken[] = "frank_benchmark";
constexpr int kItems = 64;
// Requests on their way, of the stream's window of four.
constexpr int kWindow = 4;
constexpr int kRequestsATurn = 500;
constexpr int kUnaryCallsATurn = 2000;

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

// Answers each request with the same bytes, which are as many as franks take.
class Echo final : public v1::FrankingService::CallbackService {
 public:
  explicit Echo(v1::StampBatchResponse response)
      : response_(std::move(response)) {}

  grpc::ServerBidiReactor<v1::StampBatchRequest, v1::StampBatchResponse>*
  StampStream(grpc::CallbackServerContext*) override {
    return new Stream(response_);
  }

 private:
  class Stream final : public grpc::ServerBidiReactor<v1::StampBatchRequest,
                                                      v1::StampBatchResponse> {
   public:
    explicit Stream(const v1::StampBatchResponse& response)
        : response_(response) {
      StartRead(&request_);
    }
    void OnReadDone(bool ok) override {
      if (!ok) return Finish(grpc::Status::OK);
      StartWrite(&response_);
    }
    void OnWriteDone(bool ok) override {
      if (!ok) return Finish(grpc::Status::OK);
      StartRead(&request_);
    }
    void OnDone() override { delete this; }

   private:
    v1::StampBatchRequest request_;
    const v1::StampBatchResponse response_;
  };

  const v1::StampBatchResponse response_;
};

// The franking service with all that it needs.
struct Franking {
  explicit Franking(crypto::FrankForm form)
      : rings(RingsOf(form)),
        engine(storage::MemoryEngine::Make(clock)),
        authenticator(*engine, clock,
                      {{"bench", platform::HashToken(kToken), {kAuthority}}}),
        stamp_clock(*platform::StampClock::Open(*engine, clock)),
        handler(authenticator, *stamp_clock, rings),
        service(handler) {}

  SystemClock clock;
  const crypto::KeyRings rings;
  std::unique_ptr<storage::MemoryEngine> engine;
  platform::Authenticator authenticator;
  std::unique_ptr<platform::StampClock> stamp_clock;
  platform::FrankingHandler handler;
  platform::FrankingRpc service;
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

// Answers what the service would, for the echo to send.
v1::StampBatchResponse Answer(Franking& franking) {
  services::Call call;
  call.bearer_token = kToken;
  v1::StampBatchResponse answer;
  franking.handler.StampBatch(call, MakeRequest(), [&](auto response) {
    FRANK_CHECK(response.ok());
    answer = *std::move(response);
  });
  return answer;
}

uint64_t CpuMicros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto micros = [](const timeval& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000 +
           static_cast<uint64_t>(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

void Exchange(int fd, void* bytes, size_t size, bool send) {
  ssize_t done = send ? write(fd, bytes, size) : read(fd, bytes, size);
  FRANK_CHECK(done == static_cast<ssize_t>(size));
}

enum class Serving { kCounted, kUncounted, kEcho };

// A server process: says its port, then its CPU time whenever it is asked.
class ServerProcess {
 public:
  ServerProcess(crypto::FrankForm form, Serving serving) {
    int asks[2], answers[2];
    FRANK_CHECK(pipe(asks) == 0 && pipe(answers) == 0);
    pid_ = fork();
    FRANK_CHECK(pid_ >= 0);
    if (pid_ == 0) {
      close(asks[1]);
      close(answers[0]);
      Serve(form, serving, asks[0], answers[1]);
    }
    close(asks[0]);
    close(answers[1]);
    ask_ = asks[1];
    answer_ = answers[0];
    Exchange(answer_, &port_, sizeof port_, false);
  }
  ~ServerProcess() {
    close(ask_);
    close(answer_);
    waitpid(pid_, nullptr, 0);
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  uint64_t CpuTime() const {
    char ask = 0;
    uint64_t micros = 0;
    Exchange(ask_, &ask, 1, true);
    Exchange(answer_, &micros, sizeof micros, false);
    return micros;
  }

 private:
  [[noreturn]] static void Serve(crypto::FrankForm form, Serving serving,
                                 int asks, int answers) {
    services::PrepareProcess();
    Franking franking(form);
    Echo bare(Answer(franking));
    services::Metrics metrics;
    services::CallMetrics calls(metrics);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    if (serving == Serving::kEcho) {
      builder.RegisterService(&bare);
    } else {
      builder.RegisterService(&franking.service);
    }
    if (serving == Serving::kCounted) {
      builder.SetContextAllocator(calls.MakeContexts());
    }
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    FRANK_CHECK(server != nullptr);
    Exchange(answers, &port, sizeof port, true);
    char ask = 0;
    while (read(asks, &ask, 1) == 1) {
      uint64_t micros = CpuMicros();
      Exchange(answers, &micros, sizeof micros, true);
    }
    server->Shutdown();
    _exit(0);
  }

  pid_t pid_ = 0;
  int port_ = 0;
  int ask_ = -1;
  int answer_ = -1;
};

// One stream to one server.
class StreamClient {
 public:
  explicit StreamClient(const ServerProcess& server)
      : server_(server),
        stub_(v1::FrankingService::NewStub(grpc::CreateChannel(
            server.address(), grpc::InsecureChannelCredentials()))) {
    context_.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
    stream_ = stub_->StampStream(&context_);
    Turn();  // connects, and warms up
  }
  ~StreamClient() {
    stream_->WritesDone();
    FRANK_CHECK(stream_->Finish().ok());
  }

  // Sends many requests, and returns the server's CPU time for an item of them
  // in microseconds.
  double Turn() {
    uint64_t before = server_.CpuTime();
    v1::StampBatchResponse response;
    for (int sent = 0, read = 0; read < kRequestsATurn; ++read) {
      while (sent < kRequestsATurn && sent - read < kWindow) {
        FRANK_CHECK(stream_->Write(request_));
        ++sent;
      }
      FRANK_CHECK(stream_->Read(&response));
      FRANK_CHECK(response.frank_size() == kItems);
    }
    return static_cast<double>(server_.CpuTime() - before) /
           (kRequestsATurn * kItems);
  }

 private:
  const ServerProcess& server_;
  const v1::StampBatchRequest request_ = MakeRequest();
  std::unique_ptr<v1::FrankingService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::StampBatchRequest, v1::StampBatchResponse>>
      stream_;
};

// Calls one server, one call after the other.
class UnaryClient {
 public:
  explicit UnaryClient(const ServerProcess& server)
      : server_(server),
        stub_(v1::FrankingService::NewStub(grpc::CreateChannel(
            server.address(), grpc::InsecureChannelCredentials()))) {
    Turn();  // connects, and warms up
  }

  // Makes many calls, and returns the server's CPU time for one of them in
  // microseconds.
  double Turn() {
    uint64_t before = server_.CpuTime();
    v1::StampResponse response;
    for (int i = 0; i < kUnaryCallsATurn; ++i) {
      grpc::ClientContext context;
      context.AddMetadata("authorization", absl::StrCat("Bearer ", kToken));
      FRANK_CHECK(stub_->Stamp(&context, request_, &response).ok());
    }
    return static_cast<double>(server_.CpuTime() - before) / kUnaryCallsATurn;
  }

 private:
  const ServerProcess& server_;
  const v1::StampRequest request_ = MakeRequest().stamp(0);
  std::unique_ptr<v1::FrankingService::Stub> stub_;
};

double Median(std::vector<double>* samples) {
  auto middle = samples->begin() + static_cast<long>(samples->size() / 2);
  std::nth_element(samples->begin(), middle, samples->end());
  return *middle;
}

// The servers of a form, started before gRPC has threads in this process.
struct Servers {
  explicit Servers(crypto::FrankForm form)
      : franking(form, Serving::kCounted),
        uncounted(form, Serving::kUncounted),
        echo(form, Serving::kEcho) {}
  ServerProcess franking;
  ServerProcess uncounted;
  ServerProcess echo;
};

void StampStream(benchmark::State& state, const Servers* servers) {
  StreamClient franking(servers->franking), echo(servers->echo);
  std::vector<double> stamps, echoes;
  for (auto _ : state) {
    stamps.push_back(franking.Turn());
    echoes.push_back(echo.Turn());
    state.SetIterationTime(stamps.back() * 1e-6);
  }
  double server_us = Median(&stamps), echo_us = Median(&echoes);
  state.counters["server_us"] = server_us;
  state.counters["echo_us"] = echo_us;
  state.counters["above_us"] = server_us - echo_us;
}

void Stamp(benchmark::State& state, const Servers* servers) {
  UnaryClient franking(servers->franking), bare(servers->uncounted);
  std::vector<double> stamps, uncounted;
  for (auto _ : state) {
    stamps.push_back(franking.Turn());
    uncounted.push_back(bare.Turn());
    state.SetIterationTime(stamps.back() * 1e-6);
  }
  double server_us = Median(&stamps), uncounted_us = Median(&uncounted);
  state.counters["server_us"] = server_us;
  state.counters["uncounted_us"] = uncounted_us;
  state.counters["counting_us"] = server_us - uncounted_us;
}

}  // namespace
}  // namespace frank::bench

int main(int argc, char** argv) {
  using frank::bench::Servers;
  using frank::crypto::FrankForm;
  const Servers batched(FrankForm::kBatched), none(FrankForm::kNone);
  frank::services::PrepareProcess();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (const auto& [name, servers] :
       {std::pair("StampStream64/batched", &batched),
        std::pair("StampStream64/mac_only", &none)}) {
    benchmark::RegisterBenchmark(name, frank::bench::StampStream, servers)
        ->UseManualTime()
        ->Iterations(30);
  }
  benchmark::RegisterBenchmark("Stamp/batched", frank::bench::Stamp, &batched)
      ->UseManualTime()
      ->Iterations(30);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
