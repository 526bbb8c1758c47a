// Calls on a schedule, whatever becomes of them: how long each takes at a rate
// that the server can bear.
#ifndef FRANK_TESTS_BENCH_PACED_H_
#define FRANK_TESTS_BENCH_PACED_H_

#include <cstddef>
#include <functional>
#include <string>

#include "client/load/histogram.h"
#include "tests/bench/calls.h"

namespace frank::bench {

// How a call of this number is started.
using Start = std::function<void(size_t number, Answered)>;

// Starts `count` calls, in the mean so many a second, at random times, and
// waits for their answers. Microseconds from when each was due.
load::Histogram Pace(double rate, size_t count, const Start& start);

// How many a second are answered, of `count` with so many on their way.
double RateOf(size_t count, size_t outstanding, const Start& start);

// A server under half of what `ours` takes with 64 on their way, and a bare one
// at the same rate, in turns: prints p99 of both, with the verdict, and p50.
struct PacedPair {
  std::string name;
  std::string bare_name;
  // How many calls one turn makes.
  size_t count = 0;
  // Called before each turn.
  std::function<void()> prepare;
  Start ours;
  Start bare;
};
void RunHalfLoad(const PacedPair& pair, size_t turns);

}  // namespace frank::bench

#endif  // FRANK_TESTS_BENCH_PACED_H_
