#include "client/franking.h"

#include <functional>

#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"
#include "crypto/random.h"
#include "crypto/report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire.h"

namespace frank::client {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";
constexpr char kAlice[] = "mimi://hub.example/u/alice";
constexpr char kBob[] = "mimi://hub.example/u/bob";
constexpr char kRoom[] = "mimi://hub.example/r/1";
constexpr UnixMillis kNow = 1'800'000'000'000;

crypto::SystemRandom& Random() {
  static crypto::SystemRandom random;
  return random;
}

crypto::KeyRing MakeRing(crypto::FrankForm form) {
  crypto::KeyWindow window{kNow - 100 * kDay, kNow + 100 * kDay, false, form};
  window.hub_key = crypto::Secret::Random(Random(), crypto::kHubKeyBytes);
  if (form != crypto::FrankForm::kNone) {
    window.franking_seed = crypto::Secret::Random(Random(), 32);
  }
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(std::move(window));
  return *crypto::KeyRing::Create(kAuthority, std::move(windows));
}

// Everything that VerifyReceived is given, to be spoilt one thing at a time.
struct Case {
  std::string sender = kAlice;
  std::string room = kRoom;
  uint32_t scheme = 0;
  Bytes tag;
  Bytes payload;
  v1::Frank frank;
  crypto::FrankingKeys keys;
  RequiredIntegrity required = RequiredIntegrity::kAsStated;
  UnixMillis now = kNow;

  absl::StatusOr<VerifiedMessage> Verify() const {
    return VerifyReceived(ChannelIdentity(sender, room), {scheme, tag, payload},
                          frank, keys, required, now);
  }
  void ChangePayload(const std::function<void(v1::Payload&)>& change) {
    v1::Payload parsed;
    parsed.ParseFromArray(payload.data(), static_cast<int>(payload.size()));
    change(parsed);
    payload = ToBytes(parsed.SerializeAsString());
  }
};

class FrankingTest : public ::testing::Test {
 protected:
  Case Stamped(const Committed& committed, const crypto::KeyRing& ring,
               UnixMillis accepted = kNow) {
    Case made;
    made.scheme = static_cast<uint32_t>(committed.scheme);
    made.tag =
        Bytes(committed.tag.bytes().begin(), committed.tag.bytes().end());
    made.payload = Bytes(committed.payload.bytes().begin(),
                         committed.payload.bytes().end());
    crypto::StampInput inputs[] = {{committed.tag, kAlice, kRoom, accepted},
                                   {committed.tag, kBob, kRoom, accepted}};
    made.frank = wire::ToProto((*crypto::Stamp(ring, inputs))[0]);
    made.keys = {kAuthority, ring.PublicWindows()};
    return made;
  }
  Case Whole(UnixMillis sent_at = kNow, UnixMillis accepted = kNow) {
    return Stamped(*CommitWhole({kAlice, kRoom, sent_at},
                                {"text/plain", AsBytes("hello")}, Random()),
                   ring_, accepted);
  }
  Case Parts() {
    return Stamped(*CommitParts({kAlice, kRoom, kNow},
                                {{"text/plain", AsBytes("threat")},
                                 {"text/plain", AsBytes("address")},
                                 {"image/png", AsBytes("picture")}},
                                Random()),
                   ring_);
  }

  crypto::KeyRing ring_ = MakeRing(crypto::FrankForm::kBatched);
};

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

// Seals, opens and judges as moderation does.
class ReportTest : public FrankingTest {
 protected:
  ReportTest() { review_.record.not_after = kNow + kDay; }
  v1::ReportContent Open(const ReportBuilder& builder) {
    absl::StatusOr<SealedReport> sealed =
        Seal(builder.content(), review_, kBob, Random());
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    EXPECT_EQ(sealed->franks.size(),
              static_cast<size_t>(builder.content().message_size()));
    absl::StatusOr<crypto::Secret> opened = crypto::OpenReport(
        review_private_, {review_.id, sealed->id, kBob}, sealed->sealed);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *wire::ParseReportContent(opened->bytes());
  }
  crypto::Verdict Judge(const v1::ReportContent::ReportedMessage& message) {
    return crypto::Judge(*wire::FromProto(message.frank()),
                         wire::ViewOf(message), &ring_)
        ->verdict;
  }

