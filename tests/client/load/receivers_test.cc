#include "client/load/receivers.h"

#include <vector>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

class DeliveriesTest : public testing::Test {
 protected:
  void Expect(const std::string& message_id, size_t recipients) {
    deliveries_.Expect(
        message_id, recipients,
        [this](const absl::Status& status) { told_.push_back(status.code()); });
  }

  Deliveries deliveries_;
  std::vector<absl::StatusCode> told_;
};

TEST_F(DeliveriesTest, TellsOnceWhenTheLastRecipientHasAMessage) {
  Expect("a", 3);
  deliveries_.Arrived("a");
  deliveries_.Arrived("a");
  EXPECT_TRUE(told_.empty());
  deliveries_.Arrived("a");
  deliveries_.Arrived("a");
  EXPECT_EQ(told_, std::vector{absl::StatusCode::kOk});
}

TEST_F(DeliveriesTest, PassesOverWhatNobodyExpects) {
  Expect("a", 1);
  deliveries_.Arrived("b");
  deliveries_.GiveUp("b", absl::AbortedError(""));
  EXPECT_TRUE(told_.empty());
}

// A send may be answered with an error though it was carried out.
TEST_F(DeliveriesTest, GivesUpOnlyWhatHasNotArrivedEverywhere) {
  Expect("a", 1);
  Expect("b", 2);
  deliveries_.Arrived("a");
  deliveries_.Arrived("b");
  deliveries_.GiveUp("a", absl::UnavailableError(""));
  deliveries_.GiveUp("b", absl::UnavailableError(""));
  deliveries_.Arrived("b");
  EXPECT_EQ(told_, (std::vector{absl::StatusCode::kOk,
                                absl::StatusCode::kUnavailable}));
}

}  // namespace
}  // namespace frank::load
