#include "client/load/ramp.h"

#include <vector>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

constexpr Bounds kBounds{200, 0.99};

// What was done took so long, of which it waited `lag_us` to be sent.
Tally TallyOf(uint64_t due, uint64_t done, uint64_t latency_us,
              uint64_t lag_us = 0) {
  Tally tally;
  tally.due = due;
  tally.done = done;
  for (uint64_t i = 0; i < done; ++i) {
    tally.latency.Add(latency_us);
    tally.answer.Add(latency_us - lag_us);
  }
  return tally;
}

Verdict JudgeThem(const std::vector<Tally>& steady,
                  const Bounds& bounds = kBounds) {
  return Judge(std::vector<Operation>(steady.size()), steady, bounds);
}

TEST(JudgeTest, AsksForBothBoundsOfEachOperation) {
  EXPECT_EQ(JudgeThem({TallyOf(100, 100, 200)}), Verdict::kHolds);
  EXPECT_EQ(JudgeThem({TallyOf(100, 99, 200)}), Verdict::kHolds);
  EXPECT_EQ(JudgeThem({TallyOf(100, 98, 200)}), Verdict::kServer);
  EXPECT_EQ(JudgeThem({TallyOf(100, 100, 201)}), Verdict::kServer);
  EXPECT_EQ(JudgeThem({TallyOf(100, 100, 1), TallyOf(10, 1, 1)}),
            Verdict::kServer);
  EXPECT_EQ(JudgeThem({TallyOf(1000, 999, 200)}, {200, 0.999}),
            Verdict::kHolds);
  EXPECT_EQ(JudgeThem({TallyOf(1000, 998, 200)}, {200, 0.999}),
            Verdict::kServer);
}

// Fast answers to those who got one do not make up for the others.
TEST(JudgeTest, TakesThePercentileOfAllThatWasDue) {
  Tally slow = TallyOf(1000, 985, 100);
  for (int i = 0; i < 8; ++i) slow.latency.Add(201);
  slow.done += 8;
  EXPECT_LE(slow.latency.ValueAt(0.99), 200u);
  EXPECT_EQ(JudgeThem({slow}), Verdict::kServer);
}

TEST(JudgeTest, PassesOverWhatWasNotDueAndWhatHadNothingToDo) {
  Tally idle = TallyOf(100, 10, 5);
  idle.idle = 90;
  EXPECT_EQ(JudgeThem({idle, Tally()}), Verdict::kHolds);
}

TEST(JudgeTest, HoldsNothingWhereNothingWasDue) {
  EXPECT_EQ(JudgeThem({Tally(), Tally()}), Verdict::kGenerator);
}

TEST(JudgeTest, TellsTheGeneratorFromTheServer) {
  const Tally late = TallyOf(100, 100, 300, 250);
  Tally not_sent = TallyOf(100, 50, 100);
  not_sent.not_sent = 50;
  EXPECT_EQ(JudgeThem({late}), Verdict::kGenerator);
  EXPECT_EQ(JudgeThem({not_sent}), Verdict::kGenerator);
  EXPECT_EQ(JudgeThem({late, TallyOf(100, 100, 201)}), Verdict::kServer);
  // Not followed for want of a place: the servers are slow.
  EXPECT_EQ(Judge({{"to-case", /*follows=*/true}}, {not_sent}, kBounds),
            Verdict::kServer);
}

// Tries rates until the ramp is over; those up to `most` hold.
std::vector<double> Try(Ramp* ramp, double most) {
  std::vector<double> tried;
  while (absl::optional<double> rate = ramp->rate()) {
    tried.push_back(*rate);
    ramp->Tell(*rate <= most);
  }
  return tried;
}

TEST(RampTest, EndsAtTheSecondFailureOfOneRate) {
  Ramp ramp(100, 2, 10);
  EXPECT_EQ(Try(&ramp, 500), (std::vector<double>{100, 200, 400, 800, 800}));
  EXPECT_EQ(ramp.knee(), 400);
}

TEST(RampTest, ForgivesOneFailure) {
  Ramp ramp(100, 2, 3);
  ramp.Tell(true);
  ramp.Tell(false);
  EXPECT_EQ(ramp.rate(), 200);
  ramp.Tell(true);
  EXPECT_EQ(ramp.rate(), 400);
  ramp.Tell(false);
  ramp.Tell(true);
  EXPECT_EQ(ramp.rate(), absl::nullopt);
  EXPECT_EQ(ramp.knee(), 400);
}

TEST(RampTest, HasNoKneeWhereNothingHolds) {
  Ramp ramp(100, 2, 3);
  EXPECT_EQ(Try(&ramp, 0).size(), 2u);
  EXPECT_EQ(ramp.knee(), absl::nullopt);
}

}  // namespace
}  // namespace frank::load
