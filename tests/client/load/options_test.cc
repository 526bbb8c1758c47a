#include "client/load/options.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "client/load/connection.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace frank::load {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::string> Words(std::vector<std::string> more) {
  std::vector<std::string> words = {
      "--workload=stamp", "--platform=127.0.0.1:7443", "--ca=ca.pem",
      "--stamp-token-file=t", "--stamp-authority=a://b"};
  if (!more.empty() && more.front().rfind("--workload=", 0) == 0) {
    words[0] = more.front();
    more.erase(more.begin());
  }
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(LoadOptionsTest, ReadsARamp) {
  const auto options = ParseOptions(Words(
      {"--rate=250.5", "--arrivals=constant", "--ramp", "2:6", "--knee-p99=20",
       "--knee-completion", "0.995", "--warm-up=500ms", "--patience=1m30s",
       "--duration=1m", "--pid=platform=12", "--pid=moderation=13",
       "--metrics=127.0.0.1:9464", "--size=uniform:1:9"}));
  ASSERT_TRUE(options.ok()) << options.status();
  const SessionOptions& session = options->session;
  EXPECT_EQ(session.plan.rate, 250.5);
  EXPECT_EQ(session.plan.arrivals, ArrivalKind::kConstant);
  EXPECT_EQ(session.ramp->factor, 2);
  EXPECT_EQ(session.ramp->steps, 6u);
  EXPECT_EQ(session.bounds.p99_us, 20'000u);
  EXPECT_EQ(session.bounds.completion, 0.995);
  EXPECT_EQ(session.warm_up, kNanosPerSecond / 2);
  EXPECT_EQ(session.plan.patience, 90 * kNanosPerSecond);
  EXPECT_EQ(session.steady, 60 * kNanosPerSecond);
  ASSERT_EQ(session.processes.size(), 2u);
  EXPECT_EQ(session.processes[1].name, "moderation");
  EXPECT_EQ(session.processes[1].pid, 13u);
}

TEST(LoadOptionsTest, KeepsWhatWasRunButNotWhere) {
  const auto options = ParseOptions(Words({"--rate=5", "--json=x.json"}));
  ASSERT_TRUE(options.ok());
  EXPECT_THAT(options->settings,
              testing::ElementsAre(testing::Pair("workload", "stamp"),
                                   testing::Pair("stamp-authority", "a://b"),
                                   testing::Pair("rate", "5")));
}

TEST(LoadOptionsTest, NamesTheOptionAndTheRule) {
  struct Bad {
    const char* word;
    const char* begins;
  };
  for (const Bad& bad : std::vector<Bad>{
           {"--rate=0", "--rate: must be from"},
           {"--rate=fast", "--rate: must be from"},
           {"--rate=nan", "--rate: must be from"},
           {"--arrivals=often", "--arrivals: must be poisson or constant"},
           {"--ramp=1:5", "--ramp: must be FACTOR:STEPS"},
           {"--ramp=2", "--ramp: must be FACTOR:STEPS"},
           {"--duration=10", "--duration: must be from 1ms to 24h"},
           {"--duration=0s", "--duration: must be from 1ms to 24h"},
           {"--duration=25h", "--duration: must be from 1ms to 24h"},
           {"--patience=-1s", "--patience: must be from 0 to 24h"},
           {"--knee-completion=0.98", "--knee-completion: must be from 0.99"},
           {"--outstanding=0", "--outstanding: must be from 1"},
           {"--size=big", "--size: must be fixed:N"},
           {"--pid=12", "--pid: must be NAME=PID"},
           {"--batch=1025", "--batch: must be from 1 to 1024"},
           {"--room-size=1", "--room-size: must be from 2"},
           {"--metrics=10.0.0.1:1", "--metrics: must be host:port on the"}}) {
    const auto options = ParseOptions(Words({bad.word}));
    ASSERT_FALSE(options.ok()) << bad.word;
    EXPECT_THAT(std::string(options.status().message()),
                StartsWith(bad.begins));
  }
}

// Calls beyond what a connection takes would wait where nobody sees it.
TEST(LoadOptionsTest, OpensAsManyChannelsAsAreNeeded) {
  struct Case {
    std::vector<std::string> words;
    size_t channels;
    size_t outstanding;
  };
  for (const Case& one : std::vector<Case>{
           {{}, 4, 256},
           {{"--outstanding=20000"}, 100, 20000},
           {{"--outstanding=20001"}, 101, 20001},
           {{"--outstanding=400", "--channels=2"}, 2, 400},
           {{"--workload=stamp-stream"}, 4, 16},
           {{"--workload=stamp-stream", "--channels=2"}, 2, 8},
           {{"--workload=stamp-stream", "--outstanding=41"}, 11, 41}}) {
    const auto options = ParseOptions(Words(one.words));
    ASSERT_TRUE(options.ok()) << options.status();
    EXPECT_EQ(options->channels, one.channels);
    EXPECT_EQ(options->session.plan.outstanding, one.outstanding);
  }
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{
           {"--outstanding=401", "--channels=2"},
           {"--workload=stamp-stream", "--outstanding=9", "--channels=2"}}) {
    EXPECT_THAT(
        std::string(ParseOptions(Words(words)).status().message()),
        AllOf(StartsWith("--channels: must be at least 3 for --outstanding"),
              HasSubstr("at a time")));
  }
  EXPECT_THAT(
      std::string(
          ParseOptions(Words({"--workload=stamp-stream", "--outstanding=4096"}))
              .status()
              .message()),
      StartsWith("--channels: must be at least 1024 for --outstanding 4096"));
}

