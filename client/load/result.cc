#include "client/load/result.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/command/json.h"

namespace frank::load {
namespace {

using client::JsonObject;

JsonObject LatencyJson(const Histogram& latency) {
  JsonObject json;
  json.Number("min", latency.min());
  json.Real("mean", latency.Mean());
  for (double quantile : kQuantiles) {
    json.Number(absl::StrFormat("p%g", quantile * 100),
                latency.ValueAt(quantile));
  }
  json.Number("max", latency.max());
  return json;
}

JsonObject CountsJson(const std::map<std::string, uint64_t>& counts) {
  JsonObject json;
  for (const auto& [name, count] : counts) json.Number(name, count);
  return json;
}

JsonObject OfDueJson(const Tally& tally) {
  JsonObject json;
  for (double quantile : kQuantiles) {
    const std::string name = absl::StrFormat("p%g", quantile * 100);
    if (const auto value = tally.OfDue(quantile)) {
      json.Number(name, *value);
    } else {
      json.Null(name);
    }
  }
  return json;
}

JsonObject OperationJson(const Operation& operation, const Tally& tally,
                         double steady_s) {
  JsonObject json;
  json.Text("operation", operation.name).Bool("follows", operation.follows);
  if (operation.stamps_per_item > 0) {
    json.Number("stamps_per_item", operation.stamps_per_item);
  }
  return json.Number("due", tally.due)
      .Number("done", tally.done)
      .Number("shed", tally.shed)
      .Number("shed_with_retry", tally.shed_with_retry)
      .Number("failed", tally.failed)
      .Number("idle", tally.idle)
      .Number("not_sent", tally.not_sent)
      .Number("unfinished", tally.unfinished())
      .Real("done_per_second",
            steady_s > 0 ? static_cast<double>(tally.done) / steady_s : 0)
      .Object("latency_us", LatencyJson(tally.latency))
      .Object("of_due_us", OfDueJson(tally))
      .Object("lag_us", LatencyJson(tally.lag))
      .Object("failures", CountsJson(tally.failures))
      .Object("shed_reasons", CountsJson(tally.shed_reasons));
}

JsonObject StepJson(const Result& result, size_t number) {
  const Step& step = result.steps[number];
  std::vector<JsonObject> operations, processes;
  for (size_t i = 0; i < result.operations.size(); ++i) {
    operations.push_back(
        OperationJson(result.operations[i], step.operations[i], step.steady_s));
  }
  for (size_t i = 0; i < result.processes.size(); ++i) {
    JsonObject process;
    process.Text("process", result.processes[i]);
    if (const auto cpu = CpuUseOf(result, number, i)) {
      process.Real("cpu_us_per_item", cpu->us_per_item)
          .Real("cores", cpu->cores);
    }
    processes.push_back(process);
  }
  return JsonObject()
      .Real("rate", step.rate)
      .Real("steady_seconds", step.steady_s)
      .Bool("holds", step.holds())
      .Objects("operations", operations)
      .Objects("processes", processes);
}

JsonObject OperationSecondJson(const std::string& name,
                               const OperationSecond& one) {
  JsonObject json;
  json.Text("operation", name)
      .Number("due", one.due)
      .Number("done", one.done)
      .Number("shed", one.shed)
      .Number("failed", one.failed)
      .Number("not_sent", one.not_sent);
  if (one.done == 0) return json.Null("p50_us").Null("p99_us").Null("max_us");
  return json.Number("p50_us", one.p50_us)
      .Number("p99_us", one.p99_us)
      .Number("max_us", one.max_us);
}

JsonObject SecondJson(const Result& result, const Second& second) {
  std::vector<JsonObject> operations, processes;
  for (size_t i = 0; i < second.operations.size(); ++i) {
    operations.push_back(
        OperationSecondJson(result.operations[i].name, second.operations[i]));
  }
  for (size_t i = 0; i < second.processes.size(); ++i) {
    processes.push_back(
        JsonObject()
            .Text("process", result.processes[i])
            .Number("cpu_us", second.processes[i].cpu_us)
            .Number("resident_kb", second.processes[i].resident_kb));
  }
  JsonObject gauges;
  for (const auto& [name, value] : second.gauges) gauges.Real(name, value);
  return JsonObject()
      .Real("at_s", second.at_s)
      .Real("length_s", second.length_s)
      .Number("step", second.step)
      .Bool("steady", second.steady)
      .Objects("operations", operations)
      .Objects("processes", processes)
      .Object("gauges", gauges);
}

}  // namespace

const char* KneeBound(const Result& result) {
  if (!result.is_ramp || !result.knee) return nullptr;
  switch (result.steps.back().verdict) {
    case Verdict::kHolds:
      return "steps";
    case Verdict::kServer:
      return "server";
    case Verdict::kGenerator:
      return "generator";
    case Verdict::kCutShort:
      return nullptr;
  }
  return nullptr;
}

OperationSecond Summarize(const Tally& window) {
  return {window.due,
          window.done,
          window.shed,
          window.failed,
          window.not_sent,
          window.latency.ValueAt(0.5),
          window.latency.ValueAt(0.99),
          window.latency.max()};
}

absl::optional<CpuUse> CpuUseOf(const Result& result, size_t step,
                                size_t process) {
  uint64_t cpu_us = 0, done = 0;
  double length_s = 0;
  for (const Second& second : result.seconds) {
    if (second.step != step || !second.steady) continue;
    cpu_us += second.processes[process].cpu_us;
    length_s += second.length_s;
    for (size_t i = 0; i < second.operations.size(); ++i) {
      if (!result.operations[i].follows) done += second.operations[i].done;
    }
  }
  if (done == 0) return absl::nullopt;
  const auto used_us = static_cast<double>(cpu_us);
  return CpuUse{used_us / static_cast<double>(done),
                length_s > 0 ? used_us / 1e6 / length_s : 0};
}

std::string ToJson(const Result& result) {
  JsonObject settings;
  for (const auto& [name, value] : result.settings) settings.Text(name, value);
  std::vector<JsonObject> steps, seconds;
  for (size_t i = 0; i < result.steps.size(); ++i) {
    steps.push_back(StepJson(result, i));
  }
  for (const Second& second : result.seconds) {
    seconds.push_back(SecondJson(result, second));
  }
  JsonObject json;
  json.Text("format", "frank-load/1").Object("settings", settings);
  if (!result.error.ok()) json.Text("error", result.error.message());
  if (result.population) {
    json.Object("population", JsonObject()
                                  .Number("devices", result.population->devices)
                                  .Number("rooms", result.population->rooms));
  }
  if (result.is_ramp) json.Real("knee_per_second", result.knee.value_or(0));
  if (const char* bound = KneeBound(result))
    json.Text("knee_bounded_by", bound);
  json.Objects("steps", steps).Objects("seconds", seconds);
  return absl::StrCat(json.ToString(), "\n");
}

}  // namespace frank::load
