#include "client/device.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/appeal.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/appeals.h"
#include "proto/receipts.h"
#include "proto/wire.h"
#include "tests/client/fake_platform.h"

namespace frank::client {
namespace {

constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kBob[] = "mimi://hub.example/u/bob";
constexpr UnixMillis kNow = 1'800'000'000'000;

ByteSpan Span(const std::string& bytes) {
  return AsBytes(absl::string_view(bytes));
}

struct Seen final : ReceiveObserver {
  int messages = 0;
  int notices = 0;
  std::vector<MismatchKind> refused;
  std::vector<absl::Status> held;
  void OnMessage() override { ++messages; }
  void OnRefused(const v1::ReceiveResponse::Delivery&,
                 const absl::Status& refusal) override {
    refused.push_back(MismatchOf(refusal));
  }
  void OnHeld(const v1::ReceiveResponse::Delivery&,
              const absl::Status& reason) override {
    held.push_back(reason);
  }
  void OnNotice(const v1::ReceiveResponse::Notice&) override { ++notices; }
  void OnCaughtUp() override {}
};

class DeviceTest : public ::testing::Test {
 protected:
  DeviceTest() {
    char name[] = "/tmp/frank-device-XXXXXX";
    folder_ = ::mkdtemp(name);
    alice_ = Register("alice", kAlice);
    bob_ = Register("bob", kBob);
    v1::CreateRoomRequest request;
    request.set_kind(v1::ROOM_KIND_DIRECT);
    request.add_member_uri(kBob);
    room_ = alice_->transport().CreateRoom(request)->room().room_uri();
  }
  ~DeviceTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Device> Open(const std::string& name) {
    auto store = std::make_unique<DeviceStore>(
        *StoreFile::Open(folder_ + "/" + name, random_));
    return *Device::Create(std::move(store), platform_.Connect(), clock_,
                           random_);
  }
  NewDevice Named(const char* account) {
    return {account, "server", "",
            Bytes(platform_.moderation().public_key().bytes().begin(),
                  platform_.moderation().public_key().bytes().end())};
  }
  absl::Status Create(const std::string& name, const NewDevice& device,
                      DeviceKind kind) {
    DeviceStore store(*StoreFile::Open(folder_ + "/" + name, random_));
    return CreateProfile(device, kind, store, random_);
  }
  std::unique_ptr<Device> Make(const std::string& name, const char* account,
                               DeviceKind kind) {
    EXPECT_TRUE(Create(name, Named(account), kind).ok());
    return Open(name);
  }
  std::unique_ptr<Device> Register(const std::string& name,
                                   const char* account) {
    auto device = Make(name, account, DeviceKind::kFirst);
    EXPECT_TRUE(device->membership().Register().ok());
    return device;
  }
  static absl::StatusOr<Bytes> Approve(Device& from, const Bytes& request) {
    return from.membership().ApproveLink(request, LinkFingerprint(request));
  }
  std::unique_ptr<Device> Link(Device& from, const std::string& name,
                               const char* account) {
    auto device = Make(name, account, DeviceKind::kToBeLinked);
    Bytes request = *device->membership().MakeLinkRequest();
    absl::StatusOr<Bytes> package = Approve(from, request);
    EXPECT_TRUE(package.ok()) << package.status();
    absl::Status accepted = device->membership().AcceptLink(*package);
    EXPECT_TRUE(accepted.ok()) << accepted;
    return device;
  }
  absl::StatusOr<SendResult> Send(Device& from, absl::string_view text) {
    return from.sender().Send(room_, {{"text/plain", AsBytes(text)}});
  }
  Seen Receive(Device& device) {
    Seen seen;
    absl::Status status = device.receiver().Receive(true, seen);
    EXPECT_TRUE(status.ok()) << status;
    return seen;
  }
  std::deque<FakePlatform::Mail>& MailOf(Device& device) {
    return platform_.mail[ProfileOf(device)->device_id()];
  }
  static Profile ProfileOf(Device& device) {
    return *device.store().GetProfile();
  }
  static DeviceId IdOf(Device& device) {
    return *DeviceId::Parse("id", Span(ProfileOf(device)->device_id()));
  }
  // The identity key of an account as a device has it pinned.
  static std::string KeyOf(Device& device, const char* account) {
    return (*device.store().FindPin(account))->identity_public_key();
  }
  std::string TextOf(Device& device, uint64_t number) {
    return ToString(device.GetMessage(number)->parts()[0].body);
  }

