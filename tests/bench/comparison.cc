#include "tests/bench/comparison.h"

#include <algorithm>
#include <cstdio>

namespace frank::bench {
namespace {

double At(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  const double last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(part * last + 0.5)];
}

const char* VerdictOf(const Judged& judged, double aim) {
  if (judged.is_noisy()) return "too noisy to judge";
  if (aim == 0) return "";
  return judged.ratio <= aim ? "reached" : "MISSED";
}

}  // namespace

Judged Judge(const std::vector<double>& ours, const std::vector<double>& bare) {
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / bare[i]);
  Judged judged;
  judged.ours = At(ours, 0.5);
  judged.bare = At(bare, 0.5);
  judged.ratio = At(ratios, 0.5);
  judged.spread = (At(bare, 0.75) - At(bare, 0.25)) / judged.bare;
  return judged;
}

void Run(const Comparison& comparison, size_t turns) {
  comparison.ours();
  comparison.bare();
  std::vector<double> ours, bare;
  for (size_t i = 0; i < turns; ++i) {
    ours.push_back(comparison.ours());
    bare.push_back(comparison.bare());
  }
  const Judged judged = Judge(ours, bare);
  char aim[16] = "-";
  if (comparison.aim > 0) {
    std::snprintf(aim, sizeof aim, "%.2f", comparison.aim);
  }
  std::printf("%-32s %9.2f %9.2f %7.2f %6s %6.0f%%  %-28s %s\n",
              comparison.name.c_str(), judged.ours, judged.bare, judged.ratio,
              aim, judged.spread * 100, comparison.bare_name.c_str(),
              VerdictOf(judged, comparison.aim));
  std::fflush(stdout);
}

}  // namespace frank::bench
