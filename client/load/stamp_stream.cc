#include "client/load/stamp_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/load/connection.h"

namespace frank::load {

class StampStream::Reactor final
    : public grpc::ClientBidiReactor<frank::v1::StampBatchRequest,
                                     frank::v1::StampBatchResponse> {
 public:
  Reactor(frank::v1::FrankingService::Stub& stub, const std::string& token) {
    context_.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    stub.async()->StampStream(&context_, this);
    AddHold();
    StartRead(&response_);
    StartCall();
  }

  bool HasRoom() {
    absl::MutexLock lock(&mutex_);
    return queue_.size() + sent_.size() < kRequestsOfStream;
  }

  void Stamp(const frank::v1::StampBatchRequest& request, Done done) {
    absl::MutexLock lock(&mutex_);
    if (over_) return done(End());
    queue_.push_back({request, std::move(done)});
    WriteNext();
  }

  // Ends the stream and waits until it has ended.
  void Close() {
    context_.TryCancel();
    {
      absl::MutexLock lock(&mutex_);
      if (!held_) return Wait();
      held_ = false;
    }
    RemoveHold();
    absl::MutexLock lock(&mutex_);
    Wait();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (ok) WriteNext();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Release();
    Done done;
    {
      absl::MutexLock lock(&mutex_);
      done = std::move(sent_.front());
      sent_.pop_front();
      WriteNext();
    }
    StartRead(&response_);
    done(absl::OkStatus());
  }

  void OnDone(const grpc::Status& status) override {
    std::deque<Waiting> waiting;
    std::deque<Done> sent;
    absl::Status end;
    {
      absl::MutexLock lock(&mutex_);
      over_ = true;
      status_ = FromGrpc(status);
      end = End();
      waiting.swap(queue_);
      sent.swap(sent_);
    }
    for (Done& done : sent) done(end);
    for (Waiting& one : waiting) one.done(end);
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }

 private:
  struct Waiting {
    frank::v1::StampBatchRequest request;
    Done done;
  };

  absl::Status End() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!status_.ok()) return status_;
    return absl::UnavailableError("the stream has ended");
  }
  void Wait() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    mutex_.Await(absl::Condition(&done_));
  }
  // Nothing more is written from outside once the stream cannot be read.
  void Release() {
    {
      absl::MutexLock lock(&mutex_);
      if (!held_) return;
      held_ = false;
      over_ = true;
    }
    RemoveHold();
  }
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || over_ || queue_.empty() ||
        sent_.size() >= kRequestsOfStream) {
      return;
    }
    writing_ = true;
    request_ = std::move(queue_.front().request);
    sent_.push_back(std::move(queue_.front().done));
    queue_.pop_front();
    StartWrite(&request_);
  }

  grpc::ClientContext context_;
  frank::v1::StampBatchResponse response_;
  absl::Mutex mutex_;
  frank::v1::StampBatchRequest request_ ABSL_GUARDED_BY(mutex_);
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<Done> sent_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool held_ ABSL_GUARDED_BY(mutex_) = true;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

StampStream::StampStream(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& token)
    : stub_(frank::v1::FrankingService::NewStub(channel)),
      reactor_(std::make_unique<Reactor>(*stub_, token)) {}

StampStream::~StampStream() { reactor_->Close(); }

bool StampStream::HasRoom() const { return reactor_->HasRoom(); }

void StampStream::Stamp(const frank::v1::StampBatchRequest& request,
                        Done done) {
  reactor_->Stamp(request, std::move(done));
}

}  // namespace frank::load
