// What was reached of the targets, as CSV, JSON and lines.
#include <limits>

#include "absl/strings/str_join.h"
#include "client/command/csv.h"
#include "client/command/mod_inflow.h"
#include "client/command/mod_targets.h"
#include "core/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using ::testing::HasSubstr;

v1::Reached SomeReached() {
  v1::Reached reached;
  // November 2023.
  reached.set_period_started_at(19662 * kDay);
  reached.set_period_ended_at(19692 * kDay);
  reached.set_queue("harassment");
  reached.set_reason("harassment.hate");
  v1::TimeReached& first = *reached.mutable_first_action();
  first.set_count(10);
  first.set_in_time(9);
  first.set_median_ms(15 * kMinute);
  first.set_ninth_decile_ms(std::numeric_limits<uint64_t>::max());
  first.set_target_ms(30 * kMinute);
  first.set_target_per_mille(900);
  first.set_reached(true);
  v1::AccuracyReached& accuracy = *reached.mutable_accuracy();
  accuracy.set_reversed_count(1);
  accuracy.set_overturned_count(2);
  accuracy.set_upheld_count(3);
  accuracy.set_target_per_mille(950);
  return reached;
}

TEST(CsvTest, QuotesWhatWouldBreakARecord) {
  EXPECT_EQ(CsvRecord({"a", "", "b c"}), "a,,b c\r\n");
  EXPECT_EQ(CsvRecord({"a,b", "say \"no\"", "two\r\nlines"}),
            "\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\r\n");
}

TEST(ModTargetsTest, HasAFieldForEachColumn) {
  EXPECT_EQ(ReachedRow(SomeReached()).size(), ReachedColumns().size());
  EXPECT_EQ(absl::StrJoin(ReachedRow(SomeReached()), ","),
            "2023-11-01,2023-11-30,harassment,harassment.hate,"
            "10,9,900,,1800,900,yes,0,0,0,0,0,0,no,1,2,3,950,no");
}

TEST(ModInflowTest, HasAFieldForEachColumn) {
  v1::Inflow inflow;
  inflow.set_period_started_at(19662 * kDay);
  inflow.set_period_ended_at(19692 * kDay);
  inflow.set_queue("harassment");
  inflow.set_opened_count(1);
  inflow.set_report_count(2);
  inflow.set_unopenable_report_count(3);
  inflow.set_proven_count(4);
  inflow.set_forged_count(5);
  inflow.set_unverifiable_count(6);
  inflow.set_appeal_count(7);
  EXPECT_EQ(InflowRow(inflow).size(), InflowColumns().size());
  EXPECT_EQ(absl::StrJoin(InflowRow(inflow), ","),
            "2023-11-01,2023-11-30,harassment,1,2,3,4,5,6,7");
  EXPECT_THAT(InflowText(inflow),
              HasSubstr("4 proven, 5 forged, 6 that cannot be verified"));
  EXPECT_THAT(InflowJson(inflow).ToString(),
              HasSubstr("\"unverifiable_messages\":6"));
}

TEST(ModTargetsTest, SaysWhatWasReachedAndWhatWasNot) {
  std::string text = ReachedText(SomeReached());
  EXPECT_THAT(text, HasSubstr("2023-11-01 to 2023-11-30"));
  EXPECT_THAT(text, HasSubstr("9 of 10 in time, half within 15 minutes, 9 in "
                              "10 within over 30 days: reached"));
  EXPECT_THAT(text, HasSubstr("decision      none"));
  EXPECT_THAT(text, HasSubstr("2 overturned on appeal: NOT REACHED"));
}

TEST(ModTargetsTest, TellsProgramsTheSame) {
  std::string json = ReachedJson(SomeReached()).ToString();
  EXPECT_THAT(json, HasSubstr("\"kind\":\"reached\""));
  EXPECT_THAT(json, HasSubstr("\"first_action\":{\"count\":10,\"in_time\":9"));
  EXPECT_THAT(json, HasSubstr("\"overturned\":2"));
}

}  // namespace
}  // namespace frank::client
