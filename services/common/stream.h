// Streams: reactors that leave a service only the messages. Each deletes itself
// when gRPC is done with it.
#ifndef FRANK_SERVICES_COMMON_STREAM_H_
#define FRANK_SERVICES_COMMON_STREAM_H_

#include <iterator>
#include <list>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "proto/grpc/guarded_requests.h"
#include "services/common/call_metrics.h"
#include "services/common/status_mapping.h"
#include "services/common/stream_queues.h"

namespace frank::services {

// How large a message was when it went out.
inline size_t SizeSent(const google::protobuf::MessageLite& message) {
  return static_cast<size_t>(message.GetCachedSize());
}
inline size_t SizeSent(const grpc::ByteBuffer& bytes) { return bytes.Length(); }

// Writes messages one after the other and finishes once. Shared by the reactors
// below; `Reactor` has StartWrite and Finish. Keeps up to `reused` messages
// that went out, with their buffers, for TakeSent, but none that is large: an
// idle stream must not hold what a busy one needed. Thread-safe.
template <typename Reactor, typename Response>
class WriteQueue {
 public:
  explicit WriteQueue(Reactor* reactor, size_t reused = 0)
      : reactor_(reactor), reused_(reused) {}

  // Counts how the stream ends; before it starts. Null: it is not counted.
  void CountBy(MethodCalls* calls) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    calls_ = calls;
  }

  // Queues a message; dropped once the stream is closing.
  void Send(Response response) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closing_ || finished_) return;
    queue_.push_back(std::move(response));
    if (queue_.size() == 1) reactor_->StartWrite(&queue_.front());
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
  // started on a call that gRPC may have freed.
  void IfOpen(absl::FunctionRef<void()> start) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!finished_) start();
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
      closing_ = true;
    }
    if (!queue_.empty()) {
      reactor_->StartWrite(&queue_.front());
      return;
    }
    FinishIfIdle();
  }

 private:
  static constexpr size_t kMaxReusedBytes = 64 << 10;

  void FinishIfIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!closing_ || finished_ || !queue_.empty()) return;
    finished_ = true;
    if (calls_ != nullptr) calls_->Count(status_);
    reactor_->Finish(ToGrpc(status_));
  }

  Reactor* const reactor_;
  const size_t reused_;
  mutable absl::Mutex mutex_;
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
// ReadNext and Close do nothing. One that is a QueuedReactor reads and writes
// bytes: requests are parsed as elsewhere.
template <typename Request, typename Response,
          typename Reactor = grpc::ServerBidiReactor<Request, Response>>
