// Gives every file of a corpus to the fuzz target that this program is linked
// with, so that what was found once stays found.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

TEST(FuzzReplayTest, TakesEveryInputOfTheCorpus) {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(FRANK_FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::vector<uint8_t> input{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0)
        << entry.path();
    ++count;
  }
  EXPECT_GT(count, 0u) << "no corpus in " << FRANK_FUZZ_CORPUS;
}

}  // namespace
