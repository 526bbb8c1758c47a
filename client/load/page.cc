#include "client/load/page.h"

#include <cmath>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/load/plot.h"

namespace frank::load {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>frank-load</title>
<style>
body { font: 15px/1.4 sans-serif; max-width: 800px; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { text-align: right; padding: .2em .7em; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
figure { margin: 2em 0; }
figcaption { font-weight: bold; }
svg { width: 100%; font-size: 11px; }
svg .grid { stroke: #e4e4e4; }
svg polyline { fill: none; stroke-width: 1.5; }
.legend span { margin-right: 1em; }
.legend b { display: inline-block; width: 1em; height: .3em; margin: 0 .4em .2em 0; }
</style>
</head>
<body>
<h1>frank-load</h1>
)";

double Milliseconds(uint64_t micros) {
  return static_cast<double>(micros) / 1000;
}

std::string SettingsTable(const Result& result) {
  std::string html = "<table>\n";
  for (const auto& [name, value] : result.settings) {
    absl::StrAppend(&html, "<tr><th>", HtmlEscaped(name), "</th><td>",
                    HtmlEscaped(value), "</td></tr>\n");
  }
  return html + "</table>\n";
}

std::string CountsRow(const Step& step, const std::string& name,
                      const Tally& tally) {
  std::string html = absl::StrFormat("<tr><td>%s</td><td>%g</td>",
                                     HtmlEscaped(name), step.rate);
  for (uint64_t count : {tally.due, tally.done, tally.shed, tally.failed,
                         tally.idle, tally.not_sent, tally.unfinished()}) {
    absl::StrAppend(&html, "<td>", count, "</td>");
  }
  for (double quantile : kQuantiles) {
    absl::StrAppendFormat(&html, "<td>%.2f</td>",
                          Milliseconds(tally.latency.ValueAt(quantile)));
  }
  return html + "</tr>\n";
}

std::string CountsTable(const Result& result) {
  std::string html =
      "<table>\n<tr><th>operation</th><th>rate</th><th>due</th><th>done</th>"
      "<th>shed</th><th>failed</th><th>idle</th><th>not sent</th>"
      "<th>unfinished</th>";
  for (double quantile : kQuantiles) {
    absl::StrAppendFormat(&html, "<th>p%g ms</th>", quantile * 100);
  }
  html += "</tr>\n";
  for (const Step& step : result.steps) {
    for (size_t i = 0; i < step.operations.size(); ++i) {
      html += CountsRow(step, result.operations[i].name, step.operations[i]);
    }
  }
  return html + "</table>\n";
}

// The step whose percentiles are shown.
const Step& ShownStep(const Result& result) {
  for (const Step& step : result.steps) {
    if (result.knee && step.rate == *result.knee && step.holds()) return step;
  }
  return result.steps.back();
}

// Nine points for each further nine of the quantile.
std::string PercentilePlot(const Result& result) {
  const Step& step = ShownStep(result);
  Plot plot;
  plot.title = absl::StrFormat("Latency by percentile, at %g/s", step.rate);
  plot.x = {"percentile",
            true,
            {{1, "0"},
             {2, "50"},
             {10, "90"},
             {100, "99"},
             {1e3, "99.9"},
             {1e4, "99.99"},
             {1e5, "99.999"}}};
  plot.y = {"ms", true, {}};
  for (size_t i = 0; i < result.operations.size(); ++i) {
    const Histogram& latency = step.operations[i].latency;
    Line line{result.operations[i].name, {}};
    const double most = static_cast<double>(latency.count());
    for (double rest = 1; rest <= most; rest *= std::pow(10, 1.0 / 9)) {
      line.points.emplace_back(rest,
                               Milliseconds(latency.ValueAt(1 - 1 / rest)));
    }
    plot.lines.push_back(std::move(line));
  }
  return ToSvg(plot);
}

using OperationValue =
    std::function<double(const OperationSecond&, double length_s)>;

void AddOperationLines(const Result& result, const std::string& what,
                       const OperationValue& value, Plot* plot) {
  for (size_t i = 0; i < result.operations.size(); ++i) {
    Line line{absl::StrCat(result.operations[i].name, " ", what), {}};
    for (const Second& second : result.seconds) {
      line.points.emplace_back(second.at_s,
                               value(second.operations[i], second.length_s));
    }
    plot->lines.push_back(std::move(line));
  }
}

std::string ThroughputPlot(const Result& result) {
  Plot plot{"Throughput", {"seconds", false, {}}, {"a second", false, {}}, {}};
  AddOperationLines(
      result, "due",
      [](const OperationSecond& one, double length_s) {
        return static_cast<double>(one.due) / length_s;
      },
      &plot);
  AddOperationLines(
      result, "done",
      [](const OperationSecond& one, double length_s) {
        return static_cast<double>(one.done) / length_s;
      },
      &plot);
  AddOperationLines(
      result, "shed, failed, not sent",
      [](const OperationSecond& one, double length_s) {
        return static_cast<double>(one.shed + one.failed + one.not_sent) /
               length_s;
      },
      &plot);
  return ToSvg(plot);
}

std::string LatencyPlot(const Result& result) {
  Plot plot{"Latency", {"seconds", false, {}}, {"ms", true, {}}, {}};
  AddOperationLines(
      result, "p50",
      [](const OperationSecond& one, double) {
        return Milliseconds(one.p50_us);
      },
      &plot);
  AddOperationLines(
      result, "p99",
      [](const OperationSecond& one, double) {
        return Milliseconds(one.p99_us);
      },
      &plot);
  AddOperationLines(
      result, "max",
      [](const OperationSecond& one, double) {
        return Milliseconds(one.max_us);
      },
      &plot);
  return ToSvg(plot);
}

std::string ProcessPlots(const Result& result) {
  if (result.processes.empty()) return "";
  Plot cpu{"CPU", {"seconds", false, {}}, {"% of one core", false, {}}, {}};
  Plot memory{
      "Memory", {"seconds", false, {}}, {"MiB resident", false, {}}, {}};
  for (size_t i = 0; i < result.processes.size(); ++i) {
    Line used{result.processes[i], {}}, held{result.processes[i], {}};
    for (const Second& second : result.seconds) {
      const ProcessSecond& process = second.processes[i];
      used.points.emplace_back(
          second.at_s,
          static_cast<double>(process.cpu_us) / second.length_s / 1e4);
      held.points.emplace_back(second.at_s,
                               static_cast<double>(process.resident_kb) / 1024);
    }
    cpu.lines.push_back(std::move(used));
    memory.lines.push_back(std::move(held));
  }
  return ToSvg(cpu) + ToSvg(memory);
}

std::string GaugePlots(const Result& result) {
  std::set<std::string> names;
  for (const Second& second : result.seconds) {
    for (const auto& [name, value] : second.gauges) names.insert(name);
  }
  std::string html;
  for (const std::string& name : names) {
    Line line{name, {}};
    for (const Second& second : result.seconds) {
      auto it = second.gauges.find(name);
      if (it != second.gauges.end()) {
        line.points.emplace_back(second.at_s, it->second);
      }
    }
    html += ToSvg({name, {"seconds", false, {}}, {"", false, {}}, {line}});
  }
  return html;
}

}  // namespace

std::string ToPage(const Result& result) {
  std::string html = absl::StrCat(kHead, SettingsTable(result));
  if (result.is_ramp) {
    absl::StrAppendFormat(
        &html, "<p>%s</p>\n",
        result.knee ? absl::StrFormat("The knee is at %g/s.", *result.knee)
                    : "No rate holds.");
  }
  absl::StrAppend(&html, CountsTable(result), PercentilePlot(result),
                  ThroughputPlot(result), LatencyPlot(result),
                  ProcessPlots(result), GaugePlots(result),
                  "</body>\n</html>\n");
  return html;
}

}  // namespace frank::load