TEST(LoadOptionsTest, LoadsNoOtherMachineUnlessToldTo) {
  std::vector<std::string> words = Words({});
  words[1] = "--platform=hub.example:7443";
  EXPECT_THAT(std::string(ParseOptions(words).status().message()),
              HasSubstr("--allow-remote"));
  words.push_back("--allow-remote");
  EXPECT_TRUE(ParseOptions(words).ok());
}

TEST(LoadOptionsTest, KnowsTheLoopback) {
  for (const char* own :
       {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"}) {
    EXPECT_TRUE(IsLoopback(own)) << own;
  }
  for (const char* other :
       {"127.0.0.1", "10.0.0.1:1", "127.example:1", "127.0.0.1.example:1",
        "127.0.0.256:1", "localhost.example:1", "[::2]:1", "",
        "dns:///127.0.0.1:1"}) {
    EXPECT_FALSE(IsLoopback(other)) << other;
  }
}

TEST(LoadOptionsTest, TakesEveryPublishedProfile) {
  size_t runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(FRANK_SOURCE_DIR) + "/scripts/load")) {
    std::ifstream file(entry.path());
    const nlohmann::json profile = nlohmann::json::parse(file);
    for (const auto& run : profile["runs"]) {
      std::vector<std::string> words = {"--platform=127.0.0.1:1",
                                        "--moderation=127.0.0.1:2",
                                        "--ca=f",
                                        "--stamp-token-file=f",
                                        "--stamp-authority=a://b",
                                        "--moderation-key=f",
                                        "--moderator-token-file=f",
                                        "--population=f"};
      for (const auto& [name, value] : run["options"].items()) {
        words.push_back("--" + name + "=" + value.get<std::string>());
      }
      EXPECT_TRUE(ParseOptions(words).ok()) << entry.path() << run["name"];
      ++runs;
    }
  }
  EXPECT_GE(runs, 10u);
}

TEST(LoadOptionsTest, SaysWhatAWorkloadNeeds) {
  const auto options = ParseOptions(
      {"--workload=report", "--platform=127.0.0.1:1", "--ca=f",
       "--population=p", "--moderation-key=k", "--moderation=127.0.0.1:2"});
  EXPECT_THAT(
      std::string(options.status().message()),
      HasSubstr("--moderator-token-file: is needed for --workload report"));
  EXPECT_THAT(std::string(ParseOptions({"--workload=x",
                                        "--platform=127.0.0.1:1", "--ca=f"})
                              .status()
                              .message()),
              StartsWith("--workload: must be"));
}

}  // namespace
}  // namespace frank::load
