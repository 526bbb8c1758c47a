// Streams that leave a service only the messages. Each is kept until gRPC is
// done with its call.
#ifndef FRANK_SERVICES_COMMON_STREAM_H_
#define FRANK_SERVICES_COMMON_STREAM_H_

#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/call_metrics.h"
#include "services/common/status_mapping.h"
#include "services/common/stream_call.h"

namespace frank::services {

// How large a message was when it went out.
inline size_t SizeSent(const google::protobuf::MessageLite& message) {
  return static_cast<size_t>(message.GetCachedSize());
}
inline size_t SizeSent(const grpc::ByteBuffer& bytes) { return bytes.Length(); }

// Writes messages one after the other and finishes once. Shared by the streams
// below. Keeps up to `reused` messages that went out, with their buffers, for
// TakeSent, but none that is large: an idle stream must not hold what a busy
// one needed. Thread-safe.
template <typename OneCall, typename Response>
class WriteQueue {
 public:
  explicit WriteQueue(size_t reused = 0) : reused_(reused) {}

  // Writes to `call` from now on, first what was queued; counts how the stream
  // ends, unless that is null.
  void Begin(OneCall* call, MethodCalls* calls) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    call_ = call;
    calls_ = calls;
    if (!queue_.empty()) {
      call_->StartWrite(&queue_.front());
      return;
    }
    FinishIfIdle();
  }

  // Queues a message; dropped once the stream is closing.
  void Send(Response response) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closing_ || finished_) return;
    queue_.push_back(std::move(response));
    if (queue_.size() == 1 && call_ != nullptr) {
      call_->StartWrite(&queue_.front());
    }
  }

  // Returns a message that went out, to be overwritten and sent again, or an
  // empty one.
  Response TakeSent() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (sent_.empty()) return Response();
    Response response = std::move(sent_.back());
    sent_.pop_back();
    return response;
  }

  // Messages queued or being written.
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return queue_.size();
  }

  // Finishes the stream, after what is queued if the status is OK, else at
  // once. Only the first call counts.
  void Close(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closing_) return;
    closing_ = true;
    status_ = std::move(status);
    if (!status_.ok() && queue_.size() > 1) {
      queue_.erase(std::next(queue_.begin()), queue_.end());
    }
    FinishIfIdle();
  }

  // Runs `start` unless the stream has finished, so that no operation is
  // started on a call that may be gone.
  void IfOpen(absl::FunctionRef<void(OneCall&)> start)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!finished_) start(*call_);
  }

  void OnWriteDone(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (sent_.size() < reused_ && SizeSent(queue_.front()) <= kMaxReusedBytes) {
      sent_.splice(sent_.end(), queue_, queue_.begin());
    } else {
      queue_.pop_front();
    }
    if (!ok) {
      queue_.clear();
      if (!std::exchange(closing_, true)) {
        status_ = absl::CancelledError("cancelled");
      }
    }
    if (!queue_.empty()) {
      call_->StartWrite(&queue_.front());
      return;
    }
    FinishIfIdle();
  }

 private:
  static constexpr size_t kMaxReusedBytes = 64 << 10;

  void FinishIfIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!closing_ || finished_ || !queue_.empty() || call_ == nullptr) return;
    finished_ = true;
    if (calls_ != nullptr) calls_->Count(status_);
    call_->Finish(ToGrpc(status_));
  }

  const size_t reused_;
  mutable absl::Mutex mutex_;
  OneCall* call_ ABSL_GUARDED_BY(mutex_) = nullptr;
  // Lists, which take nothing when they are empty, as most are most of the
  // time: an empty deque takes half a kilobyte.
  std::list<Response> queue_ ABSL_GUARDED_BY(mutex_);
  std::list<Response> sent_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  MethodCalls* calls_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

