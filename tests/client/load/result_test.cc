#include "client/load/result.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "client/load/page.h"
#include "client/load/plot.h"
#include "client/load/summary.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace frank::load {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

// A ramp of two steps, of which the first holds; one second each.
Result Sample() {
  Result result;
  result.settings = {{"workload", "send"}, {"size", "fixed:1024"}};
  result.operations = {{"send"}};
  result.processes = {"platform"};
  result.is_ramp = true;
  result.knee = 100;
  for (double rate : {100.0, 200.0}) {
    Step step;
    step.rate = rate;
    step.steady_s = 2;
    step.verdict = rate == 100 ? Verdict::kHolds : Verdict::kServer;
    Tally tally;
    tally.due = 200;
    tally.done = 190;
    tally.shed = 4;
    tally.shed_with_retry = 3;
    tally.failed = 2;
    tally.idle = 1;
    tally.not_sent = 2;
    tally.failures["UNAVAILABLE"] = 2;
    tally.shed_reasons["QUOTA_EXCEEDED"] = 4;
    for (uint64_t i = 1; i <= 190; ++i) tally.latency.Add(i);
    step.operations = {tally};
    result.steps.push_back(step);
    Second second;
    second.at_s = static_cast<double>(result.seconds.size());
    second.length_s = 1;
    second.step = result.steps.size() - 1;
    second.steady = true;
    second.operations = {Summarize(tally)};
    second.processes = {{380, 2048}};
    second.gauges = {{"queue_depth", 7}};
    result.seconds.push_back(second);
  }
  return result;
}

TEST(ResultTest, WritesAllThatWasCountedAsJson) {
  const json out = json::parse(ToJson(Sample()));
  EXPECT_EQ(out["format"], "frank-load/1");
  EXPECT_EQ(out["settings"]["size"], "fixed:1024");
  EXPECT_EQ(out["knee_per_second"], 100);
  ASSERT_EQ(out["steps"].size(), 2u);
  EXPECT_EQ(out["steps"][0]["holds"], true);
  EXPECT_EQ(out["steps"][1]["holds"], false);
  const json& send = out["steps"][0]["operations"][0];
  EXPECT_EQ(send["operation"], "send");
  EXPECT_EQ(send["due"], 200);
  EXPECT_EQ(send["done"], 190);
  EXPECT_EQ(send["shed"], 4);
  EXPECT_EQ(send["shed_with_retry"], 3);
  EXPECT_EQ(send["failed"], 2);
  EXPECT_EQ(send["idle"], 1);
  EXPECT_EQ(send["not_sent"], 2);
  EXPECT_EQ(send["unfinished"], 1);
  EXPECT_EQ(send["done_per_second"], 95);
  EXPECT_EQ(send["latency_us"]["p50"], 95);
  EXPECT_EQ(send["latency_us"]["p99.9"], 190);
  EXPECT_EQ(send["of_due_us"]["p50"], 100);
  EXPECT_EQ(send["of_due_us"]["p90"], 180);
  EXPECT_TRUE(send["of_due_us"]["p99"].is_null());
  EXPECT_EQ(send["failures"]["UNAVAILABLE"], 2);
  EXPECT_EQ(send["shed_reasons"]["QUOTA_EXCEEDED"], 4);
  EXPECT_FALSE(send.contains("stamps_per_item"));
  EXPECT_EQ(out["steps"][0]["processes"][0]["cpu_us_per_item"], 2);
  EXPECT_EQ(out["seconds"][1]["step"], 1);
  EXPECT_EQ(out["seconds"][1]["gauges"]["queue_depth"], 7);
  EXPECT_EQ(out["seconds"][1]["processes"][0]["resident_kb"], 2048);
  EXPECT_EQ(out["seconds"][1]["operations"][0]["p50_us"], 95);
  for (const char* absent : {"error", "population"}) {
    EXPECT_FALSE(out.contains(absent));
  }
}

TEST(ResultTest, SaysWhatBoundsTheKnee) {
  Result result = Sample();
  EXPECT_EQ(json::parse(ToJson(result))["knee_bounded_by"], "server");
  result.steps[1].verdict = Verdict::kGenerator;
  EXPECT_EQ(json::parse(ToJson(result))["knee_bounded_by"], "generator");
  result.steps[1].verdict = Verdict::kHolds;
  EXPECT_EQ(json::parse(ToJson(result))["knee_bounded_by"], "steps");
  result.steps[1].verdict = Verdict::kCutShort;
  EXPECT_FALSE(json::parse(ToJson(result)).contains("knee_bounded_by"));
  result.steps[1].verdict = Verdict::kServer;
  result.knee = absl::nullopt;
  EXPECT_FALSE(json::parse(ToJson(result)).contains("knee_bounded_by"));
}

