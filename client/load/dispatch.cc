#include "client/load/dispatch.h"

#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace frank::load {
namespace {

// How often who waits for a place looks again.
constexpr Nanos kLook = 100 * kNanosPerMicro;
// How often who waits for what is due looks whether the run is over.
constexpr Nanos kNap = kNanosPerSecond / 10;

Nanos MonotonicNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<Nanos>(now.tv_sec) * kNanosPerSecond +
         static_cast<Nanos>(now.tv_nsec);
}

// The places of those on their way. Answers that come when the run is over find
// it closed, as nobody owns the ledger any more.
class Places {
 public:
  Places(size_t count, Ledger& ledger, Ticker& ticker)
      : count_(count), ledger_(&ledger), ticker_(&ticker) {}

  bool Take() {
    if (taken_.fetch_add(1) < count_) return true;
    --taken_;
    return false;
  }
  void Finish(size_t operation, Nanos due, Nanos sent,
              const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (ledger_ == nullptr) return;
      ledger_->Finish(operation, due, sent, ticker_->Now(), status);
    }
    --taken_;
  }
  bool IsEmpty() const { return taken_ == 0; }
  void Close() {
    absl::MutexLock lock(&mutex_);
    ledger_ = nullptr;
  }

 private:
  const size_t count_;
  std::atomic<size_t> taken_{0};
  absl::Mutex mutex_;
  Ledger* ledger_ ABSL_GUARDED_BY(mutex_);
  Ticker* const ticker_;
};

// Whether the run is over before its time, as any lane sees it.
class Ending {
 public:
  explicit Ending(const std::atomic<bool>* interrupted)
      : interrupted_(interrupted) {}

  // Keeps the first error.
  void Fail(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    if (status_.ok()) status_ = status;
    failed_ = !status_.ok();
  }
  bool IsOver() const { return failed_ || IsInterrupted(); }
  absl::Status status() const {
    absl::MutexLock lock(&mutex_);
    if (!status_.ok() || !IsInterrupted()) return status_;
    return absl::CancelledError("the run was interrupted");
  }

 private:
  bool IsInterrupted() const { return interrupted_ && *interrupted_; }

  const std::atomic<bool>* const interrupted_;
  std::atomic<bool> failed_{false};
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// One thread's share of the arrivals.
class Lane {
 public:
  Lane(const LoadPlan& plan, size_t number, Workload& workload, Ledger& ledger,
       Ticker& ticker, Ending& ending, std::shared_ptr<Places> places)
      : plan_(plan),
        workload_(workload),
        ledger_(ledger),
        ticker_(ticker),
        ending_(ending),
        places_(std::move(places)),
        schedule_(plan.arrivals, plan.rate / static_cast<double>(plan.threads),
                  plan.seed + 2 * number),
        dice_(plan.seed + 2 * number + 1),
        count_(plan.max_count / plan.threads +
               (number < plan.max_count % plan.threads ? 1 : 0)) {}

  // Returns until when arrivals were due.
  Nanos Run() {
    while (true) {
      const Nanos due = schedule_.Next();
      if (due >= plan_.length) return plan_.length;
      if (due >= plan_.warm_up && count_-- == 0) return due;
      if (ending_.IsOver()) return std::min(due, ticker_.Now());
      // Who makes what comes too late anyway never gets to what does not.
      if (IsLate(due)) {
        PassOver(due);
        continue;
      }
      absl::StatusOr<Job> job = workload_.Compose(&dice_);
      if (!job.ok()) {
        ending_.Fail(job.status());
        return std::min(due, ticker_.Now());
      }
      if (!SleepUntil(due)) return ticker_.Now();
      ledger_.Due(job->operation, due);
      Send(*std::move(job), due);
    }
  }

 private:
  // Returns false when the run is over before.
  bool SleepUntil(Nanos due) {
    for (Nanos now = ticker_.Now(); now < due; now = ticker_.Now()) {
      if (ending_.IsOver()) return false;
      ticker_.SleepUntil(std::min(due, now + kNap));
    }
    return true;
  }
  bool IsLate(Nanos due) const { return ticker_.Now() > due + plan_.lateness; }

  void PassOver(Nanos due) {
    const size_t operation = workload_.Pass(&dice_);
    ledger_.Due(operation, due);
    ledger_.NotSent(operation, due);
  }

  void Send(Job job, Nanos due) {
    while (!places_->Take()) {
      ticker_.SleepUntil(ticker_.Now() + kLook);
      if (IsLate(due) || ending_.IsOver()) {
        return ledger_.NotSent(job.operation, due);
      }
    }
    const Nanos sent = ticker_.Now();
    ledger_.Sent(job.operation, due, sent);
    job.start(due, [places = places_, operation = job.operation, due,
                    sent](const absl::Status& status) {
      places->Finish(operation, due, sent, status);
    });
  }

  const LoadPlan& plan_;
  Workload& workload_;
  Ledger& ledger_;
  Ticker& ticker_;
  Ending& ending_;
  const std::shared_ptr<Places> places_;
  Schedule schedule_;
  Dice dice_;
  uint64_t count_;
};

// Returns until when arrivals were due.
Nanos RunLanes(std::vector<Lane>* lanes) {
  std::vector<Nanos> ends(lanes->size());
  std::vector<std::thread> others;
  for (size_t i = 1; i < lanes->size(); ++i) {
    others.emplace_back([&, i] { ends[i] = (*lanes)[i].Run(); });
  }
  ends[0] = lanes->front().Run();
  for (std::thread& other : others) other.join();
  return *std::max_element(ends.begin(), ends.end());
}

}  // namespace

MonotonicTicker::MonotonicTicker() : origin_(MonotonicNow()) {}

Nanos MonotonicTicker::Now() const { return MonotonicNow() - origin_; }

void MonotonicTicker::SleepUntil(Nanos time) {
  // Otherwise the kernel may wake us 50 µs late.
  static thread_local const int precise = prctl(PR_SET_TIMERSLACK, 1);
  static_cast<void>(precise);
  const Nanos absolute = origin_ + time;
  timespec until;
  until.tv_sec = static_cast<time_t>(absolute / kNanosPerSecond);
  until.tv_nsec = static_cast<long>(absolute % kNanosPerSecond);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

DispatchEnd Dispatch(const LoadPlan& plan, Workload& workload, Ledger& ledger,
                     Ticker& ticker) {
  Ending ending(plan.interrupted);
  auto places = std::make_shared<Places>(plan.outstanding, ledger, ticker);
  std::vector<Lane> lanes;
  lanes.reserve(plan.threads);
  for (size_t i = 0; i < plan.threads; ++i) {
    lanes.emplace_back(plan, i, workload, ledger, ticker, ending, places);
  }
  const Nanos length = RunLanes(&lanes);
  const Nanos begin = ticker.Now();
  auto patience = [&] {
    return absl::IsCancelled(ending.status())
               ? std::min(plan.patience, kNanosPerSecond)
               : plan.patience;
  };
  while (!places->IsEmpty() && ticker.Now() < begin + patience()) {
    ticker.SleepUntil(ticker.Now() + kNanosPerSecond / 100);
  }
  places->Close();
  return {length, ending.status()};
}

}  // namespace frank::load
