#include "client/load/summary.h"

#include "absl/strings/str_format.h"

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
  if (!result.is_ramp) return text;
  if (!result.knee) return text + "no rate holds\n";
  absl::StrAppendFormat(&text, "the knee is at %g/s\n", *result.knee);
  return text;
}

}  // namespace frank::load