// A bidirectional stream. Subclasses override OnRequest, OnRequestsEnd and
// OnClosed, and call Send, ReadNext and Close. Reads are pulled: the next
// request is read only when ReadNext is called, which bounds what a client can
// make the server hold. Work that outlives a callback captures
// shared_from_this() to keep the object alive; once the stream is over, Send,
// ReadNext and Close do nothing. `Response` may be the bytes of one.
template <typename Request, typename Response>
class BidiStream
    : public StreamReactor,
      public std::enable_shared_from_this<BidiStream<Request, Response>> {
 public:
  using ReadAs = Request;
  using WrittenAs = Response;
  using OneCall = StreamCall<ReadAs, WrittenAs>;

  // `reused`: how many messages are kept for TakeSent.
  explicit BidiStream(size_t reused = 0) : writes_(reused) {}
  virtual ~BidiStream() = default;

  // Starts serving; `stream` is kept until the call is over.
  static void Serve(OneCall* call, std::shared_ptr<BidiStream> stream,
                    MethodCalls* calls) {
    BidiStream& served = *stream;
    served.self_ = std::move(stream);
    call->Bind(&served);
    served.writes_.Begin(call, calls);
    if (call->is_cancelled()) served.OnCancel();
    served.OnStart();
  }

 protected:
  // Called once, before anything else; usually ReadNext().
  virtual void OnStart() { ReadNext(); }
  // A request arrived. Call ReadNext() when the next may come.
  virtual void OnRequest(const Request& request) = 0;
  // The client sends no more requests. Close() when all is answered.
  virtual void OnRequestsEnd() { Close(absl::OkStatus()); }
  // The stream is over, in whatever way; release what it holds.
  virtual void OnClosed() {}

  void ReadNext() {
    writes_.IfOpen([this](OneCall& call) { call.StartRead(&request_); });
  }
  void Send(Response response) { writes_.Send(std::move(response)); }
  Response TakeSent() { return writes_.TakeSent(); }
  void Close(absl::Status status) { writes_.Close(std::move(status)); }
  size_t unsent() const { return writes_.size(); }
  // Called after each message went out.
  virtual void OnSent() {}

 private:
  void OnReadDone(bool ok) final {
    if (!ok) return OnRequestsEnd();
    absl::Status refused = wire::RefusalOf(request_);
    if (!refused.ok()) return Close(std::move(refused));
    OnRequest(request_);
  }
  void OnWriteDone(bool ok) final {
    writes_.OnWriteDone(ok);
    if (ok) OnSent();
  }
  void OnCancel() final { writes_.Close(absl::CancelledError("cancelled")); }
  void OnDone() final {
    OnClosed();
    self_.reset();
  }

  std::shared_ptr<BidiStream> self_;
  Request request_;
  WriteQueue<OneCall, Response> writes_;
};

// A stream of responses to one request. Subclasses override OnReady, which is
// called when nothing waits to be sent: Send one message or Close.
template <typename Request, typename Response>
class ResponseStream : public StreamReactor {
 public:
  using ReadAs = Request;
  using WrittenAs = Response;
  using OneCall = StreamCall<ReadAs, WrittenAs>;
  using Make =
      std::function<std::shared_ptr<ResponseStream>(const Request& request)>;

  virtual ~ResponseStream() = default;

  // Reads the request and serves it by what `make` returns, which is kept until
  // the call is over.
  static void Serve(OneCall* call, Make make, MethodCalls* calls) {
    // It owns itself.
    (new FirstRead(*call, std::move(make), calls))->Begin();
  }

 protected:
  virtual void OnReady() = 0;
  void Send(Response response) { writes_.Send(std::move(response)); }
  void Close(absl::Status status) { writes_.Close(std::move(status)); }

 private:
  class FirstRead;

  void Begin(OneCall& call, std::shared_ptr<ResponseStream> self,
             MethodCalls* calls) {
    self_ = std::move(self);
    call.Bind(this);
    writes_.Begin(&call, calls);
    if (call.is_cancelled()) return OnCancel();
    OnReady();
  }