TEST(ResultTest, SaysWhoTookPartAndWhyItEnded) {
  Result result = Sample();
  result.operations[0].stamps_per_item = 64;
  result.population = PeopleCount{20, 10};
  result.error = absl::UnavailableError("a stream ended");
  const json out = json::parse(ToJson(result));
  EXPECT_EQ(out["error"], "a stream ended");
  EXPECT_EQ(out["population"]["devices"], 20);
  EXPECT_EQ(out["population"]["rooms"], 10);
  EXPECT_EQ(out["steps"][0]["operations"][0]["stamps_per_item"], 64);
}

TEST(ResultTest, TellsNoLatencyOfASecondInWhichNothingWasDone) {
  Result result = Sample();
  result.seconds[0].operations[0] = OperationSecond();
  const json out = json::parse(ToJson(result));
  for (const char* figure : {"p50_us", "p99_us", "max_us"}) {
    EXPECT_TRUE(out["seconds"][0]["operations"][0][figure].is_null());
    EXPECT_FALSE(out["seconds"][1]["operations"][0][figure].is_null());
  }
}

TEST(ResultTest, CountsCpuOfTheSteadySecondsAlone) {
  Result result = Sample();
  result.seconds[0].steady = false;
  EXPECT_FALSE(CpuUseOf(result, 0, 0).has_value());
  EXPECT_EQ(CpuUseOf(result, 1, 0)->us_per_item, 2);
  EXPECT_DOUBLE_EQ(CpuUseOf(result, 1, 0)->cores, 380e-6);
}

// A report that reaches its case is the item that it was before.
TEST(ResultTest, CountsWhatIsFollowedFurtherAsOneItem) {
  Result result = Sample();
  result.operations.push_back({"to-case", /*follows=*/true});
  for (Second& second : result.seconds) {
    second.operations.push_back(second.operations.front());
  }
  for (Step& step : result.steps) {
    step.operations.push_back(step.operations.front());
  }
  EXPECT_EQ(CpuUseOf(result, 1, 0)->us_per_item, 2);
  const json out = json::parse(ToJson(result));
  EXPECT_EQ(out["steps"][0]["operations"][0]["follows"], false);
  EXPECT_EQ(out["steps"][0]["operations"][1]["follows"], true);
}

TEST(SummaryTest, NamesWhatWentWrongAndTheKnee) {
  const std::string text = Summary(Sample());
  EXPECT_THAT(text, HasSubstr("200 due, 190 done"));
  EXPECT_THAT(text, HasSubstr("4 shed, 2 failed, 1 with nothing to do, 2 not "
                              "sent, 1 unfinished"));
  EXPECT_THAT(text, HasSubstr("2 failed with UNAVAILABLE"));
  EXPECT_THAT(text, HasSubstr("the knee is at 100/s"));
}

TEST(SummaryTest, SaysWhatBoundsTheKnee) {
  Result result = Sample();
  EXPECT_EQ(KneeSentence(result), "the knee is at 100/s");
  result.steps[1].verdict = Verdict::kGenerator;
  EXPECT_THAT(KneeSentence(result), HasSubstr("the generator was too slow"));
  result.steps.pop_back();
  EXPECT_THAT(KneeSentence(result), HasSubstr("all steps held"));
  result.knee = absl::nullopt;
  EXPECT_EQ(KneeSentence(result), "no rate holds");
  result.is_ramp = false;
  EXPECT_EQ(KneeSentence(result), "");
}

TEST(SummaryTest, TellsWhyARunIsNoWholeOne) {
  Result result = Sample();
  result.error = absl::UnavailableError("a <stream> ended");
  result.population = PeopleCount{20, 30};
  const std::string text = Summary(result);
  EXPECT_THAT(text, HasSubstr("ended before its time: a <stream> ended"));
  EXPECT_THAT(text, HasSubstr("20 devices, 30 rooms"));
  EXPECT_THAT(text, HasSubstr("4 shed with QUOTA_EXCEEDED"));
  EXPECT_THAT(text, HasSubstr("p99 of all that was due: never done"));
  const std::string page = ToPage(result);
  EXPECT_THAT(page, HasSubstr("before its time: a &lt;stream&gt; ended"));
  EXPECT_THAT(page, HasSubstr("20 devices took part, in 30 rooms"));
  EXPECT_THAT(page, HasSubstr("2 UNAVAILABLE, 4 QUOTA_EXCEEDED"));
  EXPECT_THAT(page, HasSubstr("<td class=\"warn\">never</td>"));
}

