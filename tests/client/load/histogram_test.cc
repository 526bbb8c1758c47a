#include "client/load/histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "client/load/draw.h"
#include "gtest/gtest.h"

namespace frank::load {
namespace {

TEST(HistogramTest, TellsNothingWhenEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.min(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.ValueAt(0.99), 0u);
  EXPECT_EQ(histogram.Mean(), 0);
}

TEST(HistogramTest, CountsSmallValuesExactly) {
  Histogram histogram;
  for (uint64_t value = 0; value < 256; ++value) histogram.Add(value);
  for (uint64_t value = 0; value < 256; ++value) {
    EXPECT_EQ(histogram.ValueAt((static_cast<double>(value) + 1) / 256), value);
  }
}

TEST(HistogramTest, TellsEachValueToWithinOneInHundredTwentyEight) {
  for (uint64_t value = 1; value < Histogram::kMaxValue / 3;
       value += value / 3 + 1) {
    for (uint64_t near : {value - 1, value, value + 1}) {
      Histogram histogram;
      histogram.Add(near);
      histogram.Add(Histogram::kMaxValue);
      const uint64_t told = histogram.ValueAt(0.5);
      EXPECT_GE(told, near);
      EXPECT_LE(told - near, near / 128);
    }
  }
}

TEST(HistogramTest, AgreesWithTheSortedValues) {
  Dice dice(3);
  Histogram histogram;
  std::vector<uint64_t> values;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(static_cast<uint64_t>(std::exp(12 * dice.Unit())));
    histogram.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (double quantile : {0.0001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<size_t>(std::ceil(quantile * 20000)) - 1;
    const uint64_t exact = values[rank];
    EXPECT_GE(histogram.ValueAt(quantile), exact);
    EXPECT_LE(histogram.ValueAt(quantile), exact + exact / 128);
  }
  EXPECT_EQ(histogram.ValueAt(1), values.back());
  EXPECT_EQ(histogram.min(), values.front());
}

TEST(HistogramTest, PutsWhatWasNotAddedLast) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 99; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.ValueAtOf(0.5, 100), 50u);
  EXPECT_EQ(histogram.ValueAtOf(0.99, 100), 99u);
  EXPECT_EQ(histogram.ValueAtOf(0.999, 100), absl::nullopt);
  EXPECT_EQ(histogram.ValueAtOf(0.5, 199), absl::nullopt);
  EXPECT_EQ(Histogram().ValueAtOf(0.5, 0), absl::nullopt);
}

TEST(HistogramTest, CountsWhatIsTooLargeAsTheLargest) {
  Histogram histogram;
  histogram.Add(~uint64_t{0});
  EXPECT_EQ(histogram.ValueAt(0.5), Histogram::kMaxValue);
}

}  // namespace
}  // namespace frank::load