  FakeClock clock_{kNow};
  crypto::SystemRandom random_;
  FakePlatform platform_{clock_, random_};
  std::string folder_;
  std::unique_ptr<Device> alice_;
  std::unique_ptr<Device> bob_;
  std::string room_;
};

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

TEST_F(DeviceTest, NeverWrapsForADeviceThatTheAccountDidNotSign) {
  ASSERT_TRUE(Send(*alice_, "first").ok());
  v1::SignedDeviceList& list = platform_.accounts[kBob].lists.back();
  crypto::DeviceList parsed =
      *crypto::ParseDeviceList(AsBytes(absl::string_view(list.device_list())));
  ++parsed.version;
  parsed.devices.push_back(
      {DeviceId::Random(random_), platform_.review_key().public_key()});
  list.set_device_list(ToString(crypto::Serialize(parsed)));
  size_t before = platform_.sent.size();
  EXPECT_TRUE(absl::IsUnauthenticated(Send(*alice_, "second").status()));
  EXPECT_EQ(platform_.sent.size(), before);
}

TEST_F(DeviceTest, RefusesALowerListVersion) {
  ASSERT_TRUE(Send(*alice_, "first").ok());
  v1::SignedDeviceList old = platform_.accounts[kBob].lists.back();
  auto phone = Link(*bob_, "bob-phone", kBob);
  ASSERT_TRUE(Send(*alice_, "second").ok());
  platform_.accounts[kBob].lists.push_back(old);
  EXPECT_TRUE(absl::IsFailedPrecondition(Send(*alice_, "third").status()));
}

TEST_F(DeviceTest, HoldsAnAccountThatChangedItsKeyUntilTheUserAcceptsIt) {
  ASSERT_TRUE(Send(*bob_, "before").ok());
  EXPECT_EQ(Receive(*alice_).messages, 1);
  std::string old_key = KeyOf(*bob_, kBob);
  platform_.accounts.erase(kBob);
  auto impostor = Register("bob-again", kBob);
  std::string new_key = KeyOf(*impostor, kBob);
  ASSERT_TRUE(Send(*impostor, "after").ok());
  alice_.reset();
  alice_ = Open("alice");
  Seen seen = Receive(*alice_);
  EXPECT_EQ(seen.messages, 0);
  ASSERT_EQ(seen.held.size(), 1u);
  EXPECT_EQ(FindReason(seen.held[0]), std::string(kReasonKeyChanged));
  EXPECT_THAT(std::string(seen.held[0].message()),
              ::testing::AllOf(::testing::HasSubstr(ToHex(Span(old_key))),
                               ::testing::HasSubstr(ToHex(Span(new_key)))));
  EXPECT_EQ(platform_.held, std::vector<std::string>{room_});
  EXPECT_EQ(MailOf(*alice_).size(), 1u);
  EXPECT_EQ(FindReason(Send(*alice_, "x").status()),
            std::string(kReasonKeyChanged));
  ASSERT_TRUE(alice_->directory().AcceptChangedKey(kBob, Span(new_key)).ok());
  EXPECT_EQ(Receive(*alice_).messages, 1);
}

TEST_F(DeviceTest, TrustsNoKeyThatTheUserDidNotCompare) {
  ASSERT_TRUE(Send(*alice_, "before").ok());
  std::string old_key = KeyOf(*bob_, kBob);
  platform_.accounts.erase(kBob);
  auto first = Register("bob-again", kBob);
  EXPECT_FALSE(Send(*alice_, "x").ok());
  // It changes once more between looking and accepting.
  platform_.accounts.erase(kBob);
  auto second = Register("bob-once-more", kBob);
  EXPECT_FALSE(Send(*alice_, "x").ok());
  absl::Status status =
      alice_->directory().AcceptChangedKey(kBob, Span(KeyOf(*first, kBob)));
  EXPECT_EQ(FindReason(status), std::string(kReasonKeyChanged));
  EXPECT_EQ(KeyOf(*alice_, kBob), old_key);
  EXPECT_TRUE(alice_->directory()
                  .AcceptChangedKey(kBob, Span(KeyOf(*second, kBob)))
                  .ok());
}

TEST_F(DeviceTest, KeepsNoChangedKeyThatDoesNotSignTheList) {
  ASSERT_TRUE(Send(*alice_, "before").ok());
  Bytes other(platform_.moderation().public_key().bytes().begin(),
              platform_.moderation().public_key().bytes().end());
  platform_.accounts[kBob].lists.back().set_identity_public_key(
      ToString(other));
  EXPECT_TRUE(absl::IsUnauthenticated(Send(*alice_, "x").status()));
  EXPECT_TRUE(absl::IsNotFound(
      alice_->directory().AcceptChangedKey(kBob, ByteSpan(other))));
}

TEST_F(DeviceTest, AcknowledgesANoticeThatItHasShown) {
  platform_.words.emplace_back().set_notice_id(std::string(16, 'n'));
  EXPECT_EQ(Receive(*alice_).notices, 1);
  EXPECT_EQ(platform_.acknowledged_notices,
            std::vector<std::string>{std::string(16, 'n')});
}

TEST_F(DeviceTest, TakesMailOfARemovedDeviceFor30Days) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  clock_.Advance(kDay);
  ASSERT_TRUE(Send(*phone, "before").ok());
  FakePlatform::Mail mail = MailOf(*bob_).front();
  DeviceId id = IdOf(*phone);
  clock_.Advance(kDay);
  ASSERT_TRUE(alice_->membership().RemoveDevice(id).ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
}

TEST_F(DeviceTest, RefusesADeviceThatWasRemovedMoreThan30DaysBefore) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  DeviceId id = IdOf(*phone);
  clock_.Advance(kDay);
  ASSERT_TRUE(alice_->membership().RemoveDevice(id).ok());
  clock_.Advance(31 * kDay);
  // A platform that lets it send all the same.
  ASSERT_TRUE(Send(*phone, "late").ok() || !MailOf(*bob_).empty());
  EXPECT_THAT(Receive(*bob_).refused,
              ::testing::ElementsAre(MismatchKind::kUndecryptable));
}

TEST_F(DeviceTest, BelievesNoPastListThatContradictsThePinnedOne) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  DeviceId id = IdOf(*phone);
  clock_.Advance(kDay);
  ASSERT_TRUE(alice_->membership().RemoveDevice(id).ok());
  ASSERT_TRUE(Send(*alice_, "pins the newest list").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
  clock_.Advance(31 * kDay);
  // A platform that takes the device's mail all the same, and says that its
  // list is current, or was until now.
  auto& lists = platform_.accounts[kAlice].lists;
  for (UnixMillis replaced_at : {UnixMillis{0}, clock_.Now()}) {
    lists[1].set_replaced_at(replaced_at);
    bob_.reset();
    bob_ = Open("bob");
    ASSERT_TRUE(Send(*phone, "late").ok() || !MailOf(*bob_).empty());
    EXPECT_THAT(Receive(*bob_).refused,
                ::testing::ElementsAre(MismatchKind::kUndecryptable));
  }
}

TEST_F(DeviceTest, AsksAgainForListsThatItFetched30DaysAgo) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  ASSERT_TRUE(Send(*phone, "makes Bob fetch").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
  ASSERT_TRUE(alice_->membership().RemoveDevice(IdOf(*phone)).ok());
  clock_.Advance(31 * kDay);
  ASSERT_TRUE(Send(*phone, "late").ok() || !MailOf(*bob_).empty());
  EXPECT_THAT(Receive(*bob_).refused,
              ::testing::ElementsAre(MismatchKind::kUndecryptable));
}

TEST_F(DeviceTest, TakesMailOfAnOwnDeviceThatThisOneRemoved) {
  auto phone = Link(*alice_, "alice-phone", kAlice);
  clock_.Advance(kDay);
  ASSERT_TRUE(Send(*phone, "before").ok());
  ASSERT_TRUE(alice_->membership().RemoveDevice(IdOf(*phone)).ok());
  EXPECT_EQ(Receive(*alice_).messages, 1);
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

TEST_F(DeviceTest, RefusesALinkPackageOfAnotherRequest) {
  auto phone = Make("phone", kAlice, DeviceKind::kToBeLinked);
  auto tablet = Make("tablet", kAlice, DeviceKind::kToBeLinked);
  Bytes package = *Approve(*alice_, *phone->membership().MakeLinkRequest());
  EXPECT_TRUE(
      absl::IsUnauthenticated(tablet->membership().AcceptLink(package)));
  package[40] ^= 1;
  EXPECT_TRUE(absl::IsUnauthenticated(phone->membership().AcceptLink(package)));
}

TEST_F(DeviceTest, GivesTheTokenOnceMoreAfterAnApprovalThatBrokeOff) {
  auto phone = Make("phone", kAlice, DeviceKind::kToBeLinked);
  Bytes request = *phone->membership().MakeLinkRequest();
  platform_.lost_answers = 1;
  EXPECT_TRUE(absl::IsUnavailable(Approve(*alice_, request).status()));
  // Nor does an answer that says nothing of the change forget it.
  for (absl::StatusCode code : {absl::StatusCode::kDeadlineExceeded,
                                absl::StatusCode::kResourceExhausted}) {
    platform_.refusal = absl::Status(code, "");
    EXPECT_EQ(Approve(*alice_, request).status().code(), code);
  }
  platform_.refusal = absl::OkStatus();
  absl::StatusOr<Bytes> package = Approve(*alice_, request);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_TRUE(phone->membership().AcceptLink(*package).ok());
}

TEST_F(DeviceTest, ApprovesNoRequestWithoutItsCode) {
  auto phone = Make("phone", kAlice, DeviceKind::kToBeLinked);
  auto other = Make("other", kAlice, DeviceKind::kToBeLinked);
  Bytes request = *phone->membership().MakeLinkRequest();
  std::string code = LinkFingerprint(request);
  for (const std::string& wrong :
       {std::string(), code.substr(1),
        LinkFingerprint(*other->membership().MakeLinkRequest())}) {
    EXPECT_TRUE(absl::IsUnauthenticated(
        alice_->membership().ApproveLink(request, wrong).status()));
  }
  EXPECT_EQ(platform_.accounts[kAlice].lists.size(), 1u);
  EXPECT_TRUE(alice_->membership()
                  .ApproveLink(request, absl::StrReplaceAll(code, {{" ", ""}}))
                  .ok());
}

TEST_F(DeviceTest, ApprovesNoOtherKeyUnderTheIdOfAListedDevice) {
  auto phone = Make("phone", kAlice, DeviceKind::kToBeLinked);
  Bytes request = *phone->membership().MakeLinkRequest();
  platform_.lost_answers = 1;
  EXPECT_TRUE(absl::IsUnavailable(Approve(*alice_, request).status()));
  stored::LinkRequest forged;
  ASSERT_TRUE(
      forged.ParseFromArray(request.data(), static_cast<int>(request.size())));
  forged.set_public_key(ToString(platform_.review_key().public_key().bytes()));
  EXPECT_TRUE(absl::IsUnauthenticated(
      Approve(*alice_, ToBytes(forged.SerializeAsString())).status()));
}

// Packages as somebody makes them who saw the request.
class ForgedPackageTest : public DeviceTest {
 protected:
  ForgedPackageTest() {
    request_ = *phone_->membership().MakeLinkRequest();
    package_.set_account_uri(kAlice);
    package_.set_identity_seed(std::string(32, 's'));
    package_.set_token("token");
    package_.set_moderation_identity_key(
        ToString(platform_.moderation().public_key().bytes()));
    stored::PinnedAccount* pin = package_.add_pin();
    pin->set_account_uri(kAlice);
    pin->set_identity_public_key(
        ToString(crypto::Ed25519PrivateKey::FromSeed(
                     crypto::Secret::Copy(Span(package_.identity_seed())))
                     ->public_key()
                     .bytes()));
    stored::PinnedAccount* bob = package_.add_pin();
    bob->set_account_uri(kBob);
    bob->set_identity_public_key(std::string(32, 'b'));
  }
  absl::Status Accept() {
    stored::LinkRequest request;
    request.ParseFromArray(request_.data(), static_cast<int>(request_.size()));
    std::string bytes = package_.SerializeAsString();
    return phone_->membership().AcceptLink(*crypto::HpkeSeal(
        *crypto::HpkePublicKey::Create(Span(request.public_key())),
        AsBytes("frank/1 link"), request_, Span(bytes), random_));
  }
  void ExpectNothingStored() {
    EXPECT_TRUE(ProfileOf(*phone_)->token().empty());
    EXPECT_TRUE(ProfileOf(*phone_)->identity_seed().empty());
    EXPECT_TRUE(phone_->store().Pins()->empty());
  }

  std::unique_ptr<Device> phone_ =
      Make("phone", kAlice, DeviceKind::kToBeLinked);
  Bytes request_;
  stored::LinkPackage package_;
};

TEST_F(ForgedPackageTest, LeavesNothingBehind) {
  EXPECT_TRUE(absl::IsUnauthenticated(Accept()));
  ExpectNothingStored();
  Bytes real = *Approve(*alice_, request_);
  EXPECT_TRUE(phone_->membership().AcceptLink(real).ok());
  EXPECT_EQ(KeyOf(*phone_, kAlice), KeyOf(*alice_, kAlice));
}

TEST_F(ForgedPackageTest, MustPinTheOwnAccountUnderItsOwnKey) {
  // Even with the platform's help: it lists the phone under Alice's true key.
  ASSERT_TRUE(Approve(*alice_, request_).ok());
  package_.set_identity_seed(ProfileOf(*alice_)->identity_seed());
  EXPECT_TRUE(absl::IsUnauthenticated(Accept()));
  package_.mutable_pin()->DeleteSubrange(0, 1);
  EXPECT_TRUE(absl::IsUnauthenticated(Accept()));
  ExpectNothingStored();
}

TEST_F(ForgedPackageTest, MustHoldAToken) {
  ASSERT_TRUE(Approve(*alice_, request_).ok());
  package_.set_identity_seed(ProfileOf(*alice_)->identity_seed());
  package_.mutable_pin(0)->set_identity_public_key(KeyOf(*alice_, kAlice));
  package_.clear_token();
  EXPECT_TRUE(absl::IsUnauthenticated(Accept()));
  ExpectNothingStored();
}

TEST_F(ForgedPackageTest, TakesNoLinkedDeviceOver) {
  Bytes real = *Approve(*alice_, request_);
  ASSERT_TRUE(phone_->membership().AcceptLink(real).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Accept()));
  EXPECT_EQ(KeyOf(*phone_, kAlice), KeyOf(*alice_, kAlice));
}

TEST_F(DeviceTest, TakesCorrectedValuesUntilItIsRegistered) {
  NewDevice carol = Named("mimi://hub.example/u/carol");
  ASSERT_TRUE(Create("carol", carol, DeviceKind::kFirst).ok());
  std::string key = ProfileOf(*Open("carol"))->device_private_key();
  carol.server = "the right one";
  carol.required_integrity = RequiredIntegrity::kEach;
  ASSERT_TRUE(Create("carol", carol, DeviceKind::kFirst).ok());
  auto device = Open("carol");
  EXPECT_EQ(ProfileOf(*device)->server(), "the right one");
  EXPECT_EQ(ProfileOf(*device)->device_private_key(), key);
  device.reset();
  EXPECT_TRUE(
      absl::IsAlreadyExists(Create("carol", carol, DeviceKind::kToBeLinked)));
  EXPECT_TRUE(
      absl::IsAlreadyExists(Create("carol", Named(kBob), DeviceKind::kFirst)));
  ASSERT_TRUE(Open("carol")->membership().Register().ok());
  EXPECT_TRUE(
      absl::IsAlreadyExists(Create("carol", carol, DeviceKind::kFirst)));
}

TEST_F(DeviceTest, RefusesAWeakerFormThanItsUserRequires) {
  NewDevice strict = Named(kBob);
  strict.required_integrity = RequiredIntegrity::kEach;
  ASSERT_TRUE(Create("strict", strict, DeviceKind::kToBeLinked).ok());
  auto device = Open("strict");
  ASSERT_TRUE(
      device->membership()
          .AcceptLink(*Approve(*bob_, *device->membership().MakeLinkRequest()))
          .ok());
  ASSERT_TRUE(Send(*alice_, "batched").ok());
  EXPECT_EQ(Receive(*bob_).messages, 1);
  EXPECT_THAT(Receive(*device).refused,
              ::testing::ElementsAre(MismatchKind::kIntegrity));
}

TEST_F(DeviceTest, RegistersAgainAfterALostAnswer) {
  auto carol = Make("carol", "mimi://hub.example/u/carol", DeviceKind::kFirst);
  platform_.lost_answers = 1;
  EXPECT_TRUE(absl::IsUnavailable(carol->membership().Register()));
  EXPECT_TRUE(carol->membership().Register().ok());
}

class FileTest : public DeviceTest {
 protected:
  std::string Write(const std::string& name, size_t size) {
    std::string path = folder_ + "/" + name;
    std::string bytes(size, 0);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 / 7);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  absl::Status SendFile(const std::string& path) {
    FRANK_ASSIGN_OR_RETURN(
        UploadedFile file,
        alice_->files().Upload(path, "image/jpeg", "p", progress_));
    FRANK_ASSIGN_OR_RETURN(crypto::Part announced,
                           crypto::ParsePart(file.file_part));
    FRANK_ASSIGN_OR_RETURN(crypto::Part key,
                           crypto::ParsePart(file.key_part.bytes()));
    return alice_->sender().Send(room_, {announced, key}).status();
  }
  // How far each pass of the last transfer came.
  uint32_t hashed_ = 0;
  uint32_t moved_ = 0;
  TransferProgress progress_ = {
      [this](uint32_t done, uint32_t) { hashed_ = done; },
      [this](uint32_t done, uint32_t) { moved_ = done; }};
};

TEST_F(FileTest, CarriesFilesOfAnySize) {
  uint64_t number = 0;
  for (size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{200000}}) {
    std::string path = Write("file", size);
    ASSERT_TRUE(SendFile(path).ok());
    ASSERT_EQ(Receive(*bob_).messages, 1);
    VerifiedMessage message = *bob_->GetMessage(++number);
    std::string out = folder_ + "/out" + std::to_string(size);
    absl::Status saved =
        bob_->files().Download(*FindFile(message, 0), out, progress_);
    ASSERT_TRUE(saved.ok()) << saved;
    EXPECT_EQ(Read(out), Read(path));
    EXPECT_TRUE(absl::IsAlreadyExists(
        bob_->files().Download(*FindFile(message, 0), out, progress_)));
  }
}

