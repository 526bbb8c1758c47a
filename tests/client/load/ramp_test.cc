#include "client/load/ramp.h"

#include <vector>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

Tally TallyOf(uint64_t due, uint64_t done, uint64_t latency_us) {
  Tally tally;
  tally.due = due;
  tally.done = done;
  for (uint64_t i = 0; i < done; ++i) tally.latency.Add(latency_us);
  return tally;
}

TEST(HoldsTest, AsksForBothBoundsOfEachOperation) {
  const Bounds bounds{200, 0.99};
  EXPECT_TRUE(Holds({TallyOf(100, 100, 200)}, bounds));
  EXPECT_TRUE(Holds({TallyOf(100, 99, 200)}, bounds));
  EXPECT_FALSE(Holds({TallyOf(100, 98, 200)}, bounds));
  EXPECT_FALSE(Holds({TallyOf(100, 100, 201)}, bounds));
  EXPECT_FALSE(Holds({TallyOf(100, 100, 1), TallyOf(10, 1, 1)}, bounds));
}

TEST(HoldsTest, PassesOverWhatWasNotDueAndWhatHadNothingToDo) {
  const Bounds bounds{200, 0.99};
  Tally idle = TallyOf(100, 10, 5);
  idle.idle = 90;
  EXPECT_TRUE(Holds({idle, Tally()}, bounds));
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
