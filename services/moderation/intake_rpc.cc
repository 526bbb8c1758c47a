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

// One connected platform. Reading pauses while more waits than one batch of
// commits may hold.
class ForwardStream final
    : public BidiStream<v1::ForwardRequest, v1::ForwardResponse> {
 public:
  ForwardStream(Intake& intake, std::string platform, absl::Status admitted)
      : intake_(intake),
        platform_(std::move(platform)),
        admitted_(std::move(admitted)) {}

 private:
  void OnStart() override {
    if (!admitted_.ok()) return Close(admitted_);
    absl::StatusOr<uint64_t> mark = intake_.HighWaterMark(platform_);
    if (!mark.ok()) return Close(mark.status());
    Acknowledge(*mark);
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
      waiting_bytes_ += request.sealed_report().size();
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
    intake_.Store(platform_, batch,
                  [this, self](absl::StatusOr<uint64_t> mark) {
                    OnStored(std::move(mark));
                  });
  }

  void OnStored(absl::StatusOr<uint64_t> mark) {
    if (!mark.ok()) return Close(mark.status());
    Acknowledge(*mark);
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

  void Acknowledge(uint64_t number) {
    v1::ForwardResponse response;
    response.set_acknowledged(number);
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

class IntakeRpc final : public v1::IntakeService::CallbackService {
 public:
  IntakeRpc(Intake& intake, std::string platform)
      : intake_(intake), platform_(std::move(platform)) {}

  grpc::ServerBidiReactor<v1::ForwardRequest, v1::ForwardResponse>* Forward(
      grpc::CallbackServerContext* context) override {
    return ForwardStream::Serve(std::make_shared<ForwardStream>(
        intake_, platform_,
        services::Call::From(*context).RequirePeer(platform_)));
  }

 private:
  Intake& intake_;
  const std::string platform_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeIntakeService(Intake& intake,
                                                 std::string platform_name) {
  return std::make_unique<IntakeRpc>(intake, std::move(platform_name));
}

}  // namespace frank::moderation
