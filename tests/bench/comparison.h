// One thing measured beside another, in turns in one run.
#ifndef FRANK_TESTS_BENCH_COMPARISON_H_
#define FRANK_TESTS_BENCH_COMPARISON_H_

#include <functional>
#include <string>
#include <vector>

namespace frank::bench {

// Beyond this spread of either the machine was too noisy to judge.
inline constexpr double kMostSpread = 0.3;

struct Judged {
  // Medians.
  double ours = 0;
  double bare = 0;
  // Median of the ratios of neighbouring turns: what slows both down together
  // is not in it.
  double ratio = 0;
  // Median of the differences of neighbouring turns.
  double beyond = 0;
  // From lower to upper quartile, over the median: of ours or of the bare
  // thing, whichever was less steady.
  double spread = 0;
  bool is_noisy() const { return spread > kMostSpread; }
};
// Of as many turns of each, at least one.
Judged Judge(const std::vector<double>& ours, const std::vector<double>& bare);

struct Comparison {
  std::string name;
  // What stands beside it.
  std::string bare_name;
  // The most that the ratio should be; 0: no aim.
  double aim = 0;
  // One turn: what one item cost.
  std::function<double()> ours;
  std::function<double()> bare;
  // The most that ours should be beyond the bare thing; 0: the ratio counts.
  double most_beyond = 0;
};

// Takes turns A B A B, after one of each that does not count, and prints a line
// with the verdict.
void Run(const Comparison& comparison, size_t turns);

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_COMPARISON_H_
