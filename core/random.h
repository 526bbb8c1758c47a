// Randomness. The source comes in by constructor; crypto/random.h has the one
// that servers and clients use.
#ifndef FRANK_CORE_RANDOM_H_
#define FRANK_CORE_RANDOM_H_

#include <array>
#include <cstdint>

#include "absl/types/span.h"

namespace frank {

// Gives unpredictable bytes. Thread-safe. Fill aborts the process when the
// operating system has no randomness to give: nothing could go on safely.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void Fill(absl::Span<uint8_t> out) = 0;

  template <size_t N>
  std::array<uint8_t, N> Draw() {
    std::array<uint8_t, N> out;
    Fill(absl::MakeSpan(out));
    return out;
  }
};

}  // namespace frank

#endif  // FRANK_CORE_RANDOM_H_
