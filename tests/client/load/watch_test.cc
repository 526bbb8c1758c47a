#include "client/load/watch.h"

#include <unistd.h>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

TEST(ProcessTest, ReadsFiguresBehindANameThatHoldsAnything) {
  const auto figures = ParseProcessStat(
      "42 (a ) b( c) S 1 42 42 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 9 0 "
      "12345 1000000 256 18446744073709551615 1 1 0\n");
  ASSERT_TRUE(figures.ok());
  EXPECT_EQ(figures->cpu_us, 200 * 1'000'000 / sysconf(_SC_CLK_TCK));
  EXPECT_EQ(figures->resident_kb, 256 * sysconf(_SC_PAGESIZE) / 1024);
}

TEST(ProcessTest, RefusesOtherText) {
  EXPECT_FALSE(ParseProcessStat("").ok());
  EXPECT_FALSE(ParseProcessStat("42 (name) S 1 2 3").ok());
  EXPECT_FALSE(ParseProcessStat("42 name S 1 2 3").ok());
}

TEST(ProcessTest, ReadsThisProcessAndMissesOthers) {
  const auto own = ReadProcess(static_cast<uint64_t>(getpid()));
  ASSERT_TRUE(own.ok());
  EXPECT_GT(own->resident_kb, 0u);
  EXPECT_EQ(ReadProcess(~uint64_t{0}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(GaugesTest, AddsUpThoseOfOneNameAndLeavesOutOtherKinds) {
  const Gauges gauges = ParseGauges(
      "# HELP queue_depth Cases that wait\n"
      "# TYPE queue_depth gauge\n"
      "queue_depth{queue=\"general\",state=\"open\"} 12\n"
      "queue_depth{queue=\"violence\",state=\"open\"} 3\n"
      "# HELP calls_total Calls\n"
      "# TYPE calls_total counter\n"
      "calls_total{method=\"Send\"} 99\n"
      "# TYPE age gauge\n"
      "age 0.5\n");
  EXPECT_EQ(gauges, (Gauges{{"queue_depth", 15}, {"age", 0.5}}));
}

}  // namespace
}  // namespace frank::load
