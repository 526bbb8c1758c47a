// Whose keys a device believes in: pins, device lists, linking.
#include "absl/strings/str_replace.h"
#include "core/status.h"
#include "tests/client/device_world.h"

namespace frank::client {
namespace {

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
  // The list is Alice's, the seed is not.
  package_.mutable_pin(0)->set_identity_public_key(KeyOf(*alice_, kAlice));
  EXPECT_TRUE(absl::IsUnauthenticated(Accept()));
  package_.set_identity_seed(ProfileOf(*alice_)->identity_seed());
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

}  // namespace
}  // namespace frank::client
