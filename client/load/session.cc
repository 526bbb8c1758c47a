#include "client/load/session.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/status.h"

namespace frank::load {
namespace {

// A second that ends so little after the steady phase is part of it.
constexpr Nanos kSlack = kNanosPerSecond / 10;

double Seconds(Nanos nanos) {
  return static_cast<double>(nanos) / static_cast<double>(kNanosPerSecond);
}

// `at` and `length` are of the step, which waits for answers after its end.
std::string ProgressLine(const Result& result, double rate, Nanos at,
                         Nanos length, const Second& second) {
  std::string line =
      absl::StrFormat("%4.0f of %.0f s  %7.0f/s", Seconds(std::min(at, length)),
                      Seconds(length), rate);
  for (size_t i = 0; i < second.operations.size(); ++i) {
    const OperationSecond& one = second.operations[i];
    absl::StrAppendFormat(&line, "  %s: %u done", result.operations[i].name,
                          one.done);
    if (one.shed > 0) absl::StrAppendFormat(&line, ", %u shed", one.shed);
    if (one.failed > 0) absl::StrAppendFormat(&line, ", %u failed", one.failed);
    if (one.not_sent > 0) {
      absl::StrAppendFormat(&line, ", %u not sent", one.not_sent);
    }
    absl::StrAppendFormat(&line, ", p50 %.1f p99 %.1f ms",
                          static_cast<double>(one.p50_us) / 1000,
                          static_cast<double>(one.p99_us) / 1000);
  }
  return line;
}

// Looks at everything once a second, on a thread of its own.
class Watcher {
 public:
  Watcher(const SessionOptions& options, double rate, Ledger& ledger,
          Ticker& ticker, Result* result)
      : options_(options),
        rate_(rate),
        ledger_(ledger),
        ticker_(ticker),
        result_(result),
        step_(result->steps.size()),
        offset_s_(result->seconds.empty()
                      ? 0
                      : result->seconds.back().at_s +
                            result->seconds.back().length_s),
        before_(Look()),
        thread_([this] { Watch(); }) {}

  // Ends it after a last look.
  void Stop() {
    over_ = true;
    thread_.join();
  }

 private:
  std::vector<ProcessFigures> Look() const {
    std::vector<ProcessFigures> figures;
    for (const WatchedProcess& process : options_.processes) {
      // One that has ended shows as zeros.
      figures.push_back(
          ReadProcess(process.pid).value_or(ProcessFigures{0, 0}));
    }
    return figures;
  }

  void Watch() {
    Nanos begin = 0;
    for (Nanos next = kNanosPerSecond; !over_; next += kNanosPerSecond) {
      while (!over_ && ticker_.Now() < next) {
        ticker_.SleepUntil(std::min(next, ticker_.Now() + kSlack));
      }
      const Nanos end = ticker_.Now();
      Note(begin, end);
      begin = end;
    }
  }

  void Note(Nanos begin, Nanos end) {
    const Nanos steady_end = options_.warm_up + options_.steady;
    Second second;
    second.at_s = offset_s_ + Seconds(begin);
    second.length_s = Seconds(end - begin);
    second.step = step_;
    second.steady = begin + kSlack >= options_.warm_up &&
                    end > begin + kSlack && end <= steady_end + kSlack;
    for (const Tally& window : ledger_.TakeWindow()) {
      second.operations.push_back(Summarize(window));
    }
    std::vector<ProcessFigures> now = Look();
    for (size_t i = 0; i < now.size(); ++i) {
      const uint64_t before = before_[i].cpu_us;
      second.processes.push_back(
          {now[i].cpu_us < before ? 0 : now[i].cpu_us - before,
           now[i].resident_kb});
    }
    before_ = std::move(now);
    for (const std::string& address : options_.metrics) {
      for (const auto& [name, value] :
           FetchGauges(address).value_or(Gauges())) {
        second.gauges[name] += value;
      }
    }
    if (options_.progress) {
      options_.progress(ProgressLine(*result_, rate_, end, steady_end, second));
    }
    result_->seconds.push_back(std::move(second));
  }

  const SessionOptions& options_;
  const double rate_;
  Ledger& ledger_;
  Ticker& ticker_;
  Result* const result_;
  const size_t step_;
  const double offset_s_;
  std::vector<ProcessFigures> before_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// An error is left in the result.
Step RunStep(const SessionOptions& options, double rate, Workload& workload,
             Result* result) {
  LoadPlan plan = options.plan;
  plan.rate = rate;
  plan.warm_up = options.warm_up;
  plan.length = options.warm_up + options.steady;
  // Calls that an interruption leaves behind may still ask for both.
  auto ticker = std::make_shared<MonotonicTicker>();
  auto ledger = std::make_shared<Ledger>(result->operations.size(),
                                         plan.warm_up, plan.length);
  DispatchEnd end;
  end.status = workload.Begin({ledger, 0, [ticker] { return ticker->Now(); }});
  if (end.status.ok()) {
    Watcher watcher(options, rate, *ledger, *ticker, result);
    end = Dispatch(plan, workload, *ledger, *ticker);
    watcher.Stop();
  }
  if (!absl::IsCancelled(end.status)) workload.End();
  Step step;
  step.rate = rate;
  step.steady_s = Seconds(std::max(end.length, plan.warm_up) - plan.warm_up);
  step.operations = ledger->Steady();
  step.verdict = end.status.ok() ? Judge(result->operations, step.operations,
                                         options.bounds)
                                 : Verdict::kCutShort;
  result->error = end.status;
  return step;
}

}  // namespace

absl::Status CheckWatched(const SessionOptions& options) {
  for (const WatchedProcess& process : options.processes) {
    FRANK_RETURN_IF_ERROR(ReadProcess(process.pid).status());
  }
  for (const std::string& address : options.metrics) {
    FRANK_RETURN_IF_ERROR(FetchGauges(address).status());
  }
  return absl::OkStatus();
}

Result RunSession(const SessionOptions& options, Workload& workload) {
  Result result;
  result.operations = workload.operations();
  for (const WatchedProcess& process : options.processes) {
    result.processes.push_back(process.name);
  }
  result.is_ramp = options.ramp.has_value();
  const RampOptions ramp_options = options.ramp.value_or(RampOptions{1, 1});
  Ramp ramp(options.plan.rate, ramp_options.factor, ramp_options.steps);
  while (absl::optional<double> rate = ramp.rate()) {
    result.steps.push_back(RunStep(options, *rate, workload, &result));
    if (!result.error.ok()) break;
    ramp.Tell(result.steps.back().holds());
    if (!result.is_ramp) break;
  }
  result.knee = ramp.knee();
  return result;
}

}  // namespace frank::load
