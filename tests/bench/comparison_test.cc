#include "tests/bench/comparison.h"

#include "gtest/gtest.h"

namespace frank::bench {
namespace {

// The machine is twice as slow from turn to turn, and three times at the end:
// ours is half as much again as the other all the while.
TEST(ComparisonTest, JudgesByTheRatioOfNeighbouringTurns) {
  const Judged judged = Judge({15, 30, 15, 30, 45}, {10, 20, 10, 20, 30});
  EXPECT_DOUBLE_EQ(judged.ratio, 1.5);
  EXPECT_DOUBLE_EQ(judged.ours, 30);
  EXPECT_DOUBLE_EQ(judged.bare, 20);
}

TEST(ComparisonTest, SaysHowMuchIsBeyondInNeighbouringTurns) {
  EXPECT_DOUBLE_EQ(Judge({11, 23, 32}, {10, 20, 30}).beyond, 2);
}

TEST(ComparisonTest, SaysWhenEitherWasNotSteady) {
  EXPECT_FALSE(Judge({1, 1, 1, 1, 1}, {10, 11, 10, 12, 9}).is_noisy());
  EXPECT_TRUE(Judge({1, 1, 1, 1, 1}, {10, 14, 10, 15, 9}).is_noisy());
  EXPECT_TRUE(Judge({10, 14, 10, 15, 9}, {1, 1, 1, 1, 1}).is_noisy());
}

TEST(ComparisonTest, TakesOneTurnForWhatItIs) {
  const Judged judged = Judge({4}, {2});
  EXPECT_DOUBLE_EQ(judged.ratio, 2);
  EXPECT_FALSE(judged.is_noisy());
}

}  // namespace
}  // namespace frank::bench
