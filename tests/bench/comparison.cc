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

double SpreadOf(const std::vector<double>& values) {
  return (At(values, 0.75) - At(values, 0.25)) / At(values, 0.5);
}

const char* VerdictOf(const Judged& judged, double is, double aim) {
  if (judged.is_noisy()) return "too noisy to judge";
  if (aim == 0) return "";
  return is <= aim ? "reached" : "MISSED";
}

}  // namespace

Judged Judge(const std::vector<double>& ours, const std::vector<double>& bare) {
  std::vector<double> ratios, differences;
  for (size_t i = 0; i < ours.size(); ++i) {
    ratios.push_back(ours[i] / bare[i]);
    differences.push_back(ours[i] - bare[i]);
  }
  Judged judged;
  judged.ours = At(ours, 0.5);
  judged.bare = At(bare, 0.5);
  judged.ratio = At(ratios, 0.5);
  judged.beyond = At(differences, 0.5);
  judged.spread = std::max(SpreadOf(ours), SpreadOf(bare));
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
  const bool is_beyond = comparison.most_beyond > 0;
  const double aimed = is_beyond ? comparison.most_beyond : comparison.aim;
  const double is = is_beyond ? judged.beyond : judged.ratio;
  char aim[16] = "-";
  if (aimed > 0) std::snprintf(aim, sizeof aim, "%.2f", aimed);
  std::printf(is_beyond ? "%-32s %9.2f %9.2f %+7.2f %6s %6.0f%%  %-28s %s\n"
                        : "%-32s %9.2f %9.2f %7.2f %6s %6.0f%%  %-28s %s\n",
              comparison.name.c_str(), judged.ours, judged.bare, is, aim,
              judged.spread * 100, comparison.bare_name.c_str(),
              VerdictOf(judged, is, aimed));
  std::fflush(stdout);
}

}  // namespace frank::bench
