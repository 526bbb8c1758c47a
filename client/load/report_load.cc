#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/load/moderation_load.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::load {
namespace {

constexpr size_t kFollowedAtOnce = 64;
// While a report is followed each new case is looked at, to tell whose it is,
// which is work for moderation too: so they are followed in bursts.
constexpr size_t kBurst = 16;
constexpr Nanos kBurstEvery = kNanosPerSecond / 2;
constexpr absl::Duration kFollowTime = absl::Seconds(15);
constexpr absl::Duration kOpenTime = absl::Minutes(1);
constexpr size_t kReport = 0;
constexpr size_t kToCase = 1;

class ReportLoad final : public Workload {
 public:
  ReportLoad(Reports& reports, CaseWatcher& watcher)
      : reports_(reports), watcher_(watcher) {}

  std::vector<Operation> operations() const override {
    return {{"report"}, {"report-to-case", /*follows=*/true}};
  }

  absl::Status Begin(const RunContext& context) override {
    context_ = context;
    {
      absl::MutexLock lock(&mutex_);
      next_burst_ = 0;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Job> Compose(Dice*) override {
    FRANK_RETURN_IF_ERROR(watcher_.status());
    FRANK_ASSIGN_OR_RETURN(WrittenReport report, reports_.Write(next_++));
    return Job{kReport,
               [this, report = std::move(report)](Nanos due, Done done) {
                 Start(report, due, std::move(done));
               }};
  }

  // What is still followed then stays unfinished.
  void End() override {
    {
      absl::MutexLock lock(&mutex_);
      auto all_shown = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return followed_.empty();
      };
      if (watcher_.status().ok()) {
        mutex_.AwaitWithTimeout(absl::Condition(&all_shown), kFollowTime);
      }
      for (const auto& [id, followed] : followed_) watcher_.Forget(id);
      followed_.clear();
    }
    WaitForCalls();
  }

 private:
  struct Followed {
    Nanos due = 0;
    bool accepted = false;
    absl::optional<Nanos> shown;
  };

  enum class Choice { kNotChosen, kFollowed, kNoPlace };

  void Start(const WrittenReport& report, Nanos due, Done done) {
    const std::string id = report.report_id;
    const Choice choice = Follow(id, due);
    if (choice == Choice::kFollowed) {
      watcher_.Follow(id, report.accused_uri, [this, id] { Shown(id); });
    }
    reports_.Submit(report,
                    [this, id, choice, due, done](const absl::Status& status) {
                      if (choice == Choice::kFollowed) Submitted(id, status);
                      if (choice == Choice::kNoPlace && status.ok()) {
                        context_.ledger->Due(ToCase(), due);
                        context_.ledger->NotSent(ToCase(), due);
                      }
                      done(status);
                    });
  }

  size_t ToCase() const { return context_.first_operation + kToCase; }

  Choice Follow(const std::string& id, Nanos due) {
    absl::MutexLock lock(&mutex_);
    if (due >= next_burst_) {
      // Not in step with anything: an id is random.
      next_burst_ = due + kBurstEvery / 2 +
                    static_cast<Nanos>(ReadU64(AsBytes(id).first(8)) %
                                       static_cast<uint64_t>(kBurstEvery));
      burst_left_ = kBurst;
    }
    if (burst_left_ == 0) return Choice::kNotChosen;
    --burst_left_;
    // Who is passed over in silence when cases are slow makes them look fast.
    if (followed_.size() >= kFollowedAtOnce) return Choice::kNoPlace;
    followed_[id].due = due;
    return Choice::kFollowed;
  }

  // The case may show it before the platform has answered; what the platform
  // did not accept is not followed.
  void Submitted(const std::string& id, const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    auto it = followed_.find(id);
    if (it == followed_.end()) return;
    if (!status.ok()) {
      watcher_.Forget(id);
      followed_.erase(it);
      return;
    }
    it->second.accepted = true;
    context_.ledger->Due(ToCase(), it->second.due);
    Settle(it);
  }

  void Shown(const std::string& id) {
    absl::MutexLock lock(&mutex_);
    auto it = followed_.find(id);
    if (it == followed_.end()) return;
    it->second.shown = context_.now();
    Settle(it);
  }

  void Settle(std::map<std::string, Followed>::iterator it)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const Followed& followed = it->second;
    if (!followed.accepted || !followed.shown) return;
    context_.ledger->Finish(ToCase(), followed.due, followed.due,
                            *followed.shown, absl::OkStatus());
    followed_.erase(it);
  }

  Reports& reports_;
  CaseWatcher& watcher_;
  RunContext context_;
  std::atomic<uint64_t> next_{0};
  absl::Mutex mutex_;
  std::map<std::string, Followed> followed_ ABSL_GUARDED_BY(mutex_);
  Nanos next_burst_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t burst_left_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What has to happen before it goes on.
class Pending {
 public:
  void Tell(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    --left_;
    if (first_.ok()) first_ = std::move(status);
  }
  absl::Status Wait(size_t most) {
    absl::MutexLock lock(&mutex_);
    auto few = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return left_ <= most || !first_.ok();
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&few), kOpenTime)) {
      return absl::DeadlineExceededError(
          "a report is not taken, or does not reach its case, in a minute");
    }
    return first_;
  }
  void Add() {
    absl::MutexLock lock(&mutex_);
    ++left_;
  }

 private:
  absl::Mutex mutex_;
  size_t left_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status first_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Workload> MakeReportLoad(Reports& reports,
                                         CaseWatcher& watcher) {
  return std::make_unique<ReportLoad>(reports, watcher);
}

absl::Status OpenCases(size_t count, Reports& reports, CaseWatcher& watcher) {
  if (count > reports.distinct_cases()) {
    return FieldError(
        "--cases",
        absl::StrCat("must be no more than ", reports.distinct_cases(),
                     ", what so many devices and rooms open"));
  }
  // Callbacks may come after an error has ended the wait.
  auto accepted = std::make_shared<Pending>();
  auto shown = std::make_shared<Pending>();
  for (size_t i = 0; i < count; ++i) {
    // All of them may be one reporter's.
    FRANK_RETURN_IF_ERROR(accepted->Wait(limits::kMaxWaitingReports - 1));
    FRANK_RETURN_IF_ERROR(shown->Wait(kFollowedAtOnce));
    FRANK_ASSIGN_OR_RETURN(WrittenReport report, reports.Write(i));
    accepted->Add();
    shown->Add();
    watcher.Follow(report.report_id, report.accused_uri,
                   [shown] { shown->Tell(absl::OkStatus()); });
    reports.Submit(report, [accepted](const absl::Status& status) {
      accepted->Tell(status);
    });
  }
  FRANK_RETURN_IF_ERROR(accepted->Wait(0));
  const absl::Status status = shown->Wait(0);
  WaitForCalls();
  return status;
}

}  // namespace frank::load
