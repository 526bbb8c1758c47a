#include "services/moderation/intake_rpc.h"

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "core/log.h"
#include "frank/v1/intake.grpc.pb.h"
#include "services/common/call.h"
#include "services/common/stream.h"

namespace frank::moderation {
namespace {

using services::BidiStream;
using services::Call;
using services::RpcService;

// One connected platform. Reading pauses while more waits than one batch of
// commits may hold.
class ForwardStream final
    : public BidiStream<v1::ForwardRequest, v1::ForwardResponse> {
 public:
  ForwardStream(Intake& intake, std::string platform,
                UnixMillis indicative_time, absl::Status admitted)
      : intake_(intake),
        platform_(std::move(platform)),
        indicative_time_(indicative_time),
        admitted_(std::move(admitted)) {}

 private:
  void OnStart() override {
    if (!admitted_.ok()) return Close(admitted_);
    absl::StatusOr<uint64_t> mark = intake_.HighWaterMark(platform_);
    if (!mark.ok()) return Close(mark.status());
    v1::ForwardResponse response;
    response.set_acknowledged(*mark);
    response.set_indicative_time_ms(indicative_time_);
    Send(std::move(response));
    ReadNext();
  }

  void OnRequest(const v1::ForwardRequest& request) override {
    absl::Status valid = Intake::Check(request);
    if (!valid.ok()) {
      Log(Severity::kError, "forward.invalid",
          {LogField("number", request.number())});
      return Close(valid);
    }
    std::vector<v1::ForwardRequest> batch;
    bool pause = false;
    {
      absl::MutexLock lock(&mutex_);
      waiting_bytes_ += request.sealed_report().size() +
                        request.appeal().sealed_appeal().size();
      waiting_.push_back(request);
      pause = IsFull() && storing_;
      paused_ = pause;
      if (!storing_) batch = TakeBatch();
    }
    if (!batch.empty()) Store(std::move(batch));
    // Else OnStored goes on reading.
    if (!pause) ReadNext();
  }

  void OnRequestsEnd() override {
    {
      absl::MutexLock lock(&mutex_);
      ended_ = true;
      if (storing_) return;
    }
    Close(absl::OkStatus());
  }

  void Store(std::vector<v1::ForwardRequest> batch) {
    auto self = shared_from_this();
    intake_.Store(platform_, std::move(batch),
                  [this, self](absl::StatusOr<Intake::Taken> taken) {
                    OnStored(std::move(taken));
                  });
  }

  void OnStored(absl::StatusOr<Intake::Taken> taken) {
    if (!taken.ok()) return Close(taken.status());
    Acknowledge(*std::move(taken));
    std::vector<v1::ForwardRequest> batch;
    bool resume = false;
    bool close = false;
    {
      absl::MutexLock lock(&mutex_);
      batch = TakeBatch();
      resume = paused_;
      paused_ = false;
      close = ended_ && batch.empty();
    }
    if (!batch.empty()) Store(std::move(batch));
    if (resume) ReadNext();
    if (close) Close(absl::OkStatus());
  }

  void Acknowledge(Intake::Taken taken) {
    v1::ForwardResponse response;
    response.set_acknowledged(taken.acknowledged);
    for (v1::Receipt& receipt : taken.receipts) {
      *response.add_receipt() = std::move(receipt);
    }
    Send(std::move(response));
  }

  bool IsFull() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return waiting_bytes_ >= limits::kMaxCommitBatchBytes ||
           waiting_.size() >= limits::kForwardingWindowReports;
  }
  std::vector<v1::ForwardRequest> TakeBatch()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<v1::ForwardRequest> batch;
    batch.swap(waiting_);
    waiting_bytes_ = 0;
    storing_ = !batch.empty();
    return batch;
  }

  Intake& intake_;
  const std::string platform_;
  const UnixMillis indicative_time_;
  const absl::Status admitted_;
  absl::Mutex mutex_;
  std::vector<v1::ForwardRequest> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // A transaction runs; it alone starts the next.
  bool storing_ ABSL_GUARDED_BY(mutex_) = false;
  // OnRequest left reading to OnStored.
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

std::unique_ptr<RpcService> MakeIntakeService(Intake& intake,
                                              std::string platform_name,
                                              UnixMillis indicative_time) {
  auto service =
      std::make_unique<RpcService>(v1::IntakeService::service_full_name());
  service->Streaming(
      "Forward",
      [&intake, platform = std::move(platform_name),
       indicative_time](const Call& call) {
        return std::make_shared<ForwardStream>(
            intake, platform, indicative_time, call.RequirePeer(platform));
      },
      services::Queue::kQuiet);
  return service;
}

}  // namespace frank::moderation
