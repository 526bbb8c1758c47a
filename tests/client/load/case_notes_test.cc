#include "client/load/case_notes.h"

#include "gtest/gtest.h"

namespace frank::load {
namespace {

TEST(ChangedCasesTest, GivesTheOldestFirstAndEachOnce) {
  ChangedCases changed;
  for (const char* id : {"c", "a", "c", "b"}) changed.Add(id);
  EXPECT_EQ(changed.Take(), "c");
  changed.Add("c");
  EXPECT_EQ(changed.Take(), "a");
  EXPECT_EQ(changed.Take(), "b");
  EXPECT_EQ(changed.Take(), "c");
  EXPECT_EQ(changed.Take(), absl::nullopt);
}

TEST(AccusedOfCasesTest, ForgetsTheFirstOnesForNewOnes) {
  AccusedOfCases accused(2);
  accused.Learn("1", "x");
  accused.Learn("2", "y");
  accused.Learn("1", "x");
  ASSERT_NE(accused.Find("1"), nullptr);
  EXPECT_EQ(*accused.Find("1"), "x");
  accused.Learn("3", "z");
  EXPECT_EQ(accused.Find("1"), nullptr);
  ASSERT_NE(accused.Find("2"), nullptr);
  EXPECT_EQ(*accused.Find("3"), "z");
}

}  // namespace
}  // namespace frank::load
