#include "client/command/args.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Option> kOptions = {
    {"room", "URI", "", true},
    {"part", "TEXT", "", false, true},
    {"quiet", "", ""},
    {"count", "N", ""},
};

std::string ErrorOf(const std::vector<std::string>& words) {
  absl::StatusOr<Args> args = Args::Parse(kOptions, words);
  EXPECT_EQ(args.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(args.status().message());
}

TEST(ArgsTest, TakesOptionsAndPositionalsInAnyOrder) {
  absl::StatusOr<Args> args = Args::Parse(
      kOptions, {"one", "--part", "a", "--room=mimi://x", "two", "--part=b=c"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(args->Get("room"), "mimi://x");
  EXPECT_THAT(args->All("part"), ElementsAre("a", "b=c"));
  EXPECT_THAT(args->positionals(), ElementsAre("one", "two"));
  EXPECT_FALSE(args->Has("quiet"));
  EXPECT_EQ(args->Get("count", "7"), "7");
}

TEST(ArgsTest, TakesWhatFollowsTwoDashesAsItIs) {
  absl::StatusOr<Args> args =
      Args::Parse(kOptions, {"--room", "r", "--", "--quiet", "--nonsense"});
  ASSERT_TRUE(args.ok());
  EXPECT_THAT(args->positionals(), ElementsAre("--quiet", "--nonsense"));
  EXPECT_FALSE(args->Has("quiet"));
}

TEST(ArgsTest, TakesAValueThatLooksLikeAnOption) {
  absl::StatusOr<Args> args = Args::Parse(kOptions, {"--room", "--quiet"});
  ASSERT_TRUE(args.ok());
  EXPECT_EQ(args->Get("room"), "--quiet");
}

TEST(ArgsTest, NamesTheOptionThatIsWrong) {
  EXPECT_THAT(ErrorOf({"--room", "r", "--rom", "x"}),
              HasSubstr("unknown option --rom"));
  EXPECT_THAT(ErrorOf({"--room"}), HasSubstr("--room needs a value"));
  EXPECT_THAT(ErrorOf({"--room", "r", "--room", "s"}),
              HasSubstr("--room stands twice"));
  EXPECT_THAT(ErrorOf({"--room", "r", "--quiet=yes"}),
              HasSubstr("--quiet takes no value"));
  EXPECT_THAT(ErrorOf({}), HasSubstr("--room is missing"));
}

TEST(ArgsTest, ReadsDecimalNumbersOnly) {
  auto number = [](const std::string& text) {
    return Args::Parse(kOptions, {"--room", "r", "--count", text})
        ->Number("count", 0);
  };
  EXPECT_EQ(*number("18446744073709551615"), ~uint64_t{0});
  for (const char* bad :
       {"", "-1", "+1", "0x10", "1 ", "18446744073709551616"}) {
    EXPECT_EQ(number(bad).status().code(), absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(ArgsTest, CountsPositionals) {
  const Args args = *Args::Parse({}, {"a", "b"});
  EXPECT_TRUE(args.RequirePositionals(1, 2, "FILE").ok());
  EXPECT_THAT(args.RequirePositionals(3, 3, "FILE").message(),
              HasSubstr("missing: FILE"));
  EXPECT_THAT(args.RequirePositionals(0, 1, "FILE").message(),
              HasSubstr("\"b\""));
}

TEST(ParseDurationTest, ReadsUnitsAndRefusesTheRest) {
  EXPECT_EQ(*ParseDuration("--for", "90s"), 90'000u);
  EXPECT_EQ(*ParseDuration("--for", "15m"), 900'000u);
  EXPECT_EQ(*ParseDuration("--for", "12h"), 43'200'000u);
  EXPECT_EQ(*ParseDuration("--for", "30d"), 2'592'000'000u);
  for (const char* bad : {"", "d", "30", "-1d", "1.5h", "99999999999999999d"}) {
    EXPECT_FALSE(ParseDuration("--for", bad).ok()) << bad;
  }
}

TEST(ParseTimeTest, ReadsDatesTimesAndMilliseconds) {
  EXPECT_EQ(*ParseTime("--until", "now", 42), 42u);
  EXPECT_EQ(*ParseTime("--until", "1000", 42), 1000u);
  EXPECT_EQ(*ParseTime("--until", "1970-01-02", 42), 86'400'000u);
  EXPECT_EQ(*ParseTime("--until", "1970-01-01T00:00:01Z", 42), 1000u);
  for (const char* bad : {"", "tomorrow", "1969-12-31", "2026-13-01"}) {
    EXPECT_FALSE(ParseTime("--until", bad, 42).ok()) << bad;
  }
}

}  // namespace
}  // namespace frank::client
