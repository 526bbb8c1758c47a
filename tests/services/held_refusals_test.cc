#include "services/common/held_refusals.h"

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HeldRefusalsTest : public testing::Test {
 protected:
  void Hold(int number, size_t bytes = 1) {
    refusals_.Hold(bytes, [this, number] {
      absl::MutexLock lock(&mutex_);
      answered_.push_back(number);
    });
  }
  std::vector<int> answered() {
    absl::MutexLock lock(&mutex_);
    return answered_;
  }
  // The numbers in order, once there are so many: the thread of the refusals
  // may be the one that answers.
  std::vector<int> Await(size_t count) {
    absl::MutexLock lock(&mutex_);
    auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return answered_.size() >= count;
    };
    mutex_.Await(absl::Condition(&enough));
    return answered_;
  }

  FakeClock clock_{1000};
  absl::Mutex mutex_;
  std::vector<int> answered_ ABSL_GUARDED_BY(mutex_);
  HeldRefusals refusals_{clock_};
};

TEST_F(HeldRefusalsTest, AnswersWhenTheTimeHasCome) {
  Hold(1);
  clock_.Advance(limits::kRefusalHold - 1);
  EXPECT_EQ(refusals_.AnswerDue(), 1u);
  EXPECT_THAT(answered(), IsEmpty());
  EXPECT_EQ(refusals_.count(), 1u);
  Hold(2);
  clock_.Advance(1);
  EXPECT_EQ(refusals_.AnswerDue(), limits::kRefusalHold - 1);
  EXPECT_THAT(Await(1), ElementsAre(1));
}

TEST_F(HeldRefusalsTest, AnswersWhatAClockThatWasSetBackWouldHoldForLong) {
  Hold(1);
  clock_.Set(1);
  refusals_.AnswerDue();
  EXPECT_THAT(Await(1), ElementsAre(1));
}

TEST_F(HeldRefusalsTest, AnswersTheOldestBeyondTheirNumber) {
  const int most = static_cast<int>(limits::kMaxHeldRefusals);
  for (int i = 0; i < most; ++i) Hold(i);
  EXPECT_THAT(answered(), IsEmpty());
  Hold(most);
  Hold(most + 1);
  EXPECT_THAT(answered(), ElementsAre(0, 1));
  EXPECT_EQ(refusals_.count(), limits::kMaxHeldRefusals);
}

TEST_F(HeldRefusalsTest, AnswersTheOldestBeyondTheirBytes) {
  Hold(1, limits::kMaxHeldRefusalBytes / 2);
  Hold(2, limits::kMaxHeldRefusalBytes / 2);
  EXPECT_THAT(answered(), IsEmpty());
  Hold(3);
  EXPECT_THAT(answered(), ElementsAre(1));
  Hold(4, limits::kMaxHeldRefusalBytes);
  EXPECT_THAT(answered(), ElementsAre(1, 2, 3)) << "the last fits alone";
  Hold(5, limits::kMaxHeldRefusalBytes + 1);
  EXPECT_THAT(answered(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(HeldRefusalsTest, LetsAllGoInOrderAndHoldsNoneAfterwards) {
  for (int i = 1; i <= 3; ++i) Hold(i);
  refusals_.LetGo();
  EXPECT_THAT(answered(), ElementsAre(1, 2, 3));
  Hold(4);
  EXPECT_THAT(answered(), ElementsAre(1, 2, 3, 4));
}

TEST_F(HeldRefusalsTest, AnswersWhatIsHeldWhenItEnds) {
  bool told = false;
  {
    HeldRefusals ending(clock_);
    ending.Hold(1, [&told] { told = true; });
  }
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace frank::services
