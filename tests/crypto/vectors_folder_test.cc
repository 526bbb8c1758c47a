// The runner reads everything that the folder holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/crypto/vectors.h"

namespace frank::crypto {
namespace {

TEST(VectorFolderTest, HoldsOnlyFilesThatTheRunnerKnows) {
  const std::vector<std::string>& known = KnownVectorFiles();
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(VectorFolder())) {
    if (entry.path().extension() != ".json") continue;
    ++count;
    std::string name = entry.path().stem().string();
    EXPECT_NE(std::find(known.begin(), known.end(), name), known.end())
        << name << ".json is not known";
  }
  EXPECT_GT(count, 0u) << VectorFolder() << " holds no vectors";
}

}  // namespace
}  // namespace frank::crypto
