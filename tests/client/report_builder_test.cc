#include "client/report_builder.h"

#include "core/limits.h"
#include "core/status.h"
#include "crypto/file.h"
#include "crypto/report.h"
#include "tests/client/franking_world.h"

namespace frank::client {
namespace {

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
  // They open nothing, so none is hidden but the one that the reporter hides.
  ASSERT_TRUE(
      builder.AddMessage(*Stamped(committed, ring_).Verify(), {0}).ok());
  EXPECT_EQ(builder.content().message(0).some_parts().part_size(), 2);
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
