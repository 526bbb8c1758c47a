// Receipts, from intake's side: made once, for what is durable, and verified by
// whoever has the identity key.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/receipts.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::SizeIs;

class ModerationReceiptsTest : public ::testing::Test {
 protected:
  v1::ForwardRequest Seal() {
    return world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  }
  std::vector<v1::Receipt> Take(
      const std::vector<v1::ForwardRequest>& requests) {
    auto taken = world_.Take(requests);
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.ok() ? taken->receipts : std::vector<v1::Receipt>();
  }
  absl::Status Verify(const v1::Receipt& receipt) {
    return crypto::VerifyReceipt(wire::FromProto(receipt).value(),
                                 world_.identity.public_key());
  }

  ModerationWorld world_;
};

TEST_F(ModerationReceiptsTest, SignsWhatIsDurable) {
  v1::ForwardRequest request = Seal();
  std::vector<v1::Receipt> receipts = Take({request});
  ASSERT_THAT(receipts, SizeIs(1));
  const v1::Receipt& receipt = receipts[0];
  EXPECT_TRUE(Verify(receipt).ok()) << Verify(receipt);
  EXPECT_EQ(receipt.report_id(), request.report_id());
  EXPECT_EQ(receipt.reporter_uri(), kBob);
  EXPECT_EQ(receipt.received_at(), world_.clock.Now());
  EXPECT_EQ(AsBytes(receipt.sealed_sha256()),
            ByteSpan(crypto::Sha256({AsBytes(request.sealed_report())})));
}

TEST_F(ModerationReceiptsTest, GivesTheSameReceiptToTheSameReport) {
  v1::ForwardRequest request = Seal();
  std::vector<v1::Receipt> first = Take({request});
  ASSERT_THAT(first, SizeIs(1));
  world_.clock.Advance(kHour);
  world_.Restart();
  world_.Fold();
  request.set_number(2);
  std::vector<v1::Receipt> again = Take({request});
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].SerializeAsString(), first[0].SerializeAsString());
}

TEST_F(ModerationReceiptsTest, GivesOneReceiptToARepeatInTheSameBatch) {
  v1::ForwardRequest request = Seal();
  v1::ForwardRequest again = request;
  again.set_number(2);
  EXPECT_THAT(Take({request, again}), SizeIs(1));
}

TEST_F(ModerationReceiptsTest, GivesNoneForAKnownIdWithOtherBytes) {
  v1::ForwardRequest request = Seal();
  ASSERT_THAT(Take({request}), SizeIs(1));
  request.mutable_sealed_report()->front() ^= 1;
  request.set_number(2);
  EXPECT_THAT(Take({request}), SizeIs(0));
}

TEST_F(ModerationReceiptsTest, TakesReportsWithoutAKeyAndMakesUpForItLater) {
  world_.has_receipt_key = false;
  world_.Restart();
  v1::ForwardRequest request = Seal();
  EXPECT_THAT(Take({request}), SizeIs(0));
  UnixMillis came = world_.clock.Now();
  world_.clock.Advance(kHour);
  world_.has_receipt_key = true;
  world_.Restart();
  std::vector<v1::Receipt> receipts = Take({request});
  ASSERT_THAT(receipts, SizeIs(1));
  EXPECT_EQ(receipts[0].received_at(), came) << "not when it was asked for";
  EXPECT_TRUE(Verify(receipts[0]).ok());
}

TEST_F(ModerationReceiptsTest, SignsNothingOutsideTheWindowOfItsKey) {
  world_.clock.Advance(30 * kDay);
  EXPECT_THAT(Take({Seal()}), SizeIs(0));
}

}  // namespace
}  // namespace frank::moderation