TEST_F(FileTest, GoesOnWithAnUploadThatBrokeOff) {
  std::string path = Write("file", 300000);
  platform_.break_upload_after = 2;
  EXPECT_TRUE(absl::IsUnavailable(SendFile(path)));
  platform_.break_upload_after = -1;
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(platform_.files.size(), 1u);
}

TEST_F(FileTest, TakesFreshKeysWhenTheFileChangedMeanwhile) {
  std::string path = Write("file", 300000);
  platform_.break_upload_after = 2;
  EXPECT_TRUE(absl::IsUnavailable(SendFile(path)));
  platform_.break_upload_after = -1;
  std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
      << "other";
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(platform_.files.size(), 2u);
}

TEST_F(FileTest, RefusesAChunkThatIsNotTheFiles) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  platform_.files.begin()->second.chunks[1][3] ^= 1;
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  EXPECT_TRUE(absl::IsUnauthenticated(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(FileTest, GoesOnWithADownloadThatBrokeOff) {
  std::string path = Write("file", 200000);
  ASSERT_TRUE(SendFile(path).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  auto& chunks = platform_.files.begin()->second.chunks;
  std::vector<std::string> all = chunks;
  chunks.resize(2);
  EXPECT_TRUE(absl::IsUnavailable(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  chunks = all;
  chunks[0].clear();  // not asked for again
  hashed_ = 0;
  absl::Status saved =
      bob_->files().Download(*FindFile(message, 0), out, progress_);
  ASSERT_TRUE(saved.ok()) << saved;
  EXPECT_EQ(Read(out), Read(path));
  EXPECT_FALSE(std::filesystem::exists(out + ".part"));
  EXPECT_EQ(hashed_, 2u);
  EXPECT_EQ(moved_, 4u);
}

TEST_F(FileTest, SendsNoFileThatChangedWhileItWasHashed) {
  std::string path = Write("file", 300000);
  auto time = std::filesystem::last_write_time(path);
  Progress change = [&](uint32_t done, uint32_t) {
    if (done != 3) return;
    std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
        << "other";
    std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
  };
  EXPECT_TRUE(absl::IsFailedPrecondition(
      alice_->files()
          .Upload(path, "image/jpeg", "p", {change, progress_.moving})
          .status()));
  EXPECT_TRUE(platform_.files.empty());
  ASSERT_TRUE(SendFile(path).ok());
  EXPECT_EQ(hashed_, 5u);
  EXPECT_EQ(Receive(*bob_).messages, 1);
}

TEST_F(FileTest, WritesIntoNoFileThatOthersCanReadOrThatIsALink) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  std::string part = Write("out.part", 3);
  ::chmod(part.c_str(), 0644);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      bob_->files().Download(*FindFile(message, 0), out, progress_)));
  std::filesystem::remove(part);
  std::string other = Write("other", 3);
  std::filesystem::create_symlink(other, part);
  EXPECT_FALSE(
      bob_->files().Download(*FindFile(message, 0), out, progress_).ok());
  EXPECT_EQ(std::filesystem::file_size(other), 3u);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(FileTest, ReplacesNoFileThatCameMeanwhile) {
  ASSERT_TRUE(SendFile(Write("file", 100000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  std::string out = folder_ + "/out";
  Progress intrude = [&](uint32_t, uint32_t) { Write("out", 3); };
  EXPECT_TRUE(absl::IsAlreadyExists(bob_->files().Download(
      *FindFile(message, 0), out, {progress_.hashing, intrude})));
  EXPECT_EQ(std::filesystem::file_size(out), 3u);
}

TEST_F(FileTest, OpensChunksThatModerationCanVerify) {
  ASSERT_TRUE(SendFile(Write("file", 200000)).ok());
  Receive(*bob_);
  VerifiedMessage message = *bob_->GetMessage(1);
  AnnouncedFile file = *FindFile(message, 0);
  absl::StatusOr<OpenedChunks> chunks =
      bob_->files().OpenChunks(file, {0, 2, 3}, progress_.moving);
  ASSERT_TRUE(chunks.ok()) << chunks.status();
  ReportBuilder builder(kAlice, "sexual.unwanted", "", kNow);
  ASSERT_TRUE(builder.AddMessage(message, {}).ok());
  ASSERT_TRUE(builder.AddChunks(*chunks).ok());
  EXPECT_TRUE(crypto::VerifyOpening(
                  file.file.file_tag,
                  wire::ViewOf(builder.content().message(0).file(0).chunks()))
                  .ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      bob_->files().OpenChunks(file, {4}, progress_.moving).status()));
}

}  // namespace
}  // namespace frank::client
