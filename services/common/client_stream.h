// A bidirectional stream as its client, for background work between servers.
#ifndef FRANK_SERVICES_COMMON_CLIENT_STREAM_H_
#define FRANK_SERVICES_COMMON_CLIENT_STREAM_H_

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/async_stream.h"
#include "services/common/call_queues.h"

namespace frank::services {

// Queues what is sent and what came, and calls `wake` whenever there is
// something to look at. What is sent is bounded by the caller; of what came 64
// responses wait to be taken, and then reading pauses. Thread-safe.
template <typename Request, typename Response>
class ClientStream final {
 public:
  using Wire = grpc::ClientAsyncReaderWriter<Request, Response>;
  // `open(context, queue)` is the PrepareAsync… of the generated stub.
  using Open = absl::FunctionRef<std::unique_ptr<Wire>(grpc::ClientContext*,
                                                       grpc::CompletionQueue*)>;

  // `queue` has QueueEvents and outlives the stream.
  ClientStream(grpc::CompletionQueue* queue, Open open,
               std::function<void()> wake)
      : wake_(std::move(wake)), wire_(open(&context_, queue)) {
    wire_->StartCall(&started_);
  }
  // Cancels the call and waits for what is under way.
  ~ClientStream() {
    {
      absl::MutexLock lock(&mutex_);
      over_ = true;
    }
    context_.TryCancel();
    absl::MutexLock lock(&mutex_);
    auto nothing = [this] { return under_way_ == 0; };
    mutex_.Await(absl::Condition(&nothing));
  }

  // Queues a request. Does nothing once the stream has ended.
  void Send(Request request) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    requests_.push_back(std::move(request));
    if (requests_.size() == 1) WriteNext();
  }

  // The responses since the last call, in their order.
  std::vector<Response> TakeAll() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(paused_, false)) ReadNext();
    return std::exchange(came_, {});
  }

  bool ended() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }

 private:
  void OnStarted(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (!ok) return End();
    absl::MutexLock lock(&mutex_);
    is_open_ = true;
    ReadNext();
    if (!requests_.empty()) WriteNext();
    --under_way_;
  }
  void OnRead(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (!ok) return End();
    {
      absl::MutexLock lock(&mutex_);
      came_.push_back(std::move(response_));
      response_.Clear();
      paused_ = came_.size() >= limits::kMaxWaitingResponses;
      if (!paused_) ReadNext();
    }
    Wake();
  }
  void OnWritten(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    requests_.pop_front();
    // The end is told by the read.
    if (ok && !requests_.empty()) WriteNext();
    --under_way_;
  }
  void End() ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      ended_ = true;
    }
    Wake();
  }
  // The last that an event does.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_) {
    wake_();
    absl::MutexLock lock(&mutex_);
    --under_way_;
  }

  void ReadNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (over_) return;
    ++under_way_;
    wire_->Read(&response_, &read_);
  }
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (over_ || !is_open_) return;
    ++under_way_;
    wire_->Write(requests_.front(), &written_);
  }

  const std::function<void()> wake_;
  grpc::ClientContext context_;
  const std::unique_ptr<Wire> wire_;
  Response response_;
  QueueEventOf<ClientStream, &ClientStream::OnStarted> started_{this};
  QueueEventOf<ClientStream, &ClientStream::OnRead> read_{this};
  QueueEventOf<ClientStream, &ClientStream::OnWritten> written_{this};

  mutable absl::Mutex mutex_;
  // The front is being written.
  std::deque<Request> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<Response> came_ ABSL_GUARDED_BY(mutex_);
  bool is_open_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing is read until what came is taken; no read is under way.
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing is started any more.
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  // Of what was started; at first that the call starts.
  int under_way_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CLIENT_STREAM_H_
