#include "client/command/command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/counting_random.h"
#include "tests/client/temporary_stream.h"

namespace frank::client {
namespace {

using testing::HasSubstr;
using testing::Not;

absl::Status Echo(const Invocation& in) {
  JsonObject object;
  object.Text("word", in.args.Get("word")).Texts("rest", in.args.positionals());
  in.out.Print(object, in.args.Get("word"));
  return absl::OkStatus();
}
absl::Status Missing(const Invocation&) { return absl::NotFoundError("gone"); }

struct Result {
  int code;
  std::string out;
  std::string err;
};
Result Frank(const std::vector<std::string>& words) {
  const std::vector<Command> commands = {
      {"say", "WORD...", "Say a word.", {{"word", "TEXT", "the word"}}, &Echo},
      {"say loud", "", "Say it loud.", {{"word", "TEXT", "it", true}}, &Echo},
      {"mod find", "", "Find nothing.", {}, &Missing},
  };
  FakeClock clock(0);
  CountingRandom random;
  TemporaryStream out, err;
  const int code =
      RunFrank(commands, words, clock, random, out.file(), err.file());
  return {code, out.Contents(), err.Contents()};
}

TEST(RunFrankTest, RunsTheCommandWithTheLongestName) {
  EXPECT_EQ(Frank({"say", "--word", "hi", "a"}).out, "hi\n");
  EXPECT_EQ(Frank({"say", "loud", "--word", "hi"}).out, "hi\n");
  EXPECT_EQ(Frank({"say", "loud"}).code, 2);
}

TEST(RunFrankTest, TakesJsonAnywhereButAfterTwoDashes) {
  EXPECT_EQ(Frank({"--json", "say", "--word", "hi"}).out,
            "{\"word\":\"hi\",\"rest\":[]}\n");
  EXPECT_EQ(Frank({"say", "--json", "--", "--json"}).out,
            "{\"word\":\"\",\"rest\":[\"--json\"]}\n");
}

TEST(RunFrankTest, ExitsByKindOfFailure) {
  const Result result = Frank({"mod", "find"});
  EXPECT_EQ(result.code, 4);
  EXPECT_EQ(result.err, "frank: gone\n");
  EXPECT_EQ(result.out, "");
}

TEST(RunFrankTest, FailsWhenItsOutputIsLost) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  FakeClock clock(0);
  CountingRandom random;
  TemporaryStream err;
  EXPECT_EQ(RunFrank({{"say", "", "Say a word.", {}, &Echo}}, {"say", "--json"},
                     clock, random, full, err.file()),
            1);
  EXPECT_THAT(err.Contents(), HasSubstr("standard output"));
  std::fclose(full);
}

TEST(RunFrankTest, NamesAnUnknownCommandAndOption) {
  EXPECT_THAT(Frank({"shout"}).err, HasSubstr("unknown command \"shout\""));
  EXPECT_EQ(Frank({"shout"}).code, 2);
  EXPECT_THAT(Frank({"say", "--wrd", "x"}).err,
              HasSubstr("say: unknown option --wrd"));
}

TEST(RunFrankTest, HelpsWithAllOneGroupAndOneCommand) {
  EXPECT_THAT(Frank({"help"}).out, HasSubstr("Find nothing."));
  EXPECT_EQ(Frank({"help"}).code, 0);
  EXPECT_THAT(Frank({"help", "mod"}).out, Not(HasSubstr("Say a word.")));
  EXPECT_THAT(Frank({"help", "say", "loud"}).out,
              HasSubstr("usage: frank say loud --word TEXT"));
  EXPECT_THAT(Frank({"say", "loud", "--help"}).out, HasSubstr("(required)"));
  EXPECT_EQ(Frank({}).code, 2);
}

}  // namespace
}  // namespace frank::client
