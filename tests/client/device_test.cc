// Sending and receiving, and what a device believes of whom.
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "tests/client/device_world.h"

namespace frank::client {
namespace {

TEST_F(DeviceTest, CarriesAMessageToEveryDeviceAndKeepsItWhenReopened) {
  auto phone = Link(*bob_, "bob-phone", kBob);
  absl::StatusOr<SendResult> sent = Send(*alice_, "hello");
  ASSERT_TRUE(sent.ok()) << sent.status();
  ASSERT_TRUE(sent->accepted);
  EXPECT_EQ(Receive(*bob_).messages, 1);
  EXPECT_EQ(Receive(*phone).messages, 1);
  bob_.reset();
  bob_ = Open("bob");
  EXPECT_EQ(TextOf(*bob_, 1), "hello");
  EXPECT_EQ(TextOf(*phone, 1), "hello");
  EXPECT_TRUE(MailOf(*bob_).empty());
}

TEST_F(DeviceTest, ShowsTheSendersOtherDevicesWhatWasSent) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  ASSERT_TRUE(Send(*alice_, "mine").ok());
  EXPECT_EQ(Receive(*phone).messages, 1);
}

TEST_F(DeviceTest, ShowsASecondArrivalOnce) {
  ASSERT_TRUE(Send(*alice_, "once").ok());
  FakePlatform::Mail mail = MailOf(*bob_).front();
  EXPECT_EQ(Receive(*bob_).messages, 1);
  mail.sequence = 2;
  MailOf(*bob_).push_back(mail);
  Seen seen = Receive(*bob_);
  EXPECT_EQ(seen.messages, 0);
  EXPECT_TRUE(seen.refused.empty());
  EXPECT_TRUE(MailOf(*bob_).empty());
}

TEST_F(DeviceTest, RefusesOldMessagesOnceItHasForgottenTheirNames) {
  ASSERT_TRUE(Send(*alice_, "old").ok());
  FakePlatform::Mail mail = MailOf(*bob_).front();
  EXPECT_EQ(Receive(*bob_).messages, 1);
  clock_.Advance(41 * kDay);
  mail.sequence = 2;
  MailOf(*bob_).push_back(mail);
  EXPECT_EQ(Receive(*bob_).refused.size(), 1u);
}

TEST_F(DeviceTest, RefusesABodyInAnotherRoomAndSaysSoWithoutContent) {
  ASSERT_TRUE(Send(*alice_, "here").ok());
  MailOf(*bob_).front().room = "mimi://hub.example/r/9";
  Seen seen = Receive(*bob_);
  EXPECT_EQ(seen.messages, 0);
  EXPECT_THAT(seen.refused,
              ::testing::ElementsAre(MismatchKind::kUndecryptable));
  ASSERT_EQ(platform_.notices.size(), 1u);
  EXPECT_EQ(platform_.notices[0].kind(), v1::MISMATCH_KIND_UNDECRYPTABLE);
  EXPECT_TRUE(bob_->store().MessageNumbers(false)->empty());
}

TEST_F(DeviceTest, RefusesAFlippedBitAnywhereInAnEnvelope) {
  ASSERT_TRUE(Send(*alice_, "x").ok());
  FakePlatform::Mail good = MailOf(*bob_).front();
  MailOf(*bob_).clear();
  const std::function<std::string*(v1::Envelope&)> fields[] = {
      [](v1::Envelope& e) { return e.mutable_body(); },
      [](v1::Envelope& e) { return e.mutable_franking_tag(); },
      [](v1::Envelope& e) { return e.mutable_sender_key_id(); },
      [](v1::Envelope& e) { return e.mutable_wrap(0)->mutable_wrap(); },
      [](v1::Envelope& e) { return e.mutable_wrap(0)->mutable_key_id(); }};
  uint64_t sequence = 1;
  for (const auto& field : fields) {
    FakePlatform::Mail bad = good;
    bad.sequence = ++sequence;
    std::string& bytes = *field(bad.envelope);
    bytes[bytes.size() / 2] ^= 1;
    MailOf(*bob_).push_back(bad);
  }
  Seen seen = Receive(*bob_);
  EXPECT_EQ(seen.messages, 0);
  EXPECT_EQ(seen.refused.size(), 5u);
}

TEST_F(DeviceTest, WrapsAgainForANewDeviceUnderTheSameTagAndBody) {
  ASSERT_TRUE(Send(*alice_, "first").ok());
  // Alice's list of Bob is fresh when she fetches it; it changes on the way.
  auto phone = Make("bob-phone", kBob, DeviceKind::kToBeLinked);
  Bytes request = *phone->membership().MakeLinkRequest();
  platform_.lost_answers = 1;
  absl::StatusOr<SendResult> lost = Send(*alice_, "second");
  ASSERT_TRUE(absl::IsUnavailable(lost.status()));
  platform_.answers.clear();
  ASSERT_TRUE(phone->membership().AcceptLink(*Approve(*bob_, request)).ok());
  absl::StatusOr<std::vector<SendResult>> resumed = alice_->sender().Resume();
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  ASSERT_EQ(resumed->size(), 1u);
  const auto& sent = platform_.sent;
  const v1::Envelope& before = sent[sent.size() - 2].envelope();
  const v1::Envelope& after = sent.back().envelope();
  EXPECT_EQ(before.message_id(), after.message_id());
  EXPECT_EQ(before.franking_tag(), after.franking_tag());
  EXPECT_EQ(before.body(), after.body());
  EXPECT_EQ(before.wrap_size() + 1, after.wrap_size());
  EXPECT_EQ(Receive(*phone).messages, 1);
}

TEST_F(DeviceTest, RepeatsTheSameMessageAfterALostAnswerAndACrash) {
  platform_.lost_answers = 1;
  ASSERT_TRUE(absl::IsUnavailable(Send(*alice_, "once").status()));
  alice_.reset();
  alice_ = Open("alice");
  ASSERT_EQ(alice_->sender().Resume()->size(), 1u);
  EXPECT_EQ(alice_->sender().Resume()->size(), 0u);
  EXPECT_EQ(Receive(*bob_).messages, 1);
}

TEST_F(DeviceTest, TellsARefusalAndSendsNothingLater) {
  platform_.suspended = true;
  absl::StatusOr<SendResult> sent = Send(*alice_, "no");
  ASSERT_TRUE(sent.ok());
  EXPECT_TRUE(sent->refused);
  EXPECT_EQ(alice_->sender().Resume()->size(), 0u);
}

TEST_F(DeviceTest, SaysNotSentOnlyWhenThePlatformSaidSo) {
  platform_.lost_answers = 1;
  ASSERT_TRUE(absl::IsUnavailable(Send(*alice_, "arrived").status()));
  // The room is no longer hers to see, or her token is wrong; that says nothing
  // of what was sent before.
  platform_.room_refusal = absl::NotFoundError("no such room");
  absl::StatusOr<std::vector<SendResult>> resumed = alice_->sender().Resume();
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_TRUE(absl::IsNotFound(resumed->at(0).failure));
  platform_.room_refusal = absl::OkStatus();
  platform_.refusal = absl::UnauthenticatedError("");
  EXPECT_TRUE(
      absl::IsUnauthenticated(alice_->sender().Resume()->at(0).failure));
  platform_.refusal = absl::OkStatus();
  EXPECT_TRUE(alice_->sender().Resume()->at(0).accepted.has_value());
  EXPECT_EQ(alice_->sender().Resume()->size(), 0u);
}

TEST_F(DeviceTest, ForgetsWhatThePlatformRefusedForGood) {
  platform_.room_refusal = absl::NotFoundError("no such room");
  EXPECT_TRUE(absl::IsNotFound(Send(*alice_, "never asked").status()));
  platform_.room_refusal = absl::OkStatus();
  platform_.refusal = absl::ResourceExhaustedError("");
  EXPECT_TRUE(absl::IsResourceExhausted(Send(*alice_, "refused").status()));
  platform_.refusal = absl::UnavailableError("");
  EXPECT_TRUE(absl::IsUnavailable(Send(*alice_, "lost").status()));
  platform_.refusal = absl::PermissionDeniedError("");
  EXPECT_TRUE(
      absl::IsPermissionDenied(alice_->sender().Resume()->at(0).failure));
  EXPECT_EQ(alice_->sender().Resume()->size(), 0u);
}

TEST_F(DeviceTest, DropsAMessageThatNobodyWouldTakeAnyMore) {
  platform_.refusal = absl::UnavailableError("");
  ASSERT_TRUE(absl::IsUnavailable(Send(*alice_, "stale").status()));
  platform_.refusal = absl::OkStatus();
  clock_.Advance(limits::kMaxSendRetry);
  platform_.lost_answers = 1;
  ASSERT_TRUE(absl::IsUnavailable(alice_->sender().Resume().status()));
  platform_.answers.clear();
  size_t before = platform_.sent.size();
  clock_.Advance(1);
  absl::StatusOr<std::vector<SendResult>> resumed = alice_->sender().Resume();
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_TRUE(absl::IsOutOfRange(resumed->at(0).failure));
  EXPECT_EQ(platform_.sent.size(), before);
  EXPECT_EQ(alice_->sender().Resume()->size(), 0u);
}

TEST_F(DeviceTest, StatesPlatformTimeAlsoAfterAnOldAnswerWasRepeated) {
  platform_.lost_answers = 1;
  ASSERT_TRUE(absl::IsUnavailable(Send(*alice_, "old").status()));
  clock_.Advance(6 * kDay);
  ASSERT_TRUE(alice_->sender().Resume()->at(0).accepted.has_value());
  Receive(*bob_);
  // Sent with the time of the first answer, it would be refused as stale.
  ASSERT_TRUE(Send(*alice_, "new")->accepted);
  EXPECT_EQ(Receive(*bob_).messages, 1);
  EXPECT_EQ(bob_->GetMessage(2)->sent_at(), clock_.Now());
}

TEST_F(DeviceTest, AcknowledgesANoticeThatItHasShown) {
  platform_.words.emplace_back().set_notice_id(std::string(16, 'n'));
  EXPECT_EQ(Receive(*alice_).notices, 1);
  EXPECT_EQ(platform_.acknowledged_notices,
            std::vector<std::string>{std::string(16, 'n')});
}

TEST_F(DeviceTest, RefusesKeysThatDropAWindowAndKeepsTheOldOnes) {
  ASSERT_TRUE(Send(*alice_, "first").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
  crypto::FrankingKeys changed{"mimi://hub.example",
                               platform_.ring.PublicWindows()};
  changed.windows[0].not_after += 1;
  platform_.Publish(changed);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      bob_->keys().FetchFrankingKeys("mimi://hub.example").status()));
  ASSERT_TRUE(Send(*alice_, "second").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
}

TEST_F(DeviceTest, RefusesAReviewKeyThatModerationDidNotSign) {
  std::string& signature =
      *platform_.keys.mutable_review_key(0)->mutable_signature();
  signature[0] ^= 1;
  EXPECT_TRUE(absl::IsUnauthenticated(bob_->keys().FetchReviewKey().status()));
}

TEST_F(DeviceTest, HoldsNoMoreRoomsThanItCanRemember) {
  ASSERT_TRUE(Send(*alice_, "before").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
  platform_.accounts.erase(kAlice);
  auto impostor = Register("alice-again", kAlice);
  ASSERT_TRUE(Send(*impostor, "after").ok());
  FakePlatform::Mail mail = MailOf(*bob_).front();
  MailOf(*bob_).clear();
  for (size_t i = 0; i <= limits::kMaxHeldRooms; ++i) {
    mail.room = absl::StrCat("mimi://hub.example/r/", i);
    MailOf(*bob_).push_back(mail);
  }
  bob_.reset();
  bob_ = Open("bob");
  Seen seen;
  EXPECT_EQ(FindReason(bob_->receiver().Receive(true, seen)),
            std::string(kReasonKeyChanged));
  EXPECT_EQ(seen.held.size(), limits::kMaxHeldRooms);
}

}  // namespace
}  // namespace frank::client
