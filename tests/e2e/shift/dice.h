// The choices of one actor of the story, from a seed: a run can be played
// again. Keys and ids are not drawn here.
#ifndef FRANK_TESTS_E2E_SHIFT_DICE_H_
#define FRANK_TESTS_E2E_SHIFT_DICE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace frank::shift {

// Not thread-safe: each actor has their own.
class Dice {
 public:
  Dice(uint64_t seed, uint64_t actor) : engine_(seed * 1000003 + actor) {}

  // True in so many of a hundred throws.
  bool Chance(double percent) {
    return static_cast<double>(engine_() >> 11) * 0x1p-53 * 100 < percent;
  }
  size_t Below(size_t count) { return static_cast<size_t>(engine_() % count); }
  template <typename T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  template <typename T>
  void Shuffle(std::vector<T>* items) {
    for (size_t i = items->size(); i > 1; --i) {
      std::swap((*items)[i - 1], (*items)[Below(i)]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace frank::shift

#endif  // FRANK_TESTS_E2E_SHIFT_DICE_H_
