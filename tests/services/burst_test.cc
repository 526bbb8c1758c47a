// What waits for the end of a burst.
#include "services/common/burst.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BurstTest : public testing::Test {
 protected:
  void Note(int what) {
    Burst::AtEnd([this, what] { done_.push_back(what); });
  }
  std::vector<int> done_;
};

TEST_F(BurstTest, RunsAtOnceWhereThereIsNone) {
  Note(1);
  EXPECT_THAT(done_, ElementsAre(1));
}

TEST_F(BurstTest, RunsInOrderAtItsEndAndOnce) {
  Burst burst;
  EXPECT_FALSE(burst.awaited());
  Note(1);
  Note(2);
  EXPECT_TRUE(burst.awaited());
  EXPECT_THAT(done_, IsEmpty());
  burst.End();
  burst.End();
  EXPECT_FALSE(burst.awaited());
  EXPECT_THAT(done_, ElementsAre(1, 2));
}

TEST_F(BurstTest, RunsWhatIsAddedAtItsEnd) {
  {
    Burst burst;
    Burst::AtEnd([this] { Note(1); });
  }
  EXPECT_THAT(done_, ElementsAre(1));
}

TEST_F(BurstTest, IsOfItsThreadAlone) {
  Burst burst;
  std::thread other([this] { Note(1); });
  other.join();
  EXPECT_THAT(done_, ElementsAre(1));
}

}  // namespace
}  // namespace frank::services
