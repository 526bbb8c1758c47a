#include "client/load/session.h"

#include <atomic>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

// Each job is answered at once, until one may not be made.
class FakeLoad final : public Workload {
 public:
  std::vector<Operation> operations() const override { return {{"fake"}}; }
  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override { ++ended; }
  absl::StatusOr<Job> Compose(Dice*) override {
    if (++composed > most) return absl::UnavailableError("the stream ended");
    return Job{0, [this](Nanos, const Done& done) {
                 if (composed == interrupt_at) interrupted = true;
                 done(absl::OkStatus());
               }};
  }

  size_t most = ~size_t{0};
  size_t interrupt_at = 0;
  size_t composed = 0;
  size_t ended = 0;
  std::atomic<bool> interrupted{false};
};

// Steps that would last for an hour, but for what ends them.
SessionOptions LongRamp() {
  SessionOptions options;
  options.plan.rate = 1000;
  options.warm_up = 0;
  options.steady = 3600 * kNanosPerSecond;
  options.plan.lateness = options.steady;
  options.ramp = RampOptions{2, 3};
  options.bounds.p99_us = 3'600'000'000;
  return options;
}

TEST(SessionTest, KeepsWhatWasMeasuredUntilAnError) {
  SessionOptions options = LongRamp();
  options.plan.max_count = 20;
  FakeLoad load;
  load.most = 27;
  const Result result = RunSession(options, load);
  EXPECT_EQ(result.error.code(), absl::StatusCode::kUnavailable);
  ASSERT_EQ(result.steps.size(), 2u);
  EXPECT_TRUE(result.steps[0].holds());
  EXPECT_EQ(result.steps[0].operations[0].done, 20u);
  EXPECT_FALSE(result.steps[1].holds());
  EXPECT_EQ(result.steps[1].operations[0].done, 7u);
  EXPECT_EQ(result.knee, 1000);
  EXPECT_EQ(KneeBound(result), nullptr);
  EXPECT_EQ(load.ended, 2u);
  ASSERT_FALSE(result.seconds.empty());
}

TEST(SessionTest, EndsWhenItIsInterrupted) {
  SessionOptions options = LongRamp();
  FakeLoad load;
  load.interrupt_at = 5;
  options.plan.interrupted = &load.interrupted;
  const Result result = RunSession(options, load);
  EXPECT_EQ(result.error.code(), absl::StatusCode::kCancelled);
  ASSERT_EQ(result.steps.size(), 1u);
  EXPECT_EQ(result.steps[0].operations[0].done, 5u);
  EXPECT_FALSE(result.steps[0].holds());
  EXPECT_LT(result.steps[0].steady_s, 3600);
  EXPECT_EQ(load.ended, 0u);
}

TEST(SessionTest, TellsAtOnceWhoseFiguresAreNotThere) {
  SessionOptions options;
  EXPECT_TRUE(CheckWatched(options).ok());
  options.processes = {{"gone", ~uint64_t{0}}};
  EXPECT_EQ(CheckWatched(options).code(), absl::StatusCode::kNotFound);
  options.processes.clear();
  // Nobody listens on port 0.
  options.metrics = {"127.0.0.1:0"};
  EXPECT_EQ(CheckWatched(options).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace frank::load