  crypto::HpkePrivateKey review_private_ =
      *crypto::HpkePrivateKey::Create(crypto::Secret::Random(Random(), 32));
  OpenedReviewKey review_{{}, {0, 0, review_private_.public_key()}};
};

TEST_F(ReportTest, ProvesWhatItShowsInFull) {
  ReportBuilder builder(kAlice, "harassment.targeted", "a note", kNow);
  ASSERT_TRUE(builder.AddMessage(*Whole().Verify(), {}).ok());
  ASSERT_TRUE(builder.AddMessage(*Parts().Verify(), {}).ok());
  v1::ReportContent content = Open(builder);
  ASSERT_EQ(content.message_size(), 2);
  EXPECT_TRUE(content.message(1).has_parts());
  for (const auto& message : content.message()) {
    EXPECT_EQ(Judge(message), crypto::Verdict::kProven);
  }
}

TEST_F(ReportTest, ProvesSomePartsAndHoldsNothingOfTheWithheld) {
  ReportBuilder builder(kAlice, "violence.threat", "", kNow);
  ASSERT_TRUE(builder.AddMessage(*Parts().Verify(), {1}).ok());
  v1::ReportContent content = Open(builder);
  EXPECT_EQ(Judge(content.message(0)), crypto::Verdict::kProven);
  ASSERT_EQ(content.message(0).some_parts().part_size(), 2);
  std::string bytes = content.SerializeAsString();
  EXPECT_NE(bytes.find("threat"), std::string::npos);
  EXPECT_EQ(bytes.find("address"), std::string::npos);
}

TEST_F(ReportTest, RefusesToWithholdWhatCannotBe) {
  ReportBuilder builder(kAlice, "violence.threat", "", kNow);
  EXPECT_TRUE(
      absl::IsInvalidArgument(builder.AddMessage(*Parts().Verify(), {3})));
  EXPECT_TRUE(absl::IsInvalidArgument(
      builder.AddMessage(*Parts().Verify(), {0, 1, 2})));
  EXPECT_TRUE(
      absl::IsInvalidArgument(builder.AddMessage(*Whole().Verify(), {0})));
  EXPECT_EQ(builder.content().message_size(), 0);
}

TEST_F(ReportTest, ShowsChunksOfAFileAndNeverItsKey) {
  std::vector<Bytes> chunks = {Bytes(65536, 'a'), Bytes(65536, 'b'),
                               Bytes(10, 'c')};
  Bytes salt(32, 9);
  Bytes key(16, 0xEE);
  crypto::FileCommitter committer =
      *crypto::FileCommitter::Create(salt, 2 * 65536 + 10);
  for (const Bytes& chunk : chunks) ASSERT_TRUE(committer.Add(chunk).ok());
  crypto::PartsCommitment file = *std::move(committer).Finish();
  Bytes announced =
      *crypto::EncodeFilePart({file.tag(), 2 * 65536 + 10, "image/png", "p"});
  crypto::Secret key_part = *crypto::EncodeFileKeyPart(
      {crypto::Secret::Copy(salt), crypto::Secret::Copy(key)});
  Case made = Stamped(*CommitParts({kAlice, kRoom, kNow},
                                   {*crypto::ParsePart(announced),
                                    *crypto::ParsePart(key_part.bytes())},
                                   Random()),
                      ring_);
  ReportBuilder builder(kAlice, "sexual.unwanted", "", kNow);
  OpenedChunks opened{file.tag(), 3};
  for (uint32_t index : {0u, 2u}) {
    opened.proofs.push_back(*file.Prove(index));
    opened.chunks.push_back(chunks[index]);
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(builder.AddChunks(opened)));
  ASSERT_TRUE(builder.AddMessage(*made.Verify(), {}).ok());
  ASSERT_TRUE(builder.AddChunks(opened).ok());
  v1::ReportContent content = Open(builder);
  EXPECT_EQ(Judge(content.message(0)), crypto::Verdict::kProven);
  EXPECT_TRUE(crypto::VerifyOpening(
                  file.tag(), wire::ViewOf(content.message(0).file(0).chunks()))
                  .ok());
  EXPECT_EQ(content.SerializeAsString().find(std::string(16, '\xEE')),
            std::string::npos);
  opened.file_tag = FrankingTag();
  EXPECT_TRUE(absl::IsInvalidArgument(builder.AddChunks(opened)));
}

// The largest message that fits a body, in parts of one byte, with a file and
// its key before or behind them.
class ManyPartsTest : public ReportTest {
 protected:
  static constexpr uint32_t kTiny = 340'000;
  VerifiedMessage Make(bool file_first) {
    std::vector<crypto::Part> parts;
    if (file_first) AddFile(&parts);
    parts.resize(parts.size() + kTiny);
    if (!file_first) AddFile(&parts);
    Committed committed = *CommitParts({kAlice, kRoom, kNow}, parts, Random());
    EXPECT_LE(committed.payload.size(), limits::kMaxBodyBytes - 17);
    return *Stamped(committed, ring_).Verify();
  }
  void AddFile(std::vector<crypto::Part>* parts) {
    parts->push_back(*crypto::ParsePart(announced_));
    parts->push_back(*crypto::ParsePart(key_.bytes()));
  }

