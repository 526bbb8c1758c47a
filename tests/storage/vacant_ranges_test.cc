// What is known to be vacant is: whatever the order of batches and reads.
#include "storage/rocksdb/vacant_ranges.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "absl/strings/str_cat.h"

namespace frank::storage {
namespace {

// A batch of one commit.
std::vector<PendingCommit> Puts(std::initializer_list<std::string> keys) {
  std::vector<PendingCommit> batch(1);
  for (const std::string& key : keys) {
    batch[0].writes.emplace(key, WrittenValue("value"));
  }
  return batch;
}

std::vector<PendingCommit> Deletes(const std::string& key) {
  std::vector<PendingCommit> batch(1);
  batch[0].writes.emplace(key, absl::nullopt);
  return batch;
}

class VacantRangesTest : public ::testing::Test {
 protected:
  void Learn(const std::string& begin, const std::string& end) {
    VacantRanges::Reading reading(vacant_, begin);
    reading.Begin();
    reading.Learn(end);
  }
  void Commit(const std::vector<PendingCommit>& batch) {
    vacant_.BatchBegins(batch);
    vacant_.BatchEnds(/*applied=*/true);
  }
  // Where a read that is to begin at `key` begins.
  std::string BeginAt(const std::string& key) {
    return VacantRanges::Reading(vacant_, key).Begin();
  }

  VacantRanges vacant_{8};
};

TEST_F(VacantRangesTest, AReadBeginsBehindWhatIsVacant) {
  Learn("b", "f");
  EXPECT_EQ(BeginAt("a"), "a");
  EXPECT_EQ(BeginAt("b"), "f");
  EXPECT_EQ(BeginAt("e"), "f");
  EXPECT_EQ(BeginAt("f"), "f");
}

TEST_F(VacantRangesTest, WhatLiesSideBySideIsOneRange) {
  Learn("b", "d");
  Learn("f", "h");
  EXPECT_EQ(BeginAt("b"), "d");
  Learn("c", "f");
  EXPECT_EQ(BeginAt("b"), "h");
  Learn("a", "c");
  EXPECT_EQ(BeginAt("a"), "h");
}

TEST_F(VacantRangesTest, APutPartsARangeAndItsDeletionJoinsIt) {
  Learn("b", "f");
  const auto batch = Puts({"d"});
  vacant_.BatchBegins(batch);
  EXPECT_EQ(BeginAt("b"), "d");
  vacant_.BatchEnds(/*applied=*/true);
  EXPECT_EQ(BeginAt("b"), "d");
  EXPECT_EQ(BeginAt("d"), "d");
  EXPECT_EQ(BeginAt("e"), "f");
  Commit(Deletes("d"));
  EXPECT_EQ(BeginAt("b"), "f");
  Commit(Puts({"b"}));
  EXPECT_EQ(BeginAt("b"), "b");
  EXPECT_EQ(BeginAt("c"), "f");
  Commit(Deletes("b"));
  EXPECT_EQ(BeginAt("b"), "f");
  // At the end, and apart from it.
  Commit(Deletes("f"));
  EXPECT_EQ(BeginAt("b"), std::string("f\0", 2));
  Commit(Deletes("h"));
  EXPECT_EQ(BeginAt("h"), "h");
}

TEST_F(VacantRangesTest, ADeletionCountsOnceItIsVisible) {
  Learn("b", "d");
  const auto batch = Deletes("d");
  vacant_.BatchBegins(batch);
  EXPECT_EQ(BeginAt("b"), "d");
  vacant_.BatchEnds(/*applied=*/false);
  EXPECT_EQ(BeginAt("b"), "d");
}

TEST_F(VacantRangesTest, TheLastOfABatchCounts) {
  Learn("b", "d");
  std::vector<PendingCommit> batch = Deletes("d");
  batch.push_back(std::move(Puts({"d"})[0]));
  Commit(batch);
  EXPECT_EQ(BeginAt("b"), "d");
  batch = Puts({"c"});
  batch.push_back(std::move(Deletes("c")[0]));
  Commit(batch);
  EXPECT_EQ(BeginAt("b"), "d");
}

TEST_F(VacantRangesTest, AReadIsNotCurrentOnceABatchHasBegun) {
  VacantRanges::Reading reading(vacant_, "a");
  reading.Begin();
  EXPECT_TRUE(reading.IsCurrent());
  const auto batch = Puts({"x"});
  vacant_.BatchBegins(batch);
  EXPECT_FALSE(reading.IsCurrent());
  // What is under way is in its place already.
  reading.Begin();
  EXPECT_TRUE(reading.IsCurrent());
  vacant_.BatchEnds(/*applied=*/true);
  EXPECT_TRUE(reading.IsCurrent());
}

TEST_F(VacantRangesTest, LearnsUpToWhatWasPutMeanwhile) {
  VacantRanges::Reading reading(vacant_, "b");
  reading.Begin();
  Commit(Puts({"a", "g"}));
  Commit(Puts({"d", "e"}));
  Commit(Deletes("d"));
  reading.Learn("f");
  EXPECT_EQ(BeginAt("b"), "d");
  EXPECT_EQ(BeginAt("e"), "e");
}

TEST_F(VacantRangesTest, LearnsHoweverManyBatchesComeMeanwhile) {
  VacantRanges::Reading reading(vacant_, "b");
  const auto batch = Puts({"a"});
  vacant_.BatchBegins(batch);
  reading.Begin();
  vacant_.BatchEnds(/*applied=*/true);
  for (int i = 0; i < 100; ++i) Commit(Puts({"a", "x"}));
  reading.Learn("f");
  EXPECT_EQ(BeginAt("b"), "f");
}

TEST_F(VacantRangesTest, WhatABatchUnderWayPutsIsNotVacant) {
  for (bool ended : {false, true}) {
    const auto batch = Puts({"c", "e"});
    vacant_.BatchBegins(batch);
    {
      VacantRanges::Reading reading(vacant_, "a");
      reading.Begin();
      // Its iterator may see the batch or not.
      if (ended) vacant_.BatchEnds(/*applied=*/true);
      reading.Learn("f");
    }
    EXPECT_EQ(BeginAt("a"), "c");
    EXPECT_EQ(BeginAt("d"), "d");
    if (!ended) vacant_.BatchEnds(/*applied=*/true);
    Commit(Puts({"a", "b"}));
  }
}

TEST_F(VacantRangesTest, BeyondSoManyWhatIsOfNoUseIsForgotten) {
  for (int i = 0; i < 8; ++i) Learn(absl::StrCat(i), absl::StrCat(i, "5"));
  // One goes, and those that are of use after that stay.
  Learn("8", "85");
  EXPECT_EQ(BeginAt("0"), "0");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(BeginAt("3"), "35") << i;
    Learn(absl::StrCat("a", i), absl::StrCat("a", i, "5"));
  }
  EXPECT_EQ(BeginAt("1"), "1");
}

}  // namespace
}  // namespace frank::storage