TEST(PageTest, ShowsThePlotsAndNeedsNothingElse) {
  const std::string page = ToPage(Sample());
  for (const char* title :
       {"Latency by percentile, at 100/s", "send: latency by rate",
        "send: throughput", "send: latency", "CPU", "Memory", "queue_depth"}) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat("<figcaption>", title, "<")));
  }
  for (const char* outside : {"src=", "href=", "url(", "@import", "<script"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(PageTest, TellsWhyNotToBelieveIt) {
  Result result = Sample();
  result.steps[1].operations[0].lag.Add(150'000);
  const std::string page = ToPage(result);
  EXPECT_THAT(page, HasSubstr("<td>send</td><td>200 fails</td>"));
  EXPECT_THAT(page, HasSubstr("2 UNAVAILABLE"));
  // Failed, not sent and unfinished; idle and shed are no failures.
  EXPECT_THAT(page, HasSubstr("<td class=\"\">4</td><td class=\"warn\">2</td>"
                              "<td class=\"\">1</td><td class=\"warn\">2</td>"
                              "<td class=\"warn\">1</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"warn\">150.00</td>"));
  EXPECT_THAT(page, HasSubstr("<td>platform</td><td>100 holds</td>"
                              "<td class=\"\">2.00</td>"));
}

TEST(PageTest, BreaksTheLinesWhereNothingWasDone) {
  Result result = Sample();
  result.is_ramp = false;
  result.seconds.push_back(result.seconds[1]);
  for (size_t i = 0; i < 3; ++i) {
    result.seconds[i].at_s = static_cast<double>(i);
  }
  result.seconds[1].operations = {OperationSecond{200}};
  const std::string page = ToPage(result);
  const size_t latency = page.find("<figcaption>send: latency<");
  ASSERT_NE(latency, std::string::npos);
  // Two dots, not a line.
  const std::string after = page.substr(page.find("l0\" points", latency), 200);
  EXPECT_THAT(after, testing::ContainsRegex("points=\"([0-9.,]+) [0-9.,]+ \"/>"
                                            "[^p]*polyline class=\"l0\""));
}

TEST(PageTest, ShadesWhatIsNotCountedAndMarksTheRates) {
  Result result = Sample();
  EXPECT_THAT(ToPage(result), Not(HasSubstr("not counted")));
  result.seconds[0].steady = false;
  const std::string page = ToPage(result);
  EXPECT_THAT(page, HasSubstr("not counted"));
  EXPECT_THAT(page, HasSubstr("<rect class=\"shade\" x=\"70.0\""));
  EXPECT_THAT(page, HasSubstr(">200</text>"));
  result.is_ramp = false;
  EXPECT_THAT(ToPage(result), Not(HasSubstr("class=\"upright\"")));
}

TEST(PageTest, TakesARunThatEndedBeforeItsFirstStep) {
  Result result = Sample();
  result.steps.clear();
  result.seconds.clear();
  EXPECT_THAT(ToPage(result), HasSubstr("</html>"));
}

TEST(PlotTest, PutsPointsWhereTheirValuesAre) {
  Plot plot{"p", {"x", false, {}}, {"y", false, {}}, {}, {}, "", {}};
  plot.lines.push_back({"line", {{0, 0}, {5, 50}, {10, 100}}});
  EXPECT_THAT(ToSvg(plot),
              HasSubstr("points=\"70.0,235.0 405.0,126.5 740.0,18.0 \""));
}

TEST(PlotTest, LeavesOutOfALogarithmWhatHasNone) {
  Plot plot{"p", {"x", false, {}}, {"y", true, {}}, {}, {}, "", {}};
  plot.lines.push_back({"line", {{0, 0}, {1, 1}, {2, 10}}});
  EXPECT_THAT(ToSvg(plot), HasSubstr("points=\"405.0,235.0 740.0,18.0 \""));
}

// So that plots of one time end together.
TEST(PlotTest, ShowsAllOfTheAxisWhereALineHasEnded) {
  Plot plot{"p", {"x", false, {}}, {"y", true, {}}, {}, {}, "", {}};
  plot.lines.push_back({"line", {{0, 1}, {5, 10}, {10, 0}}});
  EXPECT_THAT(ToSvg(plot), HasSubstr("points=\"70.0,235.0 405.0,18.0 \""));
}

// One more than there are colours.
TEST(PlotTest, TellsManyLinesApart) {
  Plot plot;
  for (int i = 0; i < 8; ++i) plot.lines.push_back({"line", {{0, 1}, {1, 2}}});
  const std::string svg = ToSvg(plot);
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"l0\""));
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"l0 dashed\""));
  EXPECT_THAT(svg, HasSubstr("<b class=\"l0 dashed\""));
}

TEST(PlotTest, SaysThatThereIsNothing) {
  EXPECT_THAT(ToSvg({"p", {}, {}, {{"line", {}}}, {}, "", {}}),
              HasSubstr("Nothing was measured."));
}

TEST(PlotTest, EscapesNames) {
  Plot plot{"<b>&\"'", {}, {}, {{"<i>", {{1, 1}}}}, {}, "", {}};
  const std::string svg = ToSvg(plot);
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(svg, Not(HasSubstr("<i>")));
}

}  // namespace
}  // namespace frank::load
