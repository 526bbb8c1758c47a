// Randomness that is none: bytes that count, so that a test's keys differ from
// one another and are the same in each run.
#ifndef FRANK_TESTS_CLIENT_COUNTING_RANDOM_H_
#define FRANK_TESTS_CLIENT_COUNTING_RANDOM_H_

#include "core/random.h"

namespace frank::client {

class CountingRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override {
    ++draws_;
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<uint8_t>(draws_ * 37 + i * 11 + 1);
    }
  }

 private:
  uint64_t draws_ = 0;
};

}  // namespace frank::client

#endif  // FRANK_TESTS_CLIENT_COUNTING_RANDOM_H_
