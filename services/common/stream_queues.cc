#include "services/common/stream_queues.h"

#include <utility>

namespace frank::services {
namespace {

// 10,000 streams await two things each: to search a quarter of that takes two
// microseconds. With eight queues more threads wake each other than that is
// worth.
constexpr size_t kQueues = 4;

void Run(grpc::ServerCompletionQueue& queue) {
  void* event = nullptr;
  bool ok = false;
  while (queue.Next(&event, &ok)) {
    static_cast<QueueEvent*>(event)->Happened(ok);
  }
}

}  // namespace

QueuedCall::QueuedCall(StreamQueues& queues, grpc::ServerCompletionQueue& queue)
    : queues_(queues), queue_(queue) {
  context_.AsyncNotifyWhenDone(&over_);
}

QueuedCall::~QueuedCall() { queues_.Forget(); }

CallMetrics* QueuedCall::metrics() const { return queues_.metrics_; }

void QueuedCall::OnArrived(bool ok) {
  std::unique_ptr<QueuedCall> self(this);
  // The server ends, and there was no call.
  if (!ok) return;
  queues_.AskFor(queue_);
  queues_.method_.Serve(std::move(self));
}

void QueuedCall::OnOver(bool /*ok*/) {
  if (context_.IsCancelled()) reactor_->OnCancel();
  reactor_->EndIfLast();
}

void QueuedReactor::Bind(std::unique_ptr<QueuedCall> call) {
  call_ = std::move(call);
  call_->reactor_ = this;
}

void QueuedReactor::StartRead(grpc::ByteBuffer* message) {
  ++awaited_;
  call_->wire().Read(message, &read_);
}
void QueuedReactor::StartWrite(const grpc::ByteBuffer* message) {
  ++awaited_;
  call_->wire().Write(*message, &written_);
}
void QueuedReactor::Finish(const grpc::Status& status) {
  call_->wire().Finish(status, &finished_);
}

void QueuedReactor::OnRead(bool ok) {
  OnReadDone(ok);
  EndIfLast();
}
void QueuedReactor::OnWritten(bool ok) {
  OnWriteDone(ok);
  EndIfLast();
}
void QueuedReactor::OnFinished(bool /*ok*/) { EndIfLast(); }

void QueuedReactor::EndIfLast() {
  if (--awaited_ > 0) return;
  // Others may hold the reactor for longer; the queues wait for the call.
  const std::unique_ptr<QueuedCall> call = std::move(call_);
  OnDone();
}

StreamQueues::StreamQueues(grpc::ServerBuilder& builder, QueuedMethod& method,
                           CallMetrics* metrics)
    : method_(method), metrics_(metrics) {
  for (size_t i = 0; i < kQueues; ++i) {
    queues_.push_back(builder.AddCompletionQueue());
  }
  for (auto& queue : queues_) {
    threads_.emplace_back([&queue = *queue] { Run(queue); });
  }
}

StreamQueues::~StreamQueues() { End(); }

void StreamQueues::End() {
  // A queue that is shut down takes no operation, not even one that would fail.
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    auto none = [this] { return calls_ == 0; };
    mutex_.Await(absl::Condition(&none));
  }
  for (auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void StreamQueues::Start() {
  for (auto& queue : queues_) AskFor(*queue);
}

void StreamQueues::AskFor(grpc::ServerCompletionQueue& queue) {
  {
    absl::MutexLock lock(&mutex_);
    if (ending_) return;
    ++calls_;
  }
  // It owns itself until it has come.
  auto* call = new QueuedCall(*this, queue);
  method_.Request(&call->context(), &call->wire(), &queue, &call->arrived_);
}

void StreamQueues::Forget() {
  absl::MutexLock lock(&mutex_);
  --calls_;
}

}  // namespace frank::services
