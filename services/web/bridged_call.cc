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
#include "proto/rpc_status.h"

namespace frank::web {

using services::QueueEventOf;

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

class BridgedCall::Wire {
 public:
  Wire(Bridge& bridge, const Request& request, EventSignal& signal)
      : request_(ToBuffer(request.message)), signal_(signal) {
    context_.set_deadline(std::chrono::system_clock::now() +
                          absl::ToChronoMilliseconds(request.timeout));
    if (!request.authorization.empty()) {
      context_.AddMetadata("authorization", request.authorization);
    }
    wire_ = grpc::GenericStub(bridge.channel)
                .PrepareCall(&context_, request.method, bridge.queue.get());
    wire_->StartCall(&started_);
  }
  // Cancels, and waits until nothing of this object is used any more.
  ~Wire() ABSL_LOCKS_EXCLUDED(mutex_) {
    context_.TryCancel();
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    // Otherwise a read is under way, or what follows it.
    if (waiting_) Finish();
    auto over = [this] { return status_.has_value() && !writing_; };
    mutex_.Await(absl::Condition(&over));
  }

  // Returns what there is, if anything.
  absl::optional<Event> Take(std::string* message) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    signal_.Reset();
    if (waiting_) {
      waiting_ = false;
      *message = ToText(answer_);
      answer_.Clear();
      wire_->Read(&answer_, &read_);
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
  void OnStarted(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!ok) return Finish();
    writing_ = true;
    wire_->WriteLast(request_, grpc::WriteOptions(), &written_);
    wire_->Read(&answer_, &read_);
  }
  void OnWritten(bool /*ok*/) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
  }
  void OnRead(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!ok || ending_) return Finish();
    waiting_ = true;
    signal_.Set();
  }
  void Finish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    waiting_ = false;
    wire_->Finish(&end_, &finished_);
  }
  void OnFinished(bool /*ok*/) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    status_ = RpcStatusOf(end_);
    signal_.Set();
  }

  grpc::ClientContext context_;
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  grpc::Status end_;
  EventSignal& signal_;
  QueueEventOf<Wire, &Wire::OnStarted> started_{this};
  QueueEventOf<Wire, &Wire::OnWritten> written_{this};
  QueueEventOf<Wire, &Wire::OnRead> read_{this};
  QueueEventOf<Wire, &Wire::OnFinished> finished_{this};
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> wire_;
  mutable absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;  // an answer, to be taken
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::optional<google::rpc::Status> status_ ABSL_GUARDED_BY(mutex_);
};

BridgedCall::BridgedCall(std::shared_ptr<Bridge> bridge, const Request& request,
                         HttpClient& client)
    : bridge_(std::move(bridge)),
      client_(client),
      wire_(std::make_unique<Wire>(*bridge_, request, client.signal())) {}

BridgedCall::~BridgedCall() = default;

BridgedCall::Event BridgedCall::Next(std::string* message) {
  for (;;) {
    if (absl::optional<Event> event = wire_->Take(message)) return *event;
    if (!client_.AwaitSignal()) return Event::kClosed;
  }
}

const google::rpc::Status& BridgedCall::status() const {
  return wire_->status();
}

}  // namespace frank::web
