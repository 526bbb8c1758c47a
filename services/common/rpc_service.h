// A service of the schema as a table of its methods and what serves each.
#ifndef FRANK_SERVICES_COMMON_RPC_SERVICE_H_
#define FRANK_SERVICES_COMMON_RPC_SERVICE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/status.h"
#include "google/protobuf/descriptor.h"
#include "grpc/support/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/call.h"
#include "services/common/call_metrics.h"
#include "services/common/call_queues.h"
#include "services/common/status_mapping.h"
#include "services/common/stream_call.h"

namespace frank::services {

class RpcService;

// One method: where gRPC knows it, and who counts its calls.
class RpcMethod : public CallSource {
 public:
  RpcMethod(RpcService& service,
            const google::protobuf::MethodDescriptor& descriptor);

  // Before there are calls.
  void CountBy(CallMetrics& metrics) { calls_ = &metrics.CallsOf(descriptor_); }

 protected:
  RpcService& service() const { return service_; }
  // Among those of its service.
  int index() const { return index_; }
  // Null: they are not counted.
  MethodCalls* calls() const { return calls_; }

 private:
  friend class RpcService;

  RpcService& service_;
  const int index_;
  const google::protobuf::MethodDescriptor& descriptor_;
  // gRPC refers to it.
  const std::string path_;
  MethodCalls* calls_ = nullptr;
};

// Where a handler runs: on the thread that polls, for what is quick and comes
// often, or on others.
enum class Runs { kAside, kWherePolled };
// The queue of a stream: that which is polled, for what is quick and soon over,
// or one that has a thread of its own.
enum class Queue { kPolled, kQuiet };

// Methods are added by their names in the schema, all of them before the server
// starts, and refer to handlers that outlive the service. What the schema does
// not have ends the program: it is written wrongly. Where a method is added,
// the generated header of its service is included, which says how requests are
// read (wire::GuardedRequest).
class RpcService final : public grpc::Service {
 public:
  // `full_name`: v1::ReviewService::service_full_name().
  explicit RpcService(absl::string_view full_name);
  ~RpcService() override;

  template <typename Request, typename Response>
  using UnaryHandle =
      std::function<void(const Call&, const Request&, Done<Response>)>;

  // Serves a unary method. The request outlives `done`; one that was not parsed
  // is refused here.
  template <typename Request, typename Response>
  void Unary(absl::string_view method, UnaryHandle<Request, Response> handle,
             Runs runs = Runs::kAside);
  // By a method of a handler.
  template <typename Handler, typename Request, typename Response>
  void Unary(absl::string_view method, Handler& handler,
             void (Handler::*handle)(const Call&, const Request&,
                                     Done<Response>),
             Runs runs = Runs::kAside) {
    Unary<Request, Response>(
        method,
        [&handler, handle](const Call& call, const Request& request,
                           Done<Response> done) {
          (handler.*handle)(call, request, std::move(done));
        },
        runs);
  }

  // Serves a streaming method by what `make(call)` returns, which is shared: a
  // BidiStream or a RequestStream.
  template <typename Make>
  void Streaming(absl::string_view method, Make make, Queue queue);
  // By `make(call, request)`, a ResponseStream, on a quiet queue.
  template <typename Request, typename Make>
  void Responses(absl::string_view method, Make make);

  // Ends the program if the schema has a method that was not added.
  void CheckComplete() const;

  // Have gRPC bring a call of the method to `arrivals`.
  template <typename Request>
  void RequestUnary(int index, grpc::ServerContext* context, Request* request,
                    grpc::internal::ServerAsyncStreamingInterface* wire,
                    grpc::ServerCompletionQueue* arrivals, void* tag) {
    RequestAsyncUnary(index, context, request, wire, arrivals, arrivals, tag);
  }
  void RequestStream(int index, grpc::ServerContext* context,
                     grpc::internal::ServerAsyncStreamingInterface* wire,
                     grpc::CompletionQueue* queue,
                     grpc::ServerCompletionQueue* arrivals, void* tag) {
    RequestAsyncBidiStreaming(index, context, wire, queue, arrivals, tag);
  }

