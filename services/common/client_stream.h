// A bidirectional stream as its client, for background work between servers.
#ifndef FRANK_SERVICES_COMMON_CLIENT_STREAM_H_
#define FRANK_SERVICES_COMMON_CLIENT_STREAM_H_

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"

namespace frank::services {

// Queues what is sent and what came, and calls `wake` whenever there is
// something to look at. What is sent is bounded by the caller; of what came 64
// responses wait to be taken, and then reading pauses. Thread-safe.
template <typename Request, typename Response>
class ClientStream final : public grpc::ClientBidiReactor<Request, Response> {
 public:
  // `open(context, reactor)` is the call of the generated asynchronous stub.
  using Open = absl::FunctionRef<void(
      grpc::ClientContext*, grpc::ClientBidiReactor<Request, Response>*)>;

  ClientStream(Open open, std::function<void()> wake) : wake_(std::move(wake)) {
    open(&context_, this);
    // Writes start outside of gRPC's callbacks; the hold keeps the call from
    // being done under them. It goes with the last read.
    this->AddHold();
    this->StartRead(&response_);
    this->StartCall();
  }
  // Cancels the call and waits for its end.
  ~ClientStream() override {
    context_.TryCancel();
    {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
      if (std::exchange(paused_, false)) this->RemoveHold();
    }
    done_.WaitForNotification();
  }

  // Queues a request. Does nothing once the stream has ended.
  void Send(Request request) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    queue_.push_back(std::move(request));
    if (queue_.size() == 1) this->StartWrite(&queue_.front());
  }

  // The responses since the last call, in their order.
  std::vector<Response> TakeAll() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(paused_, false)) this->StartRead(&response_);
    return std::exchange(came_, {});
  }

  bool ended() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }

 private:
  void OnReadDone(bool ok) override {
    {
      absl::MutexLock lock(&mutex_);
      if (ok) {
        came_.push_back(std::move(response_));
        response_.Clear();
        ReadOn();
      } else {
        ended_ = true;
        this->RemoveHold();
      }
    }
    wake_();
  }
  void ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    // An ending stream reads until it fails, which gives up the hold.
    if (came_.size() < limits::kMaxWaitingResponses || ending_) {
      this->StartRead(&response_);
    } else {
      paused_ = true;
    }
  }
  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    queue_.pop_front();
    if (ok && !ended_ && !queue_.empty()) this->StartWrite(&queue_.front());
  }
  void OnDone(const grpc::Status&) override { done_.Notify(); }

  const std::function<void()> wake_;
  grpc::ClientContext context_;
  Response response_;
  absl::Notification done_;

  mutable absl::Mutex mutex_;
  // The front is being written.
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<Response> came_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing is read until what came is taken; no read is under way.
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace frank::services

#endif  // FRANK_SERVICES_COMMON_CLIENT_STREAM_H_
