// A call that streams, over gRPC's asynchronous API.
#ifndef FRANK_SERVICES_COMMON_STREAM_CALL_H_
#define FRANK_SERVICES_COMMON_STREAM_CALL_H_

#include <atomic>

#include "absl/functional/function_ref.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "services/common/call_queues.h"

namespace frank::services {

// What a stream does when something has happened to its call. One comes after
// the other, on one thread.
class StreamReactor {
 public:
  virtual void OnReadDone(bool ok) = 0;
  virtual void OnWriteDone(bool ok) = 0;
  virtual void OnCancel() = 0;
  // Nothing more will come, and nothing of the call may be used.
  virtual void OnDone() = 0;

 protected:
  ~StreamReactor() = default;
};

// A call that gRPC was asked for, and then the one that came; owns itself. Of
// what is started there is one read and one write at a time.
template <typename Read, typename Written>
class StreamCall {
 public:
  using Wire = grpc::ServerAsyncReaderWriter<Written, Read>;

  explicit StreamCall(CallQueues& queues) : hold_(queues) {
    context_.AsyncNotifyWhenDone(&over_);
  }
  virtual ~StreamCall() = default;

  const grpc::ServerContext& context() const { return context_; }
  bool is_cancelled() const { return cancelled_; }

  // Who hears of what happens; may be another later. A call that
  // `is_cancelled` already will not tell it again.
  void Bind(StreamReactor* reactor) { reactor_ = reactor; }

  void StartRead(Read* message) {
    ++awaited_;
    wire_.Read(message, &read_);
  }
  void StartWrite(const Written* message) {
    ++awaited_;
    wire_.Write(*message, &written_);
  }
  void Finish(const grpc::Status& status) { wire_.Finish(status, &finished_); }
  // With a last message and OK.
  void FinishWith(const Written& message) {
    wire_.WriteAndFinish(message, grpc::WriteOptions(), grpc::Status::OK,
                         &finished_);
  }

 protected:
  CallQueues& queues() const { return hold_.queues(); }
  // Has gRPC bring the call: `request(context, wire, tag)`.
  void Ask(
      absl::FunctionRef<void(grpc::ServerContext*, Wire*, void*)> request) {
    request(&context_, &wire_, &arrived_);
  }

 private:
  // Asks for the next one, and has a reactor bound on the thread of what
  // follows.
  virtual void OnCall() = 0;

  void OnArrived(bool ok) {
    if (ok) return OnCall();
    // The server ends, and there was no call.
    delete this;
  }
  void OnOver(bool /*ok*/) {
    cancelled_ = context_.IsCancelled();
    if (cancelled_ && reactor_ != nullptr) reactor_->OnCancel();
    EndIfLast();
  }
  void OnRead(bool ok) {
    reactor_->OnReadDone(ok);
    EndIfLast();
  }
  void OnWritten(bool ok) {
    reactor_->OnWriteDone(ok);
    EndIfLast();
  }
  void OnFinished(bool /*ok*/) { EndIfLast(); }
  void EndIfLast() {
    if (--awaited_ > 0) return;
    reactor_->OnDone();
    delete this;
  }

  // First, hence last to go: the queues wait for it.
  const CallQueues::Hold hold_;
  grpc::ServerContext context_;
  Wire wire_{&context_};
  QueueEventOf<StreamCall, &StreamCall::OnArrived> arrived_{this};
  QueueEventOf<StreamCall, &StreamCall::OnOver> over_{this};
  QueueEventOf<StreamCall, &StreamCall::OnRead> read_{this};
  QueueEventOf<StreamCall, &StreamCall::OnWritten> written_{this};
  QueueEventOf<StreamCall, &StreamCall::OnFinished> finished_{this};
  StreamReactor* reactor_ = nullptr;
  // What will still happen: the call's end, the finish, and what was started.
  std::atomic<int> awaited_{2};
  bool cancelled_ = false;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_STREAM_CALL_H_
