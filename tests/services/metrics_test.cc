// What servers count: the counters, what Prometheus is told of them over a real
// socket, and that the documents describe all of it.
#include "services/common/metrics.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/status.h"
#include "frank/config/v1/metrics.pb.h"
#include "frank/v1/errors.pb.h"
#include "frank/v1/franking.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/common/call_metrics.h"
#include "services/common/metrics_exposer.h"
#include "services/moderation/moderation_metrics.h"
#include "services/moderation/queue_figures.h"
#include "services/platform/platform_metrics.h"
#include "services/web/connection_metrics.h"
#include "storage/memory/memory_engine.h"

namespace frank::services {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

// Of a family: "label,label value" of each sample.
std::vector<std::string> ValuesOf(const Metrics& metrics,
                                  const std::string& name) {
  std::vector<std::string> values;
  for (const Metrics::Reading& reading : metrics.ReadAll()) {
    if (reading.family.name != name) continue;
    for (const MetricSample& sample : reading.samples) {
      values.push_back(
          absl::StrCat(absl::StrJoin(sample.labels, ","), " ", sample.value));
    }
  }
  return values;
}

MethodCalls& StampsOf(CallMetrics& calls) {
  return calls.CallsOf(*v1::StampRequest::descriptor()
                            ->file()
                            ->FindServiceByName("FrankingService")
                            ->FindMethodByName("Stamp"));
}

// What a server on the loopback answers to a GET, head and body.
std::string Fetch(int port, const std::string& path) {
  int client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)) ==
      0) {
    std::string request =
        absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(write(client, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t n; (n = read(client, buffer, sizeof(buffer))) > 0;) {
      answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(client);
  return answer;
}

config::v1::Metrics OnAnyPort() {
  config::v1::Metrics config;
  config.set_listen_address("127.0.0.1:0");
  return config;
}

TEST(MetricsTest, LosesNoCountOfManyThreads) {
  Metrics metrics;
  MetricFamily family{"seen_total", MetricKind::kCounter, "", {"kind"}};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics, &family] {
      Counter& counter = metrics.AddCounter(family, {"one"});
      for (int j = 0; j < 10000; ++j) counter.Add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  metrics.AddCounter(family, {"two"}).Add(3);
  EXPECT_THAT(ValuesOf(metrics, "seen_total"),
              ElementsAre("one 40000", "two 3"));
}

TEST(MetricsTest, PutsAValueUnderTheFirstBoundThatIsNotBelowIt) {
  Histogram histogram({1, 10});
  for (double value : {0.5, 1.0, 1.5, 10.0, 11.0}) histogram.Observe(value);
  EXPECT_THAT(histogram.counts(), ElementsAre(2, 2, 1));
  EXPECT_EQ(histogram.sum(), 24);
}

TEST(MetricsTest, CountsCallsByMethodCodeAndReason) {
  Metrics metrics;
  CallMetrics calls(metrics);
  MethodCalls& stamp = StampsOf(calls);
  stamp.Count(absl::OkStatus());
  stamp.Count(FieldError("field", "rule"));
  stamp.Count(WithReason(absl::AbortedError("lost"), "LEASE_LOST"));
  StampsOf(calls).Count(absl::OkStatus());
  EXPECT_THAT(
      ValuesOf(metrics, "grpc_server_handled_total"),
      ElementsAre("FrankingService.Stamp,OK, 2",
                  "FrankingService.Stamp,INVALID_ARGUMENT,FIELD_INVALID 1",
                  "FrankingService.Stamp,ABORTED,LEASE_LOST 1"));
}

TEST(MetricsTest, CountsWhatClientsAreToldOfErrorsWithoutAReason) {
  Metrics metrics;
  CallMetrics calls(metrics);
  MethodCalls& stamp = StampsOf(calls);
  stamp.Count(absl::DataLossError("a block is broken"));
  stamp.Count(absl::DeadlineExceededError("the store is slow"));
  EXPECT_THAT(ValuesOf(metrics, "grpc_server_handled_total"),
              ElementsAre("FrankingService.Stamp,INTERNAL,UNAVAILABLE 1",
                          "FrankingService.Stamp,UNAVAILABLE,UNAVAILABLE 1"));
}

TEST(MetricsTest, CountsEachMethodOfTheSchemaUnderItsName) {
  Metrics metrics;
  CallMetrics calls(metrics);
  std::vector<std::string> expected;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const auto& entry : std::filesystem::directory_iterator(
           FRANK_SOURCE_DIR "/proto/frank/v1")) {
    const auto* file = pool->FindFileByName(
        absl::StrCat("frank/v1/", entry.path().filename().string()));
    if (file == nullptr) continue;  // not linked here
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const auto& method = *file->service(i)->method(j);
        calls.CallsOf(method).Count(absl::OkStatus());
        expected.push_back(absl::StrCat(
            absl::StripPrefix(method.full_name(), "frank.v1."), ",OK, 1"));
      }
    }
  }
  EXPECT_THAT(expected, Contains("FrankingService.StampStream,OK, 1"));
  EXPECT_THAT(ValuesOf(metrics, "grpc_server_handled_total"),
              UnorderedElementsAreArray(expected));
}

// Numbers of reasons have gaps, and the last one is far above how many there
// are.
TEST(MetricsTest, CountsEachReasonUnderItsName) {
  Metrics metrics;
  CallMetrics calls(metrics);
  const auto* reasons = v1::ErrorReason_descriptor();
  std::vector<std::string> expected;
  for (int i = 1; i < reasons->value_count(); ++i) {
    std::string reason(
        absl::StripPrefix(reasons->value(i)->name(), "ERROR_REASON_"));
    StampsOf(calls).Count(WithReason(absl::UnauthenticatedError(""), reason));
    expected.push_back(
        absl::StrCat("FrankingService.Stamp,UNAUTHENTICATED,", reason, " 1"));
  }
  EXPECT_THAT(expected, Contains(HasSubstr(",NEW_EVIDENCE ")));
  EXPECT_GT(reasons->value(reasons->value_count() - 1)->number(),
            reasons->value_count());
  EXPECT_THAT(ValuesOf(metrics, "grpc_server_handled_total"),
              ElementsAreArray(expected));
}

