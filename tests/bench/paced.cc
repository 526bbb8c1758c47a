#include "tests/bench/paced.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/load/dispatch.h"
#include "client/load/draw.h"
#include "core/status.h"
#include "tests/bench/comparison.h"

namespace frank::bench {
namespace {

constexpr size_t kOutstanding = 64;
// The most that p99 should be, of the bare server's.
constexpr double kAim = 3;

// Latencies of calls under way.
struct Paced {
  absl::Mutex mutex;
  load::Histogram latency ABSL_GUARDED_BY(mutex);
};

double MedianOf(std::vector<uint64_t> values) {
  std::sort(values.begin(), values.end());
  return static_cast<double>(values[values.size() / 2]);
}

}  // namespace

load::Histogram Pace(double rate, size_t count, const Start& start) {
  static uint64_t seed = 0;
  load::Schedule schedule(load::ArrivalKind::kPoisson, rate, ++seed);
  load::MonotonicTicker ticker;
  Paced paced;
  for (size_t i = 0; i < count; ++i) {
    const load::Nanos due = schedule.Next();
    ticker.SleepUntil(due);
    start(i, [&ticker, &paced, due](const grpc::Status& status) {
      FRANK_CHECK(status.ok());
      const load::Nanos took = ticker.Now() - due;
      absl::MutexLock lock(&paced.mutex);
      paced.latency.Add(took / load::kNanosPerMicro);
    });
  }
  absl::MutexLock lock(&paced.mutex);
  auto all = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(paced.mutex) {
    return paced.latency.count() == count;
  };
  paced.mutex.Await(absl::Condition(&all));
  return paced.latency;
}

double RateOf(size_t count, size_t outstanding, const Start& start) {
  const load::MonotonicTicker ticker;
  Drive(count, outstanding, start);
  return static_cast<double>(count) * load::kNanosPerSecond /
         static_cast<double>(ticker.Now());
}

void RunHalfLoad(const PacedPair& pair, size_t turns) {
  pair.prepare();
  RateOf(pair.count, kOutstanding, pair.ours);
  pair.prepare();
  const double rate = RateOf(pair.count, kOutstanding, pair.ours) / 2;
  std::vector<uint64_t> ours, bare;
  const auto turn = [&](const Start& start, std::vector<uint64_t>* p50) {
    pair.prepare();
    const load::Histogram latency = Pace(rate, pair.count, start);
    p50->push_back(latency.ValueAt(0.5));
    return static_cast<double>(latency.ValueAt(0.99));
  };
  Run({pair.name + ", p99", pair.bare_name, kAim,
       [&] { return turn(pair.ours, &ours); },
       [&] { return turn(pair.bare, &bare); }},
      turns);
  const double p50 = MedianOf(ours), bare_p50 = MedianOf(bare);
  std::printf("%-32s %9.0f %9.0f %7.2f   at %.0f a second\n", "… p50", p50,
              bare_p50, p50 / bare_p50, rate);
}

}  // namespace frank::bench