 private:
  template <typename Made>
  class StreamMethod;
  template <typename Request, typename Response>
  class UnaryMethod;

  friend class RpcMethod;
  friend std::unique_ptr<CallQueues> Register(
      grpc::ServerBuilder& builder, const std::vector<RpcService*>& services,
      CallMetrics* metrics);

  const google::protobuf::MethodDescriptor& Find(
      absl::string_view method,
      const google::protobuf::Descriptor& request) const;
  void Add(std::unique_ptr<RpcMethod> method);

  const google::protobuf::ServiceDescriptor& descriptor_;
  std::vector<std::unique_ptr<RpcMethod>> methods_;
};

// Registers services with a server that is being built and returns what brings
// them their calls. They and `metrics`, which counts the calls, outlive it;
// null: none is counted.
std::unique_ptr<CallQueues> Register(grpc::ServerBuilder& builder,
                                     const std::vector<RpcService*>& services,
                                     CallMetrics* metrics);

template <typename Request, typename Response>
class RpcService::UnaryMethod final : public RpcMethod {
 public:
  UnaryMethod(RpcService& service,
              const google::protobuf::MethodDescriptor& descriptor,
              UnaryHandle<Request, Response> handle, Runs runs)
      : RpcMethod(service, descriptor),
        handle_(std::move(handle)),
        runs_(runs) {
    FRANK_CHECK(descriptor.output_type() == Response::descriptor());
  }

  void AskFor(CallQueues& queues,
              grpc::ServerCompletionQueue& arrivals) override {
    // It owns itself.
    (new OneCall(*this, queues, arrivals))->Ask();
  }

 private:
  class OneCall {
   public:
    OneCall(UnaryMethod& method, CallQueues& queues,
            grpc::ServerCompletionQueue& arrivals)
        : hold_(queues), method_(method), arrivals_(arrivals) {}

    void Ask() {
      method_.service().RequestUnary(method_.index(), &context_, &request_,
                                     &wire_, &arrivals_, &arrived_);
    }

   private:
    void OnArrived(bool ok) {
      // The server ends, and there was no call.
      if (!ok) return OnOver(ok);
      method_.AskFor(hold_.queues(), arrivals_);
      begun_ = std::chrono::steady_clock::now();
      if (method_.runs_ == Runs::kWherePolled) return Handle();
      hold_.queues().threads().Post([this] { Handle(); });
    }
    void Handle() {
      // Nobody waits for the answer any more, by the clock that gRPC counts
      // deadlines by.
      if (context_.deadline() <= std::chrono::system_clock::now()) {
        return Answer(absl::DeadlineExceededError("the deadline has passed"));
      }
      absl::Status refused = wire::RefusalOf(request_);
      if (!refused.ok()) return Answer(std::move(refused));
      method_.handle_(Call::From(context_), request_,
                      [this](absl::StatusOr<Response> result) {
                        Answer(std::move(result));
                      });
    }
    void Answer(absl::StatusOr<Response> result) {
      if (MethodCalls* calls = method_.calls()) {
        calls->Count(result.status());
        calls->Took(std::chrono::steady_clock::now() - begun_);
      }
      if (result.ok()) {
        wire_.Finish(*result, grpc::Status::OK, &over_);
      } else {
        wire_.FinishWithError(ToGrpc(result.status()), &over_);
      }
    }
    void OnOver(bool /*ok*/) { delete this; }

