#include "client/load/dispatch.h"

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

#include "core/status.h"
#include "gtest/gtest.h"

namespace frank::load {
namespace {

constexpr Nanos kMilli = 1'000'000;

// Time that passes only when somebody sleeps, or says so; what is due on the
// way is done.
class FakeTicker final : public Ticker {
 public:
  Nanos Now() const override { return now_; }
  void SleepUntil(Nanos time) override {
    if (time <= now_) return;
    now_ = time;
    for (size_t i = 0; i < later_.size(); ++i) {
      if (later_[i].first > now_) continue;
      auto due = std::move(later_[i].second);
      later_[i].first = ~Nanos{0};
      due();
    }
  }
  void At(Nanos time, std::function<void()> what) {
    later_.emplace_back(time, std::move(what));
  }

 private:
  Nanos now_ = 0;
  std::vector<std::pair<Nanos, std::function<void()>>> later_;
};

// Each job is answered so long after it was sent, unless a test says otherwise.
class FakeLoad final : public Workload {
 public:
  explicit FakeLoad(FakeTicker& ticker) : ticker_(ticker) {}
  std::vector<Operation> operations() const override { return {{"fake"}}; }
  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override {}
  absl::StatusOr<Job> Compose(Dice*) override {
    if (composed == most) return absl::AbortedError("no more");
    const size_t number = composed++;
    ticker_.SleepUntil(ticker_.Now() + compose_time);
    return Job{0, [this, number](Nanos due, Done done) {
                 sent.emplace_back(due, ticker_.Now());
                 start(number, std::move(done));
               }};
  }

  std::function<void(size_t number, Done done)> start = [this](size_t,
                                                               Done done) {
    ticker_.At(ticker_.Now() + kMilli, [done] { done(absl::OkStatus()); });
  };
  // How long each takes to be made.
  Nanos compose_time = 0;
  size_t composed = 0;
  size_t most = ~size_t{0};
  // When each was due and when it was sent.
  std::vector<std::pair<Nanos, Nanos>> sent;

 private:
  FakeTicker& ticker_;
};

class DispatchTest : public testing::Test {
 protected:
  // A hundred a second, ten milliseconds apart, for one second.
  DispatchTest() {
    plan_.arrivals = ArrivalKind::kConstant;
    plan_.rate = 100;
    plan_.length = kNanosPerSecond;
  }
  Tally Run() {
    Ledger ledger(1, 0, kNanosPerSecond);
    EXPECT_TRUE(Dispatch(plan_, load_, ledger, ticker_).status.ok());
    return ledger.Steady()[0];
  }

