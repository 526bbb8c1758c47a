#include "client/load/draw.h"

#include <cmath>
#include <vector>

#include "core/status.h"
#include "gtest/gtest.h"

namespace frank::load {
namespace {

TEST(ScheduleTest, KeepsConstantGaps) {
  Schedule schedule(ArrivalKind::kConstant, 250, 1);
  for (Nanos i = 1; i <= 1000; ++i) EXPECT_EQ(schedule.Next(), i * 4'000'000);
}

// The gaps of a Poisson process have the mean and the standard deviation of one
// over the rate, and e^-1 of them are longer than that.
TEST(ScheduleTest, DrawsExponentialGaps) {
  constexpr int kCount = 200'000;
  Schedule schedule(ArrivalKind::kPoisson, 1000, 2);
  double sum = 0, squares = 0;
  int longer = 0;
  Nanos before = 0;
  for (int i = 0; i < kCount; ++i) {
    const Nanos at = schedule.Next();
    const double gap = static_cast<double>(at - before) / 1e6;
    before = at;
    sum += gap;
    squares += gap * gap;
    longer += gap > 1 ? 1 : 0;
  }
  const double mean = sum / kCount;
  EXPECT_NEAR(mean, 1, 0.02);
  EXPECT_NEAR(std::sqrt(squares / kCount - mean * mean), 1, 0.02);
  EXPECT_NEAR(static_cast<double>(longer) / kCount, std::exp(-1), 0.01);
}

TEST(ScheduleTest, RepeatsItselfFromTheSameSeedOnly) {
  Schedule one(ArrivalKind::kPoisson, 10, 5),
      same(ArrivalKind::kPoisson, 10, 5), other(ArrivalKind::kPoisson, 10, 6);
  const Nanos first = one.Next();
  EXPECT_EQ(same.Next(), first);
  EXPECT_NE(other.Next(), first);
}

std::vector<double> Shares(const Zipf& zipf, size_t count) {
  constexpr int kDraws = 200'000;
  Dice dice(7);
  std::vector<double> shares(count);
  for (int i = 0; i < kDraws; ++i) shares[zipf.Draw(&dice)] += 1.0 / kDraws;
  return shares;
}

TEST(ZipfTest, DrawsRanksInProportionToTheirInverses) {
  const std::vector<double> shares = Shares(Zipf(10, 1), 10);
  double harmonic = 0;
  for (int rank = 1; rank <= 10; ++rank) harmonic += 1.0 / rank;
  for (int rank = 1; rank <= 10; ++rank) {
    EXPECT_NEAR(shares[static_cast<size_t>(rank) - 1], 1 / (rank * harmonic),
                0.01);
  }
}

TEST(ZipfTest, DrawsAllAlikeWithoutExponent) {
  for (double share : Shares(Zipf(8, 0), 8)) EXPECT_NEAR(share, 0.125, 0.01);
}

TEST(SizesTest, DrawsFixedSizes) {
  Dice dice(1);
  EXPECT_EQ(Sizes::Parse("fixed:1000")->Draw(&dice), 1000u);
  EXPECT_EQ(Sizes().Draw(&dice), 1024u);
}

TEST(SizesTest, DrawsUniformSizesIncludingBothEnds) {
  const Sizes sizes = *Sizes::Parse("uniform:3:5");
  Dice dice(2);
  std::vector<int> seen(7);
  for (int i = 0; i < 3000; ++i) ++seen[sizes.Draw(&dice)];
  for (size_t size : {3, 4, 5}) EXPECT_NEAR(seen[size], 1000, 150);
}

TEST(SizesTest, DrawsLogNormalSizesAroundTheirMedianAndInBounds) {
  const Sizes sizes = *Sizes::Parse("lognormal:400:2");
  Dice dice(3);
  int below = 0;
  for (int i = 0; i < 10'000; ++i) {
    const size_t size = sizes.Draw(&dice);
    EXPECT_GE(size, 1u);
    EXPECT_LE(size, Sizes::kMaxBytes);
    below += size < 400 ? 1 : 0;
  }
  EXPECT_NEAR(below, 5000, 250);
}

TEST(SizesTest, RefusesWhatIsNoDistribution) {
  for (const char* text :
       {"", "1024", "fixed", "fixed:0", "fixed:1:2", "fixed:262145",
        "uniform:5", "uniform:5:4", "lognormal:100:-1", "lognormal:100:5",
        "normal:1:1", "fixed:nan"}) {
    const absl::Status status = Sizes::Parse(text).status();
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_EQ(FindFieldViolation(status)->field, "size");
  }
}

}  // namespace
}  // namespace frank::load
