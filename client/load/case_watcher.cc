#include "client/load/case_watcher.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/time.h"
#include "core/status.h"
#include "grpcpp/alarm.h"

namespace frank::load {
namespace {

constexpr size_t kLooksAtOnce = 16;
// Of how many cases it is kept in mind whom they accuse.
constexpr size_t kMostKnown = 100'000;
// How long it takes until a case is looked at again.
constexpr uint64_t kUsualPauseMs = 100;
constexpr uint64_t kLongestPauseMs = 5000;
constexpr absl::Duration kBeginTime = absl::Seconds(30);

}  // namespace

class CaseWatcher::Stream final
    : public grpc::ClientReadReactor<frank::v1::WatchCasesResponse> {
 public:
  Stream(CaseWatcher& watcher, frank::v1::QueueService::Stub& stub,
         const std::string& token)
      : watcher_(watcher) {
    // No deadline: it lasts as long as the run.
    context_.AddMetadata("authorization", "Bearer " + token);
    stub.async()->WatchCases(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void End() {
    context_.TryCancel();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    watcher_.Changed(response_);
    StartRead(&response_);
  }

  void OnDone(const grpc::Status& status) override {
    watcher_.Ended(FromGrpc(status));
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }

 private:
  CaseWatcher& watcher_;
  grpc::ClientContext context_;
  const frank::v1::WatchCasesRequest request_;
  frank::v1::WatchCasesResponse response_;
  absl::Mutex mutex_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

CaseWatcher::CaseWatcher(
    const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
    const std::string& token)
    : token_(token), reviews_(moderation), accused_of_(kMostKnown) {}

absl::StatusOr<std::unique_ptr<CaseWatcher>> CaseWatcher::Create(
    const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
    const std::string& token) {
  std::unique_ptr<CaseWatcher> watcher(new CaseWatcher(moderation, token));
  watcher->queue_ = frank::v1::QueueService::NewStub(moderation.front());
  watcher->stream_ =
      std::make_unique<Stream>(*watcher, *watcher->queue_, token);
  absl::MutexLock lock(&watcher->mutex_);
  auto settled = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(watcher->mutex_) {
    return watcher->begun_ || !watcher->end_.ok();
  };
  if (!watcher->mutex_.AwaitWithTimeout(absl::Condition(&settled),
                                        kBeginTime)) {
    return absl::DeadlineExceededError("moderation does not let us watch");
  }
  if (!watcher->end_.ok()) return watcher->end_;
  return watcher;
}

CaseWatcher::~CaseWatcher() {
  {
    absl::MutexLock lock(&mutex_);
    followed_.clear();
    waited_for_.clear();
  }
  stream_->End();
  WaitForCalls();
}

void CaseWatcher::Follow(const std::string& report_id,
                         const std::string& accused_uri,
                         std::function<void()> shown) {
  absl::MutexLock lock(&mutex_);
  followed_[report_id] = {accused_uri, std::move(shown)};
  waited_for_.insert(accused_uri);
}

void CaseWatcher::Forget(const std::string& report_id) {
  absl::MutexLock lock(&mutex_);
  auto it = followed_.find(report_id);
  if (it == followed_.end()) return;
  waited_for_.erase(waited_for_.find(it->second.accused_uri));
  followed_.erase(it);
}

absl::Status CaseWatcher::status() const {
  absl::MutexLock lock(&mutex_);
  return end_;
}

bool CaseWatcher::MayHold(const std::string& case_id) const {
  if (followed_.empty()) return false;
  const std::string* accused = accused_of_.Find(case_id);
  return accused == nullptr || waited_for_.count(*accused) > 0;
}

void CaseWatcher::Changed(const frank::v1::WatchCasesResponse& response) {
  {
    absl::MutexLock lock(&mutex_);
    begun_ = true;
    for (const frank::v1::CaseChange& change : response.change()) {
      if (MayHold(change.case_id())) changed_.Add(change.case_id());
    }
  }
  Look();
}

void CaseWatcher::Ended(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  end_ = status.ok() ? absl::UnavailableError("moderation ended the watch")
                     : status;
}

// Asks for cases that have changed, as many as may be asked for at once.
void CaseWatcher::Look() {
  while (true) {
    frank::v1::GetCaseRequest request;
    {
      absl::MutexLock lock(&mutex_);
      if (looks_ == kLooksAtOnce) return;
      const absl::optional<std::string> oldest = changed_.Take();
      if (!oldest) return;
      if (!MayHold(*oldest)) continue;
      request.set_case_id(*oldest);
      ++looks_;
    }
    CallAsync(reviews_.Next(), &Async<frank::v1::ReviewService>::GetCase,
              token_, request,
              [this, id = request.case_id()](
                  const absl::Status& status,
                  const frank::v1::GetCaseResponse& response) {
                Looked(id, status, response);
              });
  }
}

void CaseWatcher::Looked(const std::string& case_id, const absl::Status& status,
                         const frank::v1::GetCaseResponse& response) {
  std::vector<std::function<void()>> shown;
  {
    absl::MutexLock lock(&mutex_);
    --looks_;
    if (status.ok()) {
      accused_of_.Learn(case_id, response.case_summary().accused_uri());
    }
    for (const frank::v1::CaseReport& report : response.report()) {
      auto it = followed_.find(report.report_id());
      if (it == followed_.end()) continue;
      waited_for_.erase(waited_for_.find(it->second.accused_uri));
      shown.push_back(std::move(it->second.shown));
      followed_.erase(it);
    }
  }
  for (const auto& tell : shown) tell();
  if (!status.ok() && !absl::IsNotFound(status) &&
      !absl::IsPermissionDenied(status)) {
    LookLater(case_id, status);
  }
  Look();
}

void CaseWatcher::LookLater(const std::string& case_id,
                            const absl::Status& status) {
  const std::chrono::milliseconds pause(std::min(
      FindRetryAfter(status).value_or(kUsualPauseMs), kLongestPauseMs));
  auto alarm = std::make_shared<grpc::Alarm>();
  // Waited for like a call.
  CallBegan();
  alarm->Set(std::chrono::system_clock::now() + pause,
             [this, alarm, case_id](bool) mutable {
               {
                 absl::MutexLock lock(&mutex_);
                 if (MayHold(case_id)) changed_.Add(case_id);
               }
               Look();
               // It keeps this function, which keeps it.
               alarm.reset();
               CallEnded();
             });
}

}  // namespace frank::load