  LoadPlan plan_;
  FakeTicker ticker_;
  FakeLoad load_{ticker_};
};

TEST_F(DispatchTest, SendsEachWhenItIsDue) {
  const Tally tally = Run();
  EXPECT_EQ(tally.due, 99u);
  EXPECT_EQ(tally.done, 99u);
  ASSERT_EQ(load_.sent.size(), 99u);
  for (size_t i = 0; i < load_.sent.size(); ++i) {
    EXPECT_EQ(load_.sent[i].first, (i + 1) * 10 * kMilli);
    EXPECT_EQ(load_.sent[i].second, load_.sent[i].first);
  }
}

TEST_F(DispatchTest, EndsAfterTheCount) {
  plan_.max_count = 7;
  EXPECT_EQ(Run().due, 7u);
  EXPECT_EQ(load_.sent.size(), 7u);
}

// A count that the warm-up used up would leave nothing to judge.
TEST_F(DispatchTest, CountsNoWarmUpForTheCount) {
  plan_.max_count = 7;
  plan_.warm_up = kNanosPerSecond / 2;
  Ledger ledger(1, plan_.warm_up, kNanosPerSecond);
  const DispatchEnd end = Dispatch(plan_, load_, ledger, ticker_);
  EXPECT_EQ(ledger.Steady()[0].due, 7u);
  EXPECT_EQ(load_.sent.size(), 49u + 7u);
  EXPECT_EQ(end.length, 570 * kMilli);
}

TEST_F(DispatchTest, SendsNothingMoreAfterAnError) {
  load_.most = 5;
  Ledger ledger(1, 0, kNanosPerSecond);
  const DispatchEnd end = Dispatch(plan_, load_, ledger, ticker_);
  EXPECT_EQ(end.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ledger.Steady()[0].due, 5u);
  EXPECT_EQ(ledger.Steady()[0].done, 5u);
  EXPECT_EQ(end.length, 50 * kMilli);
}

// What is not due yet is not counted, and answers are not waited for long.
TEST_F(DispatchTest, EndsWithinASecondWhenItIsInterrupted) {
  std::atomic<bool> interrupted{false};
  plan_.rate = 0.5;
  plan_.length = 10 * kNanosPerSecond;
  plan_.interrupted = &interrupted;
  load_.start = [](size_t, const Done&) {};
  ticker_.At(3 * kNanosPerSecond, [&interrupted] { interrupted = true; });
  Ledger ledger(1, 0, plan_.length);
  const DispatchEnd end = Dispatch(plan_, load_, ledger, ticker_);
  EXPECT_EQ(end.status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(end.length, 3 * kNanosPerSecond);
  EXPECT_EQ(ledger.Steady()[0].due, 1u);
  EXPECT_EQ(ledger.Steady()[0].unfinished(), 1u);
  EXPECT_EQ(ticker_.Now(), 4 * kNanosPerSecond);
}

// The server stands still for half a second: the 50 that were due meanwhile
// have waited, and their latency says so, though each was answered at once when
// its turn came.
TEST_F(DispatchTest, CountsAStallAgainstAllThatWereDueInIt) {
  plan_.outstanding = 1;
  load_.start = [this](size_t number, Done done) {
    if (number == 20) ticker_.SleepUntil(ticker_.Now() + 500 * kMilli);
    done(absl::OkStatus());
  };
  const Tally tally = Run();
  EXPECT_EQ(tally.done, 99u);
  EXPECT_EQ(tally.latency.max(), 500'000u);
  EXPECT_NEAR(static_cast<double>(tally.latency.ValueAt(0.75)), 250'000,
              20'000);
  EXPECT_EQ(tally.latency.ValueAt(0.45), 0u);
  // From when each was sent, only one took long.
  EXPECT_EQ(tally.answer.max(), 500'000u);
  EXPECT_EQ(tally.answer.ValueAt(0.98), 0u);
}

TEST_F(DispatchTest, KeepsNoMoreOnTheirWayThanIsAllowed) {
  plan_.outstanding = 3;
  size_t on_their_way = 0, most = 0;
  load_.start = [&](size_t, Done done) {
    most = std::max(most, ++on_their_way);
    ticker_.At(ticker_.Now() + 45 * kMilli, [&on_their_way, done] {
      --on_their_way;
      done(absl::OkStatus());
    });
  };
  const Tally tally = Run();
  EXPECT_EQ(most, 3u);
  EXPECT_EQ(tally.done, 99u);
  // Three at a time of 45 ms each are 67 a second, so they wait ever longer.
  EXPECT_GT(tally.latency.max(), 400'000u);
}

TEST_F(DispatchTest, CountsWhatComesTooLateAsNotSent) {
  plan_.outstanding = 1;
  plan_.lateness = 100 * kMilli;
  load_.start = [this](size_t number, Done done) {
    if (number == 0) {
      ticker_.At(ticker_.Now() + 600 * kMilli,
                 [done] { done(absl::OkStatus()); });
    } else {
      done(absl::OkStatus());
    }
  };
  const Tally tally = Run();
  EXPECT_EQ(tally.due, 99u);
  // Due at 20, 30, ... 500 ms, and more than 100 ms late at 610.
  EXPECT_EQ(tally.not_sent, 49u);
  EXPECT_EQ(tally.done, 50u);
  EXPECT_EQ(tally.unfinished(), 0u);
}

// A generator that makes one in 50 ms cannot send one in 10: it sends as many
// as it can, and does not spend its time on what it could not send any more.
TEST_F(DispatchTest, MakesNothingThatIsTooLate) {
  plan_.lateness = 100 * kMilli;
  load_.compose_time = 50 * kMilli;
  const Tally tally = Run();
  EXPECT_EQ(tally.due, 99u);
  EXPECT_GE(tally.done, 19u);
  EXPECT_EQ(tally.done + tally.not_sent, 99u);
  EXPECT_EQ(load_.composed, tally.done);
}

TEST_F(DispatchTest, CountsWhatIsNeverAnsweredAsUnfinished) {
  std::vector<Done> forgotten;
  load_.start = [&](size_t number, Done done) {
    if (number == 5) {
      forgotten.push_back(std::move(done));
    } else {
      done(absl::OkStatus());
    }
  };
  const Tally tally = Run();
  EXPECT_EQ(tally.done, 98u);
  EXPECT_EQ(tally.unfinished(), 1u);
  EXPECT_EQ(ticker_.Now() / kNanosPerSecond, 5u);
  // The ledger is gone, and nobody misses the answer.
  forgotten[0](absl::OkStatus());
}

TEST_F(DispatchTest, TellsShedLoadFromFailures) {
  load_.start = [](size_t number, Done done) {
    switch (number % 5) {
      case 0:
        return done(absl::ResourceExhaustedError("full"));
      case 1:
        return done(WithReason(
            WithRetryAfter(absl::ResourceExhaustedError("full"), 1000),
            "QUOTA_EXCEEDED"));
      case 2:
        return done(WithReason(absl::NotFoundError("none"), kReasonIdle));
      case 3:
        return done(WithReason(absl::AbortedError("lost"), "CONTENTION"));
      default:
        return done(absl::UnavailableError("away"));
    }
  };
  plan_.max_count = 50;
  const Tally tally = Run();
  EXPECT_EQ(tally.shed, 20u);
  EXPECT_EQ(tally.shed_with_retry, 10u);
  EXPECT_EQ(tally.idle, 10u);
  EXPECT_EQ(tally.failed, 20u);
  EXPECT_EQ(tally.failures.at("CONTENTION"), 10u);
  EXPECT_EQ(tally.failures.at("UNAVAILABLE"), 10u);
  EXPECT_EQ(tally.shed_reasons.at("QUOTA_EXCEEDED: full"), 10u);
  EXPECT_EQ(tally.shed_reasons.at("RESOURCE_EXHAUSTED"), 10u);
  EXPECT_EQ(tally.done, 0u);
  EXPECT_EQ(tally.latency.count(), 0u);
}

TEST_F(DispatchTest, CountsTheWarmUpInTheWindowsAlone) {
  Ledger ledger(1, kNanosPerSecond / 2, kNanosPerSecond);
  ASSERT_TRUE(Dispatch(plan_, load_, ledger, ticker_).status.ok());
  EXPECT_EQ(ledger.Steady()[0].due, 50u);
  EXPECT_EQ(ledger.TakeWindow()[0].due, 99u);
  EXPECT_EQ(ledger.TakeWindow()[0].due, 0u);
}

}  // namespace
}  // namespace frank::load
