#include "client/load/page_plots.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/load/plot.h"

namespace frank::load {
namespace {

double Milliseconds(uint64_t micros) {
  return static_cast<double>(micros) / 1000;
}

std::string RateText(double rate) {
  return rate < 100 ? absl::StrFormat("%.3g", rate)
                    : absl::StrFormat("%.0f", rate);
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

// Of a rate that was tried twice, the second time.
std::string RatePlot(const Result& result, size_t operation) {
  std::map<double, const Tally*> tallies;
  for (const Step& step : result.steps) {
    tallies[step.rate] = &step.operations[operation];
  }
  Plot plot;
  plot.title =
      absl::StrCat(result.operations[operation].name, ": latency by rate");
  plot.x = {"a second", true, {}};
  plot.y = {"ms", true, {}};
  if (result.knee) plot.uprights = {{*result.knee, "knee"}};
  Line p50{"p50", {}}, p99{"p99", {}}, lag{"p99 of the lag", {}};
  for (const auto& [rate, tally] : tallies) {
    plot.x.marks.emplace_back(rate, RateText(rate));
    p50.points.emplace_back(rate, Milliseconds(tally->latency.ValueAt(0.5)));
    p99.points.emplace_back(rate, Milliseconds(tally->latency.ValueAt(0.99)));
    lag.points.emplace_back(rate, Milliseconds(tally->lag.ValueAt(0.99)));
  }
  plot.lines = {std::move(p50), std::move(p99), std::move(lag)};
  return ToSvg(plot);
}

// A plot over the seconds: what does not count is shaded, and where a rate of
// a ramp begins stands what it is.
class TimePlot {
 public:
  TimePlot(const Result& result, std::string title, Axis y) : result_(result) {
    plot_.title = std::move(title);
    plot_.x.title = "seconds";
    plot_.y = std::move(y);
    plot_.shade_name = "not counted";
    for (size_t i = 0; i < result.seconds.size(); ++i) {
      const Second& second = result.seconds[i];
      if (!second.steady) Shade(second);
      if (!result.is_ramp || second.step >= result.steps.size()) continue;
      if (i == 0 || second.step != result.seconds[i - 1].step) {
        plot_.uprights.emplace_back(second.at_s,
                                    RateText(result.steps[second.step].rate));
      }
    }
  }

  // Each second's value stands in its middle.
  void Add(std::string name,
           const std::function<double(const Second&)>& value) {
    Line line{std::move(name), {}};
    for (const Second& second : result_.seconds) {
      line.points.emplace_back(second.at_s + second.length_s / 2,
                               value(second));
    }
    plot_.lines.push_back(std::move(line));
  }
  std::string ToSvg() const { return load::ToSvg(plot_); }

 private:
  void Shade(const Second& second) {
    const double end = second.at_s + second.length_s;
    if (!plot_.shades.empty() &&
        plot_.shades.back().second > second.at_s - 1e-6) {
      plot_.shades.back().second = end;
    } else {
      plot_.shades.emplace_back(second.at_s, end);
    }
  }

  const Result& result_;
  Plot plot_;
};

std::string ThroughputPlot(const Result& result, size_t i) {
  TimePlot plot(result, absl::StrCat(result.operations[i].name, ": throughput"),
                {"a second", false, {}});
  auto add = [&plot, i](const char* name,
                        uint64_t (*count)(const OperationSecond&)) {
    plot.Add(name, [i, count](const Second& second) {
      return static_cast<double>(count(second.operations[i])) / second.length_s;
    });
  };
  add("due", [](const OperationSecond& one) { return one.due; });
  add("done", [](const OperationSecond& one) { return one.done; });
  add("shed, failed, not sent", [](const OperationSecond& one) {
    return one.shed + one.failed + one.not_sent;
  });
  return plot.ToSvg();
}

// Where nothing was done stands 0, which a logarithm does not show.
std::string LatencyPlot(const Result& result, size_t i) {
  TimePlot plot(result, absl::StrCat(result.operations[i].name, ": latency"),
                {"ms", true, {}});
  auto add = [&plot, i](const char* name, uint64_t OperationSecond::*micros) {
    plot.Add(name, [i, micros](const Second& second) {
      return Milliseconds(second.operations[i].*micros);
    });
  };
  add("p50", &OperationSecond::p50_us);
  add("p99", &OperationSecond::p99_us);
  add("max", &OperationSecond::max_us);
  return plot.ToSvg();
}

std::string ProcessPlots(const Result& result) {
  if (result.processes.empty()) return "";
  TimePlot cpu(result, "CPU", {"% of one core", false, {}});
  TimePlot memory(result, "Memory", {"MiB resident", false, {}});
  for (size_t i = 0; i < result.processes.size(); ++i) {
    cpu.Add(result.processes[i], [i](const Second& second) {
      return static_cast<double>(second.processes[i].cpu_us) / second.length_s /
             1e4;
    });
    memory.Add(result.processes[i], [i](const Second& second) {
      return static_cast<double>(second.processes[i].resident_kb) / 1024;
    });
  }
  return cpu.ToSvg() + memory.ToSvg();
}

std::string GaugePlots(const Result& result) {
  std::set<std::string> names;
  for (const Second& second : result.seconds) {
    for (const auto& [name, value] : second.gauges) names.insert(name);
  }
  std::string html;
  for (const std::string& name : names) {
    TimePlot plot(result, name, {});
    plot.Add(name, [&name](const Second& second) {
      auto it = second.gauges.find(name);
      return it == second.gauges.end()
                 ? std::numeric_limits<double>::quiet_NaN()
                 : it->second;
    });
    html += plot.ToSvg();
  }
  return html;
}

}  // namespace

std::string Plots(const Result& result) {
  std::string html = PercentilePlot(result);
  for (size_t i = 0; i < result.operations.size(); ++i) {
    if (result.is_ramp) html += RatePlot(result, i);
    absl::StrAppend(&html, ThroughputPlot(result, i), LatencyPlot(result, i));
  }
  return absl::StrCat(html, ProcessPlots(result), GaugePlots(result));
}

}  // namespace frank::load
