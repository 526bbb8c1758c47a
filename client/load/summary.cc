#include "client/load/summary.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace frank::load {
namespace {

std::string OperationLine(const std::string& name, const Tally& tally,
                          double steady_s) {
  const double rate =
      steady_s > 0 ? static_cast<double>(tally.done) / steady_s : 0;
  std::string line = absl::StrFormat("  %-14s %u due, %u done (%.1f/s)", name,
                                     tally.due, tally.done, rate);
  auto add = [&line](const char* what, uint64_t count) {
    if (count > 0) absl::StrAppendFormat(&line, ", %u %s", count, what);
  };
  add("shed", tally.shed);
  add("failed", tally.failed);
  add("with nothing to do", tally.idle);
  add("not sent", tally.not_sent);
  add("unfinished", tally.unfinished());
  absl::StrAppendFormat(&line, "\n  %-14s ms:", "");
  for (double quantile : kQuantiles) {
    absl::StrAppendFormat(
        &line, " p%g %.2f", quantile * 100,
        static_cast<double>(tally.latency.ValueAt(quantile)) / 1000);
  }
  absl::StrAppendFormat(&line, " max %.2f; sent late by p99 %.2f\n",
                        static_cast<double>(tally.latency.max()) / 1000,
                        static_cast<double>(tally.lag.ValueAt(0.99)) / 1000);
  if (tally.due > 0 && !tally.OfDue(0.99)) {
    absl::StrAppendFormat(&line,
                          "  %-14s p99 of all that was due: never done\n", "");
  }
  for (const auto& [reason, count] : tally.shed_reasons) {
    absl::StrAppendFormat(&line, "  %-14s %u shed with %s\n", "", count,
                          reason);
  }
  for (const auto& [reason, count] : tally.failures) {
    absl::StrAppendFormat(&line, "  %-14s %u failed with %s\n", "", count,
                          reason);
  }
  return line;
}

}  // namespace

std::string Summary(const Result& result) {
  std::string text;
  for (size_t i = 0; i < result.steps.size(); ++i) {
    const Step& step = result.steps[i];
    absl::StrAppendFormat(&text, "%g/s for %.0f s%s\n", step.rate,
                          step.steady_s,
                          !result.is_ramp ? ""
                          : step.holds()  ? ": holds"
                                          : ": does not hold");
    for (size_t j = 0; j < step.operations.size(); ++j) {
      text += OperationLine(result.operations[j].name, step.operations[j],
                            step.steady_s);
    }
    for (size_t j = 0; j < result.processes.size(); ++j) {
      if (const auto cpu = CpuUseOf(result, i, j)) {
        absl::StrAppendFormat(
            &text, "  %-14s %.1f us CPU for each done, %.2f cores\n",
            result.processes[j], cpu->us_per_item, cpu->cores);
      }
    }
  }
  if (result.population) {
    absl::StrAppendFormat(&text, "%u devices, %u rooms\n",
                          result.population->devices, result.population->rooms);
  }
  if (result.is_ramp) absl::StrAppend(&text, KneeSentence(result), "\n");
  if (!result.error.ok()) {
    absl::StrAppend(&text, "ended before its time: ", result.error.message(),
                    "\n");
  }
  return text;
}

std::string KneeSentence(const Result& result) {
  if (!result.is_ramp) return "";
  if (!result.knee) return "no rate holds";
  const absl::string_view bound = absl::NullSafeStringView(KneeBound(result));
  std::string knee = absl::StrFormat("the knee is at %g/s", *result.knee);
  if (bound == "steps") return knee + " or above: all steps held";
  if (bound == "generator") {
    return knee + " or above: beyond it the generator was too slow";
  }
  return knee;
}

}  // namespace frank::load
