#include "client/load/page.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/load/page_plots.h"
#include "client/load/plot.h"
#include "client/load/summary.h"

namespace frank::load {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>frank-load</title>
<style>)";
constexpr char kStyle[] = R"(
body { font: 15px/1.4 sans-serif; max-width: 860px; margin: 2em auto; padding: 0 1em; color: var(--ink); background: var(--paper); }
div { overflow-x: auto; }
table { border-collapse: collapse; margin: .5em 0 1em; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .15em .6em; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th { font-weight: normal; color: var(--faint); }
th:first-child, td:first-child, .text { text-align: left; }
td.text { white-space: normal; }
h2 { font-size: 1.1em; margin: 1.6em 0 0; }
.zero { color: var(--faint); }
.warn { color: var(--warn); font-weight: bold; }
</style>
</head>
<body>
<h1>frank-load</h1>
)";

double Milliseconds(uint64_t micros) {
  return static_cast<double>(micros) / 1000;
}

std::string SettingsTable(const Result& result) {
  std::string html = "<div><table>\n";
  for (const auto& [name, value] : result.settings) {
    absl::StrAppend(&html, "<tr><th>", HtmlEscaped(name),
                    "</th><td class=\"text\">", HtmlEscaped(value),
                    "</td></tr>\n");
  }
  return html + "</table></div>\n";
}

// A table with a row for each rate and operation or process.
class Table {
 public:
  // Numbers, but for the column `text`.
  Table(const char* title, const std::vector<std::string>& columns,
        const char* text = "") {
    absl::StrAppend(&html_, "<h2>", title, "</h2>\n<div><table>\n<tr>");
    for (const std::string& column : columns) {
      absl::StrAppend(&html_, column == text ? "<th class=\"text\">" : "<th>",
                      column, "</th>");
    }
  }

  // The cells that follow are of a new row.
  Table& Row(const Result& result, const Step& step, const std::string& name) {
    absl::StrAppendFormat(&html_, "</tr>\n<tr><td>%s</td><td>%g%s</td>",
                          HtmlEscaped(name), step.rate,
                          !result.is_ramp ? ""
                          : step.holds()  ? " holds"
                                          : " fails");
    return *this;
  }
  Table& Count(uint64_t count, bool is_bad = false) {
    return Cell(count == 0 ? "zero"
                : is_bad   ? "warn"
                           : "",
                absl::StrCat(count));
  }
  Table& Real(double value, bool is_bad = false) {
    return Cell(is_bad ? "warn" : "", absl::StrFormat("%.2f", value));
  }
  // The p99 of all that was due.
  Table& Due(const Tally& tally) {
    const auto p99 = tally.OfDue(0.99);
    return p99 ? Real(Milliseconds(*p99)) : Cell("warn", "never");
  }
  Table& Text(const std::string& text) {
    return Cell("text", HtmlEscaped(text));
  }
  std::string Close() && { return html_ + "</tr>\n</table></div>\n"; }

 private:
  Table& Cell(const char* classes, const std::string& html) {
    absl::StrAppend(&html_, "<td class=\"", classes, "\">", html, "</td>");
    return *this;
  }

  std::string html_;
};

std::string ReasonsOf(const Tally& tally) {
  std::vector<std::string> reasons;
  for (const auto* of : {&tally.failures, &tally.shed_reasons}) {
    for (const auto& [reason, count] : *of) {
      reasons.push_back(absl::StrCat(count, " ", reason));
    }
  }
  return absl::StrJoin(reasons, ", ");
}

std::string CountsTable(const Result& result) {
  Table table("What became of what was due",
              {"operation", "rate", "due", "done", "shed", "failed", "idle",
               "not sent", "unfinished", "failed or shed with"},
              "failed or shed with");
  for (const Step& step : result.steps) {
    for (size_t i = 0; i < step.operations.size(); ++i) {
      const Tally& tally = step.operations[i];
      table.Row(result, step, result.operations[i].name)
          .Count(tally.due)
          .Count(tally.done)
          .Count(tally.shed)
          .Count(tally.failed, true)
          .Count(tally.idle)
          .Count(tally.not_sent, true)
          .Count(tally.unfinished(), true)
          .Text(ReasonsOf(tally));
    }
  }
  return std::move(table).Close();
}

// How late things were sent is in their latency: where it is most of it, the
// server was not measured.
bool IsLate(const Tally& tally) {
  return tally.lag.ValueAt(0.99) > 1000 &&
         2 * tally.lag.ValueAt(0.99) > tally.latency.ValueAt(0.99);
}

std::string LatencyTable(const Result& result) {
  std::vector<std::string> columns = {"operation", "rate"};
  for (double quantile : kQuantiles) {
    columns.push_back(absl::StrFormat("p%g", quantile * 100));
  }
  columns.push_back("longest");
  columns.push_back("p99 of due");
  columns.push_back("lag p99");
  Table table("Latency of what was done, ms", columns);
  for (const Step& step : result.steps) {
    for (size_t i = 0; i < step.operations.size(); ++i) {
      const Tally& tally = step.operations[i];
      table.Row(result, step, result.operations[i].name);
      for (double quantile : kQuantiles) {
        table.Real(Milliseconds(tally.latency.ValueAt(quantile)));
      }
      table.Real(Milliseconds(tally.latency.max()))
          .Due(tally)
          .Real(Milliseconds(tally.lag.ValueAt(0.99)), IsLate(tally));
    }
  }
  return std::move(table).Close() +
         "<p>Lag is how late things were sent. Where it is most of the "
         "latency, "
         "or much was not sent, the generator was measured, not the "
         "servers. What was due counts all, also what was never done.</p>\n";
}

std::string ProcessTable(const Result& result) {
  if (result.processes.empty()) return "";
  Table table("What the processes took",
              {"process", "rate", "CPU for each done, µs", "cores"});
  for (size_t i = 0; i < result.steps.size(); ++i) {
    for (size_t j = 0; j < result.processes.size(); ++j) {
      const auto cpu = CpuUseOf(result, i, j);
      if (!cpu) continue;
      table.Row(result, result.steps[i], result.processes[j])
          .Real(cpu->us_per_item)
          .Real(cpu->cores);
    }
  }
  return std::move(table).Close();
}

}  // namespace

std::string ToPage(const Result& result) {
  std::string html =
      absl::StrCat(kHead, kPlotStyle, kStyle, SettingsTable(result));
  if (!result.error.ok()) {
    absl::StrAppend(&html, "<p class=\"warn\">It ended before its time: ",
                    HtmlEscaped(result.error.message()), "</p>\n");
  }
  if (result.population) {
    absl::StrAppendFormat(&html, "<p>%u devices took part, in %u rooms.</p>\n",
                          result.population->devices, result.population->rooms);
  }
  if (result.is_ramp) {
    absl::StrAppend(&html, "<p>In short: ", KneeSentence(result), ".</p>\n");
  }
  absl::StrAppend(&html, CountsTable(result), LatencyTable(result),
                  ProcessTable(result));
  if (!result.steps.empty()) html += Plots(result);
  return html + "</body>\n</html>\n";
}

}  // namespace frank::load