class BidiStream : public Reactor,
                   public std::enable_shared_from_this<
                       BidiStream<Request, Response, Reactor>> {
 public:
  static constexpr bool kIsQueued = std::is_same_v<Reactor, QueuedReactor>;
  using ReadAs = std::conditional_t<kIsQueued, grpc::ByteBuffer, Request>;
  using WrittenAs = std::conditional_t<kIsQueued, grpc::ByteBuffer, Response>;

  // `reused`: how many messages are kept for TakeSent.
  explicit BidiStream(size_t reused = 0) : writes_(this, reused) {}

  // Starts serving; `stream` is kept until gRPC is done with it.
  static BidiStream* Serve(grpc::CallbackServerContext* context,
                           std::shared_ptr<BidiStream> stream) {
    BidiStream* reactor = stream.get();
    reactor->Begin(std::move(stream),
                   FindStreamCalls(context, *Response::descriptor()));
    return reactor;
  }
  static void Serve(std::unique_ptr<QueuedCall> call,
                    std::shared_ptr<BidiStream> stream) {
    BidiStream* reactor = stream.get();
    MethodCalls* counted =
        FindStreamCalls(call->metrics(), *Response::descriptor());
    reactor->Bind(std::move(call));
    reactor->Begin(std::move(stream), counted);
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
    writes_.IfOpen([this] { this->StartRead(&request_); });
  }
  void Send(WrittenAs response) { writes_.Send(std::move(response)); }
  WrittenAs TakeSent() { return writes_.TakeSent(); }
  void Close(absl::Status status) { writes_.Close(std::move(status)); }
  size_t unsent() const { return writes_.size(); }
  // Called after each message went out.
  virtual void OnSent() {}

 private:
  void Begin(std::shared_ptr<BidiStream> self, MethodCalls* counted) {
    self_ = std::move(self);
    writes_.CountBy(counted);
    OnStart();
  }

  void OnReadDone(bool ok) final {
    if (!ok) return OnRequestsEnd();
    if constexpr (kIsQueued) {
      Request request;
      wire::GuardedRequest::Deserialize(&request_, &request);
      Take(request);
    } else {
      Take(request_);
    }
  }
  void Take(const Request& request) {
    absl::Status refused = wire::RefusalOf(request);
    if (!refused.ok()) return Close(std::move(refused));
    OnRequest(request);
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
  ReadAs request_;
  WriteQueue<BidiStream, WrittenAs> writes_;
};

// A stream of responses to one request. Subclasses override OnReady, which is
// called when nothing waits to be sent: Send one message or Close.
template <typename Response>
class ResponseStream : public grpc::ServerWriteReactor<Response> {
 public:
  ResponseStream() : writes_(this) {}

  static ResponseStream* Serve(grpc::CallbackServerContext* context,
                               std::shared_ptr<ResponseStream> stream) {
    ResponseStream* reactor = stream.get();
    reactor->self_ = std::move(stream);
    reactor->writes_.CountBy(FindStreamCalls(context, *Response::descriptor()));
    reactor->OnReady();
    return reactor;
  }

 protected:
  virtual void OnReady() = 0;
  void Send(Response response) { writes_.Send(std::move(response)); }
  void Close(absl::Status status) { writes_.Close(std::move(status)); }

 private:
  void OnWriteDone(bool ok) final {
    writes_.OnWriteDone(ok);
    if (ok && writes_.size() == 0) OnReady();
  }
  void OnCancel() final { writes_.Close(absl::CancelledError("cancelled")); }
  void OnDone() final { self_.reset(); }

  std::shared_ptr<ResponseStream> self_;
  WriteQueue<ResponseStream, Response> writes_;
};

// A stream of requests with one response. Subclasses override OnRequest and
// OnRequestsEnd, call ReadNext for more, and Close once, with the response or
// the reason why there is none.
template <typename Request, typename Response>
class RequestStream
    : public grpc::ServerReadReactor<Request>,
      public std::enable_shared_from_this<RequestStream<Request, Response>> {
 public:
  static RequestStream* Serve(grpc::CallbackServerContext* context,
                              std::shared_ptr<RequestStream> stream,
                              Response* response) {
    RequestStream* reactor = stream.get();
    reactor->self_ = std::move(stream);
    {
      absl::MutexLock lock(&reactor->mutex_);
      reactor->response_ = response;
      reactor->calls_ = FindStreamCalls(context, *Response::descriptor());
    }
    reactor->ReadNext();
    return reactor;
  }

 protected:
  virtual void OnRequest(const Request& request) = 0;
  virtual void OnRequestsEnd() = 0;
  void ReadNext() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!finished_) this->StartRead(&request_);
  }

  // Only the first call counts. The response is gRPC's and gone once the call
  // has finished, as when the client broke it off: it is filled here alone.
  void Close(absl::StatusOr<Response> result) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    finished_ = true;
    if (result.ok()) response_->Swap(&*result);
    if (calls_ != nullptr) calls_->Count(result.status());
    this->Finish(ToGrpc(result.status()));
  }

 private:
  void OnReadDone(bool ok) final {
    if (!ok) return OnRequestsEnd();
    absl::Status refused = wire::RefusalOf(request_);
    if (!refused.ok()) return Close(std::move(refused));
    OnRequest(request_);
  }
  void OnCancel() final { Close(absl::CancelledError("cancelled")); }
  void OnDone() final { self_.reset(); }

  std::shared_ptr<RequestStream> self_;
  Request request_;
  absl::Mutex mutex_;
  Response* response_ ABSL_GUARDED_BY(mutex_) = nullptr;
  MethodCalls* calls_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_STREAM_H_
