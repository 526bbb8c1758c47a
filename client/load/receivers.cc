#include "client/load/receivers.h"

#include <deque>
#include <utility>

#include "absl/time/time.h"
#include "client/load/connection.h"
#include "core/status.h"

namespace frank::load {
namespace {

using frank::v1::ReceiveRequest;
using frank::v1::ReceiveResponse;

constexpr absl::Duration kCatchUpTime = absl::Minutes(1);

}  // namespace

void Deliveries::Expect(const std::string& message_id, size_t recipients,
                        Done done) {
  absl::MutexLock lock(&mutex_);
  waiting_[message_id] = {recipients, std::move(done)};
}

void Deliveries::Arrived(const std::string& message_id) {
  Done done;
  {
    absl::MutexLock lock(&mutex_);
    auto it = waiting_.find(message_id);
    if (it == waiting_.end() || --it->second.left > 0) return;
    done = std::move(it->second.done);
    waiting_.erase(it);
  }
  done(absl::OkStatus());
}

void Deliveries::GiveUp(const std::string& message_id,
                        const absl::Status& status) {
  Done done;
  {
    absl::MutexLock lock(&mutex_);
    auto it = waiting_.find(message_id);
    if (it == waiting_.end()) return;
    done = std::move(it->second.done);
    waiting_.erase(it);
  }
  done(status);
}

class Receivers::Stream final
    : public grpc::ClientBidiReactor<ReceiveRequest, ReceiveResponse> {
 public:
  Stream(Receivers& receivers, frank::v1::MessageService::Stub& stub,
         const std::string& token)
      : receivers_(receivers) {
    // No deadline: it lasts as long as the run.
    context_.AddMetadata("authorization", "Bearer " + token);
    stub.async()->Receive(&context_, this);
    ReceiveRequest start;
    start.mutable_start();
    absl::MutexLock lock(&mutex_);
    requests_.push_back(std::move(start));
    WriteNext();
    StartRead(&response_);
    StartCall();
  }

  void Cancel() { context_.TryCancel(); }
  void Wait() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (response_.has_delivery()) {
      Acknowledge(response_.delivery());
      receivers_.deliveries_.Arrived(
          response_.delivery().envelope().message_id());
    } else if (response_.has_notice()) {
      ReceiveRequest ack;
      ack.mutable_notice_ack()->set_notice_id(response_.notice().notice_id());
      Write(std::move(ack));
    } else if (response_.has_caught_up() && !caught_up_) {
      caught_up_ = true;
      receivers_.CaughtUp();
    }
    StartRead(&response_);
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (ok) WriteNext();
  }

  void OnDone(const grpc::Status& status) override {
    receivers_.Ended(FromGrpc(status));
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }

 private:
  void Acknowledge(const ReceiveResponse::Delivery& delivery) {
    ReceiveRequest request;
    request.mutable_ack()->set_room_uri(delivery.room_uri());
    request.mutable_ack()->set_sequence(delivery.sequence());
    Write(std::move(request));
  }
  void Write(ReceiveRequest request) {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(std::move(request));
    WriteNext();
  }
  // Called within a reaction only, so the stream is there.
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || requests_.empty()) return;
    writing_ = true;
    request_ = std::move(requests_.front());
    requests_.pop_front();
    StartWrite(&request_);
  }

  Receivers& receivers_;
  grpc::ClientContext context_;
  ReceiveResponse response_;
  bool caught_up_ = false;
  absl::Mutex mutex_;
  ReceiveRequest request_ ABSL_GUARDED_BY(mutex_);
  std::deque<ReceiveRequest> requests_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

Receivers::Receivers(Deliveries& deliveries) : deliveries_(deliveries) {}

absl::StatusOr<std::unique_ptr<Receivers>> Receivers::Connect(
    const std::vector<Device>& devices,
    const std::vector<std::shared_ptr<grpc::Channel>>& channels,
    Deliveries& deliveries) {
  std::unique_ptr<Receivers> receivers(new Receivers(deliveries));
  for (const auto& channel : channels) {
    receivers->stubs_.push_back(frank::v1::MessageService::NewStub(channel));
  }
  {
    absl::MutexLock lock(&receivers->mutex_);
    receivers->behind_ = devices.size();
  }
  for (size_t i = 0; i < devices.size(); ++i) {
    receivers->streams_.push_back(std::make_unique<Stream>(
        *receivers, *receivers->stubs_[i % channels.size()], devices[i].token));
  }
  absl::MutexLock lock(&receivers->mutex_);
  auto settled = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(receivers->mutex_) {
    return receivers->behind_ == 0 || !receivers->first_end_.ok();
  };
  if (!receivers->mutex_.AwaitWithTimeout(absl::Condition(&settled),
                                          kCatchUpTime)) {
    return absl::DeadlineExceededError(
        "the devices do not catch up with what waits for them");
  }
  if (!receivers->first_end_.ok()) return receivers->first_end_;
  return receivers;
}

Receivers::~Receivers() {
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
  }
  for (auto& stream : streams_) stream->Cancel();
  for (auto& stream : streams_) stream->Wait();
}

absl::Status Receivers::status() const {
  absl::MutexLock lock(&mutex_);
  return first_end_;
}

void Receivers::CaughtUp() {
  absl::MutexLock lock(&mutex_);
  --behind_;
}

void Receivers::Ended(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (closing_ || !first_end_.ok()) return;
  first_end_ =
      status.ok()
          ? absl::UnavailableError("the platform ended a device's stream")
          : status;
}

}  // namespace frank::load