// Whoever answers with a new reason makes no new sample.
TEST(MetricsTest, CountsReasonsThatTheSchemaDoesNotHaveAsOther) {
  Metrics metrics;
  CallMetrics calls(metrics);
  for (int i = 0; i < 1000; ++i) {
    StampsOf(calls).Count(WithReason(absl::NotFoundError("no such thing"),
                                     absl::StrCat("NO_REASON_", i)));
  }
  EXPECT_THAT(ValuesOf(metrics, "grpc_server_handled_total"),
              ElementsAre("FrankingService.Stamp,NOT_FOUND,other 1000"));
}

TEST(MetricsExposerTest, TellsWhatWasCountedWhenItIsAsked) {
  Metrics metrics;
  double depth = 0;
  metrics.AddSource({"depth", MetricKind::kGauge, "How deep it is", {"queue"}},
                    [&depth]() -> std::vector<MetricSample> {
                      return {{{"integrity"}, depth, {}, {}}};
                    });
  Histogram& age = metrics.AddHistogram(
      {"age_seconds", MetricKind::kHistogram, "How old", {}}, {1, 2});
  auto exposer = MetricsExposer::Start(OnAnyPort(), metrics);
  ASSERT_TRUE(exposer.ok()) << exposer.status();
  age.Observe(1.5);
  age.Observe(7);
  depth = 42;
  std::string answer = Fetch((*exposer)->port(), "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  for (const char* line :
       {"# HELP depth How deep it is\n", "# TYPE depth gauge\n",
        "\ndepth{queue=\"integrity\"} 42\n", "# TYPE age_seconds histogram\n",
        "\nage_seconds_bucket{le=\"1\"} 0\n",
        "\nage_seconds_bucket{le=\"2\"} 1\n",
        "\nage_seconds_bucket{le=\"+Inf\"} 2\n", "\nage_seconds_count 2\n",
        "\nage_seconds_sum 8.5\n"}) {
    EXPECT_THAT(answer, HasSubstr(line));
  }
  EXPECT_THAT(Fetch((*exposer)->port(), "/"), Not(HasSubstr("depth")));
}

TEST(MetricsExposerTest, RefusesAPortThatIsInUse) {
  Metrics metrics;
  auto first = MetricsExposer::Start(OnAnyPort(), metrics);
  ASSERT_TRUE(first.ok()) << first.status();
  config::v1::Metrics config;
  config.set_listen_address(absl::StrCat("127.0.0.1:", (*first)->port()));
  auto second = MetricsExposer::Start(config, metrics);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr("metrics.listen_address"));
  EXPECT_THAT(second.status().message(), HasSubstr(config.listen_address()));
  first->reset();
  EXPECT_TRUE(MetricsExposer::Start(config, metrics).ok());
}

TEST(MetricsExposerTest, IsOffWithoutAnAddress) {
  Metrics metrics;
  auto exposer = MetricsExposer::Start(config::v1::Metrics(), metrics);
  ASSERT_TRUE(exposer.ok());
  EXPECT_EQ(*exposer, nullptr);
}

const char* NameOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kHistogram:
      return "histogram";
  }
  return "";
}

// The rows of the table in the document: "name kind label,label".
std::set<std::string> DescribedMetrics() {
  std::ifstream file(FRANK_SOURCE_DIR "/docs/operations.md");
  std::set<std::string> described;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (absl::StartsWith(line, "## ")) within = line == "## Metrics";
    if (!within || !absl::StartsWith(line, "| `")) continue;
    std::vector<std::string> cells =
        absl::StrSplit(absl::StrReplaceAll(line, {{"`", ""}}), '|');
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    described.insert(
        absl::StrCat(cells[1], " ", cells[2], " ",
                     absl::StrReplaceAll(cells[3], {{", ", ","}})));
  }
  return described;
}

// Units are the last word of a name, as Prometheus has it.
TEST(MetricsTest, EveryMetricIsInTheOperatorsDocument) {
  Metrics metrics;
  CallMetrics calls(metrics);
  platform::PlatformMetrics of_platform(metrics);
  moderation::ModerationMetrics of_moderation(metrics);
  FakeClock clock(0);
  services::HeldRefusals refusals(clock);
  auto engine = storage::MemoryEngine::Make(clock);
  const auto stamp_clock = platform::StampClock::Open(*engine, clock).value();
  const crypto::KeyRings rings;
  const platform::Relay relay(*engine, *stamp_clock, rings, refusals);
  const platform::ReceiveHub hub(*engine, clock);
  platform::AddQueueGauges({refusals, relay, hub, *engine}, metrics);
  web::ConnectionMetrics of_web(metrics);
  const moderation::Routing routing = moderation::Routing::BuiltIn();
  moderation::AddQueueGauges(*engine, routing, clock, metrics);
  std::set<std::string> counted;
  for (const Metrics::Reading& reading : metrics.ReadAll()) {
    const MetricFamily& family = reading.family;
    counted.insert(absl::StrCat(family.name, " ", NameOf(family.kind), " ",
                                absl::StrJoin(family.labels, ",")));
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_EQ(absl::EndsWith(family.name, "_total"),
              family.kind == MetricKind::kCounter)
        << family.name;
  }
  EXPECT_EQ(counted, DescribedMetrics());
}

}  // namespace
}  // namespace frank::services
