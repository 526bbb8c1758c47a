// Reports, receipts and appeals, and what is asked about them.
#include "core/status.h"
#include "crypto/appeal.h"
#include "crypto/hash.h"
#include "proto/appeals.h"
#include "proto/receipts.h"
#include "tests/client/device_world.h"

namespace frank::client {
namespace {

TEST_F(DeviceTest, RepeatsTheSameSealedReportAfterALostAnswer) {
  ASSERT_TRUE(Send(*alice_, "insult").ok());
  Receive(*bob_);
  ReportBuilder builder(kAlice, "harassment.targeted", "", kNow);
  ASSERT_TRUE(builder.AddMessage(*bob_->GetMessage(1), {}).ok());
  platform_.lost_answers = 1;
  EXPECT_TRUE(
      absl::IsUnavailable(bob_->reporter().Submit(builder.content()).status()));
  bob_.reset();
  bob_ = Open("bob");
  ASSERT_EQ(bob_->reporter().Resume()->size(), 1u);
  EXPECT_EQ(bob_->reporter().Resume()->size(), 0u);
  ASSERT_EQ(platform_.reports.size(), 2u);
  EXPECT_EQ(platform_.reports[0].SerializeAsString(),
            platform_.reports[1].SerializeAsString());
}

// All that a device puts on the wire: neither words nor what opens the tag.
TEST_F(DeviceTest, GivesThePlatformNothingThatItCouldReadOrOpen) {
  constexpr char kText[] = "You will be sorry, and soon.";
  constexpr char kReportNote[] = "She writes this every evening.";
  ASSERT_TRUE(Send(*alice_, kText).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  ReportBuilder builder(kAlice, "harassment.targeted", kReportNote, kNow);
  ASSERT_TRUE(builder.AddMessage(message, {}).ok());
  ASSERT_TRUE(bob_->reporter().Submit(builder.content()).ok());
  ASSERT_EQ(platform_.sent.size(), 1u);
  ASSERT_EQ(platform_.reports.size(), 1u);
  std::string wire = platform_.sent[0].SerializeAsString() +
                     platform_.reports[0].SerializeAsString();
  for (const std::string& secret :
       {std::string(kText), std::string(kReportNote),
        message.payload().whole().salt(), std::string("harassment")}) {
    EXPECT_EQ(wire.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(wire.find(room_), std::string::npos);
}

class ReceiptTest : public DeviceTest {
 protected:
  ReceiptTest() {
    ReportBuilder builder(kAlice, "harassment.targeted", "", kNow);
    auto report = bob_->reporter().Submit(builder.content());
    EXPECT_TRUE(report.ok()) << report.status();
    good_.receipt.report_id = *ReportId::Parse("id", report->report_id());
    good_.receipt.reporter_uri = kBob;
    good_.receipt.received_at = kNow;
    good_.receipt.sealed_sha256 =
        crypto::Sha256({AsBytes(platform_.reports[0].sealed_report())});
  }
  // What the device makes of a receipt for its report, signed as it is.
  absl::optional<absl::Status> Fetch(crypto::SignedReceipt receipt) {
    auto key = *crypto::Ed25519PrivateKey::FromSeed(
        crypto::Secret::Copy(Bytes(32, 9)));
    receipt.key = *crypto::Sign(
        crypto::ReceiptKeyRecord{kNow - kDay, kNow + kDay, key.public_key()},
        *signer_);
    receipt.signature = *crypto::SignReceipt(receipt.receipt, key);
    platform_.statuses.Clear();
    v1::ReportStatus& status = *platform_.statuses.add_report();
    status.set_report_id(ToString(good_.receipt.report_id.bytes()));
    *status.mutable_receipt() = wire::ToProto(receipt);
    return bob_->reporter().FetchReports()->reports[0].receipt->status();
  }

  crypto::SignedReceipt good_;
  const crypto::Ed25519PrivateKey* signer_ = &platform_.moderation();
};

TEST_F(ReceiptTest, IsVerifiedWithTheConfiguredKeyAlone) {
  EXPECT_TRUE(Fetch(good_)->ok()) << *Fetch(good_);
}

TEST_F(ReceiptTest, IsRefusedWhenItIsAboutSomethingElse) {
  crypto::SignedReceipt other = good_;
  other.receipt.sealed_sha256[0] ^= 1;
  EXPECT_TRUE(absl::IsInvalidArgument(*Fetch(other)));
  other = good_;
  other.receipt.reporter_uri = kAlice;
  EXPECT_TRUE(absl::IsInvalidArgument(*Fetch(other)));
  other = good_;
  other.receipt.report_id = ReportId();
  EXPECT_TRUE(absl::IsInvalidArgument(*Fetch(other)));
}

TEST_F(ReceiptTest, IsRefusedWhenModerationDidNotSignItsKey) {
  auto platform =
      *crypto::Ed25519PrivateKey::FromSeed(crypto::Secret::Copy(Bytes(32, 3)));
  signer_ = &platform;
  EXPECT_TRUE(absl::IsUnauthenticated(*Fetch(good_)));
}

TEST_F(ReceiptTest, IsNotThereBeforeThePlatformHasIt) {
  platform_.statuses.add_report()->set_report_id(std::string(16, 'r'));
  EXPECT_FALSE(bob_->reporter().FetchReports()->reports[0].receipt);
}

TEST_F(DeviceTest, AsksThePlatformForNoMoreNotices) {
  ASSERT_TRUE(bob_->reporter().SetNotices(absl::nullopt, false).ok());
  ASSERT_TRUE(bob_->reporter().SetNotices(ReportId(), true).ok());
  EXPECT_EQ(platform_.choices[0].report_id(), "");
  EXPECT_TRUE(platform_.choices[0].off());
  EXPECT_EQ(platform_.choices[1].report_id(), std::string(16, '\0'));
  EXPECT_FALSE(platform_.choices[1].off());
}

TEST_F(DeviceTest, FollowsNoListForEver) {
  EXPECT_TRUE(bob_->reporter().FetchReports().ok());
  platform_.endless_pages = true;
  EXPECT_TRUE(absl::IsInternal(bob_->reporter().FetchReports().status()));
}

DecisionId DecisionOf(uint8_t byte) {
  return DecisionId(ToArray<16>(Bytes(16, byte)));
}

TEST_F(DeviceTest, SealsAnAppealToTheModeratorsAlone) {
  ASSERT_TRUE(
      bob_->appellant().Submit(DecisionOf(1), "It was a joke, honestly.").ok());
  ASSERT_EQ(platform_.appeals.size(), 1u);
  const v1::SubmitAppealRequest& request = platform_.appeals[0];
  EXPECT_EQ(request.SerializeAsString().find("joke"), std::string::npos);
  crypto::AppealBinding binding{
      *ReviewKeyId::Parse("id", request.review_key_id()), DecisionOf(1), kBob};
  auto opened = crypto::OpenAppeal(platform_.review_key(), binding,
                                   AsBytes(request.sealed_appeal()));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(wire::ParseAppealContent(opened->bytes())->text(),
            "It was a joke, honestly.");
}

TEST_F(DeviceTest, RepeatsTheSameSealedAppealAfterALostAnswer) {
  platform_.lost_answers = 1;
  EXPECT_TRUE(absl::IsUnavailable(
      bob_->appellant().Submit(DecisionOf(1), "First.").status()));
  bob_.reset();
  bob_ = Open("bob");
  platform_.lost_answers = 1;
  EXPECT_TRUE(absl::IsUnavailable(
      bob_->appellant().Submit(DecisionOf(1), "Second.").status()));
  ASSERT_TRUE(bob_->appellant().Resume().ok());
  ASSERT_TRUE(bob_->appellant().Resume().ok());
  ASSERT_EQ(platform_.appeals.size(), 3u);
  for (const v1::SubmitAppealRequest& request : platform_.appeals) {
    EXPECT_EQ(request.SerializeAsString(),
              platform_.appeals[0].SerializeAsString());
  }
  EXPECT_TRUE(absl::IsAlreadyExists(
      bob_->appellant().Submit(DecisionOf(1), "Third.").status()));
}

TEST_F(DeviceTest, ForgetsAnAppealThatThePlatformRefused) {
  platform_.refuses_appeals = absl::NotFoundError("no such decision");
  EXPECT_TRUE(absl::IsNotFound(
      bob_->appellant().Submit(DecisionOf(1), "First.").status()));
  platform_.refuses_appeals = absl::OkStatus();
  EXPECT_TRUE(bob_->appellant().Resume().ok());
  EXPECT_EQ(platform_.appeals.size(), 1u);
  EXPECT_TRUE(bob_->appellant().Submit(DecisionOf(1), "Second.").ok());
}

TEST_F(DeviceTest, SendsNoAppealWithoutWordsOrWithTooMany) {
  for (const std::string& text :
       {std::string(), std::string(8193, 'x'), std::string("\xff")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        bob_->appellant().Submit(DecisionOf(1), text).status()));
  }
  EXPECT_TRUE(platform_.appeals.empty());
  EXPECT_TRUE(
      bob_->appellant().Submit(DecisionOf(1), std::string(8192, 'x')).ok());
}

TEST_F(DeviceTest, ListsDecisionsAboutTheAccountNewestFirst) {
  for (uint64_t told : {5, 9, 7}) {
    platform_.decisions.add_decision()->set_told_at(told);
  }
  auto decisions = bob_->appellant().FetchDecisions();
  ASSERT_EQ(decisions->size(), 3u);
  EXPECT_EQ(decisions->at(0).told_at(), 9u);
  EXPECT_EQ(decisions->at(2).told_at(), 5u);
}

}  // namespace
}  // namespace frank::client
