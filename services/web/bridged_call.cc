#include "services/web/bridged_call.h"

#include <chrono>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "proto/rpc_status.h"

namespace frank::web {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::string text;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return text;
  text.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

// What gRPC itself answers to honest clients.
constexpr std::pair<grpc::StatusCode, const char*> kOfGrpc[] = {
    {grpc::StatusCode::DEADLINE_EXCEEDED,
     "the call took longer than its deadline"},
    {grpc::StatusCode::RESOURCE_EXHAUSTED,
     "the request is too large, or too much is asked at once"},
};

// What a handler answered is in the details; gRPC's own words are for us.
google::rpc::Status RpcStatusOf(const grpc::Status& status) {
  google::rpc::Status rpc;
  if (status.ok()) return rpc;
  if (!status.error_details().empty() &&
      rpc.ParseFromString(status.error_details())) {
    return rpc;
  }
  rpc = wire::ToRpc(
      absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""));
  for (const auto& [code, message] : kOfGrpc) {
    if (status.error_code() != code) continue;
    rpc.set_code(code);
    rpc.set_message(message);
  }
  return rpc;
}

}  // namespace

class BridgedCall::Reactor final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Reactor(EventSignal& signal) : signal_(signal) {}

  void Start(grpc::GenericStub& stub, const Request& request) {
    request_ = ToBuffer(request.message);
    context_.set_deadline(std::chrono::system_clock::now() +
                          absl::ToChronoMilliseconds(request.timeout));
    if (!request.authorization.empty()) {
      context_.AddMetadata("authorization", request.authorization);
    }
    stub.PrepareBidiStreamingCall(&context_, request.method, {}, this);
    // So that reads may be started between reactions.
    AddHold();
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&answer_);
    StartCall();
  }

  // Cancels, and waits until gRPC is done with this object.
  void End() ABSL_LOCKS_EXCLUDED(mutex_) {
    context_.TryCancel();
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    // Otherwise a read is under way, or the last one has let go.
    if (waiting_) RemoveHold();
    mutex_.Await(absl::Condition(
        +[](absl::optional<google::rpc::Status>* status) {
          return status->has_value();
        },
        &status_));
  }

  // Returns what there is, if anything.
  absl::optional<Event> Take(std::string* message) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    signal_.Reset();
    if (waiting_) {
      waiting_ = false;
      *message = ToText(answer_);
      answer_.Clear();
      StartRead(&answer_);
      return Event::kMessage;
    }
    if (status_) return Event::kEnd;
    return absl::nullopt;
  }

  const google::rpc::Status& status() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return *status_;
  }

 private:
  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!ok || ending_) return RemoveHold();
    waiting_ = true;
    signal_.Set();
  }
  void OnDone(const grpc::Status& status) override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    status_ = RpcStatusOf(status);
    signal_.Set();
  }

  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  EventSignal& signal_;
  mutable absl::Mutex mutex_;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;  // an answer, to be taken
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::optional<google::rpc::Status> status_ ABSL_GUARDED_BY(mutex_);
};

BridgedCall::BridgedCall(std::shared_ptr<grpc::Channel> channel,
                         Request request, HttpClient& client)
    : channel_(std::move(channel)),
      client_(client),
      reactor_(std::make_unique<Reactor>(client.signal())) {
  grpc::GenericStub stub(channel_);
  reactor_->Start(stub, request);
}

BridgedCall::~BridgedCall() { reactor_->End(); }

BridgedCall::Event BridgedCall::Next(std::string* message) {
  for (;;) {
    if (absl::optional<Event> event = reactor_->Take(message)) return *event;
    if (!client_.AwaitSignal()) return Event::kClosed;
  }
}

const google::rpc::Status& BridgedCall::status() const {
  return reactor_->status();
}

}  // namespace frank::web