  void OnReadDone(bool /*ok*/) final {}
  void OnWriteDone(bool ok) final {
    writes_.OnWriteDone(ok);
    if (ok && writes_.size() == 0) OnReady();
  }
  void OnCancel() final { writes_.Close(absl::CancelledError("cancelled")); }
  void OnDone() final { self_.reset(); }

  std::shared_ptr<ResponseStream> self_;
  WriteQueue<OneCall, Response> writes_;
};

// Hears of the call until its request is there.
template <typename Request, typename Response>
class ResponseStream<Request, Response>::FirstRead final
    : public StreamReactor {
 public:
  FirstRead(OneCall& call, Make make, MethodCalls* calls)
      : call_(call), make_(std::move(make)), calls_(calls) {}

  void Begin() {
    call_.Bind(this);
    call_.StartRead(&request_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Refuse(absl::InvalidArgumentError("no request came"));
    absl::Status refused = wire::RefusalOf(request_);
    if (!refused.ok()) return Refuse(std::move(refused));
    const std::unique_ptr<FirstRead> self(this);
    std::shared_ptr<ResponseStream> stream = make_(request_);
    ResponseStream& served = *stream;
    served.Begin(call_, std::move(stream), calls_);
  }
  void OnWriteDone(bool /*ok*/) override {}
  void OnCancel() override {}
  void OnDone() override {
    if (call_.is_cancelled()) refusal_ = absl::CancelledError("cancelled");
    if (calls_ != nullptr) calls_->Count(refusal_);
    delete this;
  }

  void Refuse(absl::Status status) {
    refusal_ = std::move(status);
    call_.Finish(ToGrpc(refusal_));
  }

  OneCall& call_;
  const Make make_;
  MethodCalls* const calls_;
  Request request_;
  absl::Status refusal_;
};

// A stream of requests with one response. Subclasses override OnRequest and
// OnRequestsEnd, call ReadNext for more, and Close once, with the response or
// the reason why there is none.
template <typename Request, typename Response>
class RequestStream
    : public StreamReactor,
      public std::enable_shared_from_this<RequestStream<Request, Response>> {
 public:
  using ReadAs = Request;
  using WrittenAs = Response;
  using OneCall = StreamCall<ReadAs, WrittenAs>;

  virtual ~RequestStream() = default;

  static void Serve(OneCall* call, std::shared_ptr<RequestStream> stream,
                    MethodCalls* calls) {
    RequestStream& served = *stream;
    served.self_ = std::move(stream);
    call->Bind(&served);
    {
      absl::MutexLock lock(&served.mutex_);
      served.call_ = call;
      served.calls_ = calls;
    }
    if (call->is_cancelled()) served.OnCancel();
    served.ReadNext();
  }

 protected:
  virtual void OnRequest(const Request& request) = 0;
  virtual void OnRequestsEnd() = 0;
  void ReadNext() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!finished_) call_->StartRead(&request_);
  }

  // Only the first call counts.
  void Close(absl::StatusOr<Response> result) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    finished_ = true;
    if (calls_ != nullptr) calls_->Count(result.status());
    if (result.ok()) {
      call_->FinishWith(*result);
    } else {
      call_->Finish(ToGrpc(result.status()));
    }
  }

 private:
  void OnReadDone(bool ok) final {
    if (!ok) return OnRequestsEnd();
    absl::Status refused = wire::RefusalOf(request_);
    if (!refused.ok()) return Close(std::move(refused));
    OnRequest(request_);
  }
  void OnWriteDone(bool /*ok*/) final {}
  void OnCancel() final { Close(absl::CancelledError("cancelled")); }
  void OnDone() final { self_.reset(); }

  std::shared_ptr<RequestStream> self_;
  Request request_;
  absl::Mutex mutex_;
  OneCall* call_ ABSL_GUARDED_BY(mutex_) = nullptr;
  MethodCalls* calls_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_STREAM_H_