    // First, hence last to go: the queues wait for it.
    const CallQueues::Hold hold_;
    UnaryMethod& method_;
    grpc::ServerCompletionQueue& arrivals_;
    grpc::ServerContext context_;
    Request request_;
    grpc::ServerAsyncResponseWriter<Response> wire_{&context_};
    QueueEventOf<OneCall, &OneCall::OnArrived> arrived_{this};
    QueueEventOf<OneCall, &OneCall::OnOver> over_{this};
    // A span of time that nothing rests on, hence not by a Clock, which is of
    // milliseconds and may be set back.
    std::chrono::steady_clock::time_point begun_;
  };

  const UnaryHandle<Request, Response> handle_;
  const Runs runs_;
};

// `Made`: what serves a call.
template <typename Made>
class RpcService::StreamMethod final : public RpcMethod {
 public:
  using Call = StreamCall<typename Made::ReadAs, typename Made::WrittenAs>;
  using Serve = std::function<void(Call*, MethodCalls*)>;

  StreamMethod(RpcService& service,
               const google::protobuf::MethodDescriptor& descriptor,
               Queue queue, Serve serve)
      : RpcMethod(service, descriptor),
        queue_(queue),
        serve_(std::move(serve)) {}

  void AskFor(CallQueues& queues,
              grpc::ServerCompletionQueue& arrivals) override {
    // It owns itself.
    (new OneCall(*this, queues, arrivals))->AskForIt();
  }

 private:
  class OneCall final : public Call {
   public:
    OneCall(StreamMethod& method, CallQueues& queues,
            grpc::ServerCompletionQueue& arrivals)
        : Call(queues),
          method_(method),
          arrivals_(arrivals),
          queue_(method.queue_ == Queue::kQuiet ? queues.NextQuiet()
                                                : &arrivals) {}

    void AskForIt() {
      this->Ask([&](auto* context, auto* wire, void* tag) {
        method_.service().RequestStream(method_.index(), context, wire, queue_,
                                        &arrivals_, tag);
      });
    }

   private:
    void OnCall() override {
      method_.AskFor(this->queues(), arrivals_);
      if (queue_ == &arrivals_) return OnTurn(true);
      turn_ = std::make_unique<grpc::Alarm>();
      turn_->Set(queue_, gpr_inf_past(GPR_CLOCK_MONOTONIC), &on_turn_);
    }
    // On the thread of the queue.
    void OnTurn(bool /*ok*/) {
      turn_.reset();
      method_.serve_(this, method_.calls());
    }

    StreamMethod& method_;
    grpc::ServerCompletionQueue& arrivals_;
    grpc::CompletionQueue* const queue_;
    std::unique_ptr<grpc::Alarm> turn_;
    QueueEventOf<OneCall, &OneCall::OnTurn> on_turn_{this};
  };

  const Queue queue_;
  const Serve serve_;
};

template <typename Request, typename Response>
void RpcService::Unary(absl::string_view method,
                       UnaryHandle<Request, Response> handle, Runs runs) {
  Add(std::make_unique<UnaryMethod<Request, Response>>(
      *this, Find(method, *Request::descriptor()), std::move(handle), runs));
}

template <typename Make>
void RpcService::Streaming(absl::string_view method, Make make, Queue queue) {
  using Made = typename std::invoke_result_t<Make, const Call&>::element_type;
  Add(std::make_unique<StreamMethod<Made>>(
      *this, Find(method, *Made::ReadAs::descriptor()), queue,
      [make = std::move(make)](auto* call, MethodCalls* calls) {
        Made::Serve(call, make(Call::From(call->context())), calls);
      }));
}

template <typename Request, typename Make>
void RpcService::Responses(absl::string_view method, Make make) {
  using Made = typename std::invoke_result_t<Make, const Call&,
                                             const Request&>::element_type;
  Add(std::make_unique<StreamMethod<Made>>(
      *this, Find(method, *Request::descriptor()), Queue::kQuiet,
      [make = std::move(make)](auto* call, MethodCalls* calls) {
        Made::Serve(
            call,
            [&make, call](const Request& request) {
              return make(Call::From(call->context()), request);
            },
            calls);
      }));
}

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_RPC_SERVICE_H_
