#include "client/franking.h"

#include <functional>

#include "tests/client/franking_world.h"

namespace frank::client {
namespace {

TEST_F(FrankingTest, VerifiesAWholeMessageAndShowsItsPart) {
  absl::StatusOr<VerifiedMessage> message = Whole().Verify();
  ASSERT_TRUE(message.ok()) << message.status();
  ASSERT_EQ(message->parts().size(), 1u);
  EXPECT_EQ(message->parts()[0].media_type, "text/plain");
  EXPECT_EQ(AsText(message->parts()[0].body), "hello");
  EXPECT_EQ(message->sender_uri(), kAlice);
}

TEST_F(FrankingTest, VerifiesPartsInTheirOrder) {
  absl::StatusOr<VerifiedMessage> message = Parts().Verify();
  ASSERT_TRUE(message.ok()) << message.status();
  ASSERT_EQ(message->parts().size(), 3u);
  EXPECT_EQ(AsText(message->parts()[2].body), "picture");
}

TEST_F(FrankingTest, VerifiesMimiContentAsItIs) {
  Bytes salt(16, 7);
  Case made = Stamped(
      *CommitMimi({kAlice, kRoom, kNow}, salt, AsBytes("application data")),
      ring_);
  absl::StatusOr<VerifiedMessage> message = made.Verify();
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_TRUE(message->parts().empty());
  EXPECT_EQ(AsText(*message->mimi_content()), "application data");
}

TEST_F(FrankingTest, WritesPayloadsAsTheGeneratedClassDoes) {
  Case made = Parts();
  v1::Payload parsed = *wire::ParsePayload(made.payload);
  EXPECT_EQ(ToBytes(parsed.SerializeAsString()), made.payload);
}

TEST_F(FrankingTest, RefusesToCommitOutsideTheRules) {
  crypto::Part text{"text/plain", AsBytes("x")};
  EXPECT_TRUE(absl::IsInvalidArgument(
      CommitWhole({"a b", kRoom, kNow}, text, Random()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CommitWhole({kAlice, kRoom, kNow}, {"text plain", {}}, Random())
          .status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CommitParts({kAlice, kRoom, kNow}, {}, Random()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CommitMimi({kAlice, kRoom, kNow}, Bytes(15), AsBytes("x")).status()));
}

struct Spoilt {
  const char* name;
  MismatchKind kind;
  std::function<void(Case&)> spoil;
};

TEST_F(FrankingTest, RefusesEverythingThatDoesNotAgree) {
  const Spoilt all[] = {
      {"another sender by the channel", MismatchKind::kContext,
       [](Case& c) { c.sender = kBob; }},
      {"another room by the channel", MismatchKind::kContext,
       [](Case& c) { c.room = "mimi://hub.example/r/2"; }},
      {"another sender in the payload", MismatchKind::kContext,
       [](Case& c) {
         c.ChangePayload([](v1::Payload& p) { p.set_sender_uri(kBob); });
       }},
      {"another room in the payload", MismatchKind::kContext,
       [](Case& c) {
         c.ChangePayload([](v1::Payload& p) { p.set_room_uri(kAlice); });
       }},
      {"another sender in the frank", MismatchKind::kContext,
       [](Case& c) { c.frank.set_sender_uri(kBob); }},
      {"another room in the frank", MismatchKind::kContext,
       [](Case& c) { c.frank.set_room_uri("mimi://hub.example/r/2"); }},
      {"an unknown scheme", MismatchKind::kBadOpening,
       [](Case& c) { c.scheme = 3; }},
      {"the other scheme", MismatchKind::kBadOpening,
       [](Case& c) { c.scheme = 3 - c.scheme; }},
      {"another declared tag", MismatchKind::kBadOpening,
       [](Case& c) { c.tag[31] ^= 1; }},
      {"a short declared tag", MismatchKind::kBadOpening,
       [](Case& c) { c.tag.pop_back(); }},
      {"another tag in the frank", MismatchKind::kBadOpening,
       [](Case& c) { (*c.frank.mutable_franking_tag())[0] ^= 1; }},
      {"both tags changed", MismatchKind::kBadOpening,
       [](Case& c) {
         (*c.frank.mutable_franking_tag())[0] ^= 1;
         c.tag[0] ^= 1;
       }},
      {"no payload", MismatchKind::kBadOpening,
       [](Case& c) { c.payload.clear(); }},
      {"a payload that is no protobuf", MismatchKind::kBadOpening,
       [](Case& c) { c.payload = {0xff}; }},
      {"an unknown field in the payload", MismatchKind::kBadOpening,
       [](Case& c) {
         c.payload.push_back(0x78);
         c.payload.push_back(1);
       }},
      {"an unknown field in the frank", MismatchKind::kIntegrity,
       [](Case& c) {
         c.frank.GetReflection()->MutableUnknownFields(&c.frank)->AddVarint(99,
                                                                            1);
       }},
      {"a payload without opening", MismatchKind::kBadOpening,
       [](Case& c) {
         c.ChangePayload([](v1::Payload& p) { p.clear_commitment(); });
       }},
      {"no sender in the payload", MismatchKind::kBadOpening,
       [](Case& c) {
         c.ChangePayload([](v1::Payload& p) { p.clear_sender_uri(); });
       }},
      {"a flipped bit in server_frank", MismatchKind::kIntegrity,
       [](Case& c) { (*c.frank.mutable_server_frank())[0] ^= 1; }},
      {"a short server_frank", MismatchKind::kIntegrity,
       [](Case& c) { c.frank.mutable_server_frank()->pop_back(); }},
      {"another cipher suite", MismatchKind::kIntegrity,
       [](Case& c) { c.frank.set_ciphersuite(2); }},
      {"no signature", MismatchKind::kIntegrity,
       [](Case& c) { c.frank.clear_integrity(); }},
      {"a flipped bit in the signature", MismatchKind::kIntegrity,
       [](Case& c) {
         (*c.frank.mutable_batch()->mutable_signature())[5] ^= 1;
       }},
      {"another place in the batch", MismatchKind::kIntegrity,
       [](Case& c) { c.frank.mutable_batch()->set_index(1); }},
      {"a proof that is too long", MismatchKind::kIntegrity,
       [](Case& c) {
         c.frank.mutable_batch()->add_inclusion_proof(std::string(32, 0));
       }},
      {"another time", MismatchKind::kIntegrity,
       [](Case& c) { c.frank.set_accepted_timestamp(kNow + 1); }},
      {"keys of another authority", MismatchKind::kIntegrity,
       [](Case& c) { c.keys.authority = "mimi://other.example"; }},
      {"no window for the time", MismatchKind::kIntegrity,
       [](Case& c) { c.keys.windows[0].not_before = kNow + 1; }},
      {"a form that is too weak for this device", MismatchKind::kIntegrity,
       [](Case& c) { c.required = RequiredIntegrity::kEach; }},
  };
  for (bool parts : {false, true}) {
    for (const Spoilt& spoilt : all) {
      Case made = parts ? Parts() : Whole();
      ASSERT_TRUE(made.Verify().ok());
      spoilt.spoil(made);
      absl::Status status = made.Verify().status();
      ASSERT_TRUE(IsRefusal(status)) << spoilt.name << ": " << status;
      EXPECT_EQ(MismatchOf(status), spoilt.kind)
          << spoilt.name << ": " << status;
    }
  }
}

TEST_F(FrankingTest, RefusesEveryFlippedBitOfAPayload) {
  for (bool parts : {false, true}) {
    Case made = parts ? Parts() : Whole();
    for (size_t bit = 0; bit < made.payload.size() * 8; ++bit) {
      Case spoilt = made;
      spoilt.payload[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
      absl::StatusOr<VerifiedMessage> message = spoilt.Verify();
      if (!message.ok()) {
        EXPECT_TRUE(IsRefusal(message.status())) << bit;
        continue;
      }
      // Only sent_at is not bound, within its limits.
      EXPECT_NE(message->sent_at(), kNow) << bit;
    }
  }
}

TEST_F(FrankingTest, HoldsTheLimitsOfTimeToTheMillisecond) {
  struct Times {
    UnixMillis sent, accepted, now;
    bool good;
  };
  const UnixMillis age = 31 * kDay;
  const Times all[] = {
      {kNow, kNow, kNow + age, true},
      {kNow, kNow, kNow + age + 1, false},
      {kNow, kNow, 0, true},
      {kNow - 7 * kDay, kNow, kNow, true},
      {kNow - 7 * kDay - 1, kNow, kNow, false},
      {kNow + kDay, kNow, kNow, true},
      {kNow + kDay + 1, kNow, kNow, false},
      {0, kNow, kNow, false},
      {~UnixMillis{0}, kNow, kNow, false},
  };
  for (const Times& times : all) {
    Case made = Whole(times.sent, times.accepted);
    made.now = times.now;
    EXPECT_EQ(made.Verify().ok(), times.good)
        << times.sent << " " << times.accepted << " " << times.now;
  }
}

TEST_F(FrankingTest, TakesTheFormOfTheWindowAlone) {
  for (crypto::FrankForm form :
       {crypto::FrankForm::kNone, crypto::FrankForm::kEach,
        crypto::FrankForm::kBatched}) {
    crypto::KeyRing ring = MakeRing(form);
    Case made = Stamped(
        *CommitWhole({kAlice, kRoom, kNow}, {"", AsBytes("x")}, Random()),
        ring);
    EXPECT_TRUE(made.Verify().ok());
    made.required = RequiredIntegrity::kSigned;
    EXPECT_EQ(made.Verify().ok(), form != crypto::FrankForm::kNone);
    made.required = RequiredIntegrity::kEach;
    EXPECT_EQ(made.Verify().ok(), form == crypto::FrankForm::kEach);
  }
}

TEST_F(FrankingTest, SaysWhenNewerKeysMayHelp) {
  Case made = Whole();
  made.keys.windows[0].not_after = kNow;
  EXPECT_TRUE(IsUnknownWindow(made.Verify().status()));
  made = Whole();
  made.frank.mutable_server_frank()->assign(32, 'x');
  EXPECT_FALSE(IsUnknownWindow(made.Verify().status()));
}

TEST_F(FrankingTest, RestoresAVerifiedMessageAndNoOther) {
  Case made = Parts();
  EXPECT_TRUE(RestoreVerified(made.scheme, made.frank, made.payload).ok());
  EXPECT_TRUE(absl::IsDataLoss(
      RestoreVerified(made.scheme, made.frank, Bytes{1, 2, 3}).status()));
}

}  // namespace
}  // namespace frank::client