  Bytes announced_ =
      *crypto::EncodeFilePart({FrankingTag(), 10, "image/png", "p"});
  crypto::Secret key_ = *crypto::EncodeFileKeyPart(
      {crypto::Secret::Copy(Bytes(32, 9)), crypto::Secret::Copy(Bytes(16, 8))});
};

TEST_F(ManyPartsTest, AreReportedAsFarAsAReportHoldsThem) {
  for (bool file_first : {true, false}) {
    VerifiedMessage message = Make(file_first);
    ReportBuilder builder(kAlice, "deception.spam", "", kNow);
    ASSERT_TRUE(builder.AddMessage(message, {}).ok());
    v1::ReportContent content = Open(builder);
    EXPECT_EQ(Judge(content.message(0)), crypto::Verdict::kProven);
    size_t shown =
        static_cast<size_t>(content.message(0).some_parts().part_size());
    EXPECT_GT(shown, 1000u);
    EXPECT_EQ(builder.left_out() + shown, kTiny + 1);
  }
}

TEST_F(ManyPartsTest, AreShownWhereTheReporterWithholdsTheOthers) {
  std::set<uint32_t> others;
  for (uint32_t i = 0; i < kTiny; ++i) others.insert(i);
  ReportBuilder builder(kAlice, "deception.spam", "", kNow);
  ASSERT_TRUE(builder.AddMessage(Make(/*file_first=*/false), others).ok());
  ASSERT_EQ(builder.content().message(0).some_parts().part_size(), 1);
  EXPECT_EQ(builder.content().message(0).some_parts().part(0).index(), kTiny);
  EXPECT_EQ(builder.left_out(), 0u);
}

TEST_F(ManyPartsTest, AreNotSealedWhereModerationWouldNotReadThem) {
  std::vector<crypto::Part> parts(kTiny);
  Committed committed = *CommitParts({kAlice, kRoom, kNow}, parts, Random());
  VerifiedMessage message = *Stamped(committed, ring_).Verify();
  ReportBuilder builder(kAlice, "deception.spam", "", kNow);
  ASSERT_TRUE(builder.AddMessage(message, {}).ok());
  EXPECT_TRUE(Seal(builder.content(), review_, kBob, Random()).ok());
  ASSERT_TRUE(builder.AddMessage(message, {}).ok());
  absl::Status refused =
      Seal(builder.content(), review_, kBob, Random()).status();
  EXPECT_EQ(FindFieldViolation(refused)->field, "report_content");
}

TEST_F(ManyPartsTest, ThatAreAllKeysCanBeReportedToo) {
  std::vector<crypto::Part> keys(3, *crypto::ParsePart(key_.bytes()));
  Committed committed = *CommitParts({kAlice, kRoom, kNow}, keys, Random());
  ReportBuilder builder(kAlice, "deception.spam", "", kNow);
  ASSERT_TRUE(builder.AddMessage(*Stamped(committed, ring_).Verify(), {}).ok());
  EXPECT_EQ(Judge(Open(builder).message(0)), crypto::Verdict::kProven);
}

TEST_F(ReportTest, SealsUnderAFreshIdEachTime) {
  ReportBuilder builder(kAlice, "deception.spam", "", kNow);
  SealedReport first = *Seal(builder.content(), review_, kBob, Random());
  SealedReport second = *Seal(builder.content(), review_, kBob, Random());
  EXPECT_NE(first.id, second.id);
  EXPECT_NE(first.sealed, second.sealed);
}

TEST_F(ReportTest, RefusesContentThatBreaksItsRules) {
  ReportBuilder note(kAlice, "deception.spam", std::string(4097, 'x'), kNow);
  EXPECT_FALSE(Seal(note.content(), review_, kBob, Random()).ok());
  ReportBuilder accused("not a uri", "deception.spam", "", kNow);
  EXPECT_FALSE(Seal(accused.content(), review_, kBob, Random()).ok());
}

}  // namespace
}  // namespace frank::client
