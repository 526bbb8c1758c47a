// Streams that last, as those by which devices are delivered to, apart from all
// other calls.
//
// gRPC keeps what a completion queue waits for in a list and, where its
// assertions are compiled in, as in Debian's package, searches that for each
// operation that ends. All calls of the callback API share one queue, so that a
// stream on which nothing happens makes every other call dearer: 10,000 of them
// by a quarter. Here they have queues of their own, those of a connection
// mostly the same.
#ifndef FRANK_SERVICES_COMMON_STREAM_QUEUES_H_
#define FRANK_SERVICES_COMMON_STREAM_QUEUES_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/call_metrics.h"

namespace frank::services {

class QueuedReactor;
class StreamQueues;

// What a queue gives back: something that was asked for has happened.
class QueueEvent {
 public:
  virtual void Happened(bool ok) = 0;

 protected:
  ~QueueEvent() = default;
};

template <typename Owner, void (Owner::*kHandle)(bool)>
class QueueEventOf final : public QueueEvent {
 public:
  explicit QueueEventOf(Owner* owner) : owner_(owner) {}
  void Happened(bool ok) override { (owner_->*kHandle)(ok); }

 private:
  Owner* const owner_;
};

// A call that gRPC was asked for, and then the one that came.
class QueuedCall {
 public:
  using Wire =
      grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;

  QueuedCall(StreamQueues& queues, grpc::ServerCompletionQueue& queue);
  ~QueuedCall();

  grpc::ServerContext& context() { return context_; }
  Wire& wire() { return wire_; }
  // Null when the server counts no calls.
  CallMetrics* metrics() const;

 private:
  friend class QueuedReactor;
  friend class StreamQueues;

  void OnArrived(bool ok);
  void OnOver(bool ok);

  StreamQueues& queues_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  Wire wire_{&context_};
  QueueEventOf<QueuedCall, &QueuedCall::OnArrived> arrived_{this};
  QueueEventOf<QueuedCall, &QueuedCall::OnOver> over_{this};
  QueuedReactor* reactor_ = nullptr;
};

// As grpc::ServerBidiReactor, which see, for a QueuedCall. Its On… come one
// after the other.
class QueuedReactor {
 public:
  virtual ~QueuedReactor() = default;

  // Before anything is started.
  void Bind(std::unique_ptr<QueuedCall> call);

  void StartRead(grpc::ByteBuffer* message);
  void StartWrite(const grpc::ByteBuffer* message);
  void Finish(const grpc::Status& status);

 private:
  friend class QueuedCall;

  virtual void OnReadDone(bool ok) = 0;
  virtual void OnWriteDone(bool ok) = 0;
  virtual void OnCancel() = 0;
  // Nothing more will come, and nothing of the call may be used.
  virtual void OnDone() = 0;

  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void EndIfLast();

  std::unique_ptr<QueuedCall> call_;
  // What will still happen: the call's end, the finish, and what was started.
  std::atomic<int> awaited_{2};
  QueueEventOf<QueuedReactor, &QueuedReactor::OnRead> read_{this};
  QueueEventOf<QueuedReactor, &QueuedReactor::OnWritten> written_{this};
  QueueEventOf<QueuedReactor, &QueuedReactor::OnFinished> finished_{this};
};

// A method whose calls last, of a service that has it as a raw asynchronous
// one (WithRawMethod_…).
class QueuedMethod {
 public:
  virtual ~QueuedMethod() = default;
  // Has gRPC hand over the next call: what the generated Request… does.
  virtual void Request(grpc::ServerContext* context, QueuedCall::Wire* wire,
                       grpc::ServerCompletionQueue* queue, void* tag) = 0;
  // Binds a reactor to a call that came.
  virtual void Serve(std::unique_ptr<QueuedCall> call) = 0;
};

// The queues of a server, with a thread for each.
class StreamQueues {
 public:
  // Before the server is built. All outlive the queues.
  StreamQueues(grpc::ServerBuilder& builder, QueuedMethod& method,
               CallMetrics* metrics);
  // After the server, which may use them as long as it exists. Ends them if
  // nobody has.
  ~StreamQueues();
  StreamQueues(const StreamQueues&) = delete;
  StreamQueues& operator=(const StreamQueues&) = delete;

  // Takes calls; once the server is built.
  void Start();
  // Waits for the calls' ends; after the server's Shutdown, which only cancels
  // them.
  void End() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class QueuedCall;

  void AskFor(grpc::ServerCompletionQueue& queue) ABSL_LOCKS_EXCLUDED(mutex_);
  void Forget() ABSL_LOCKS_EXCLUDED(mutex_);

  QueuedMethod& method_;
  CallMetrics* const metrics_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::vector<std::thread> threads_;
  absl::Mutex mutex_;
  // That were asked for or have come, and are not over.
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_STREAM_QUEUES_H_
