// From the platform's outbox into a case: every verdict, merging, alarms.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "crypto/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/intake_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kThreat[] = "I know where you live, Bob";

class ModerationReportsTest : public ::testing::Test {
 protected:
  // Reports one message of Mallory's by Bob, folds, and returns its verdict.
  v1::Verdict VerdictOf(const SentMessage& message) {
    world_.Report(world_.Content(kMallory, "harassment.targeted", {message}),
                  kBob);
    world_.Fold();
    auto shown = world_.GetCase(kReviewer, world_.OnlyCase().case_id(), false);
    EXPECT_TRUE(shown.ok()) << shown.status();
    EXPECT_EQ(shown->report_size(), 1);
    return shown->report(0).message(0).verdict();
  }

  std::vector<storage::KeyValue> EverythingStored() {
    return world_.engine->Scan({"", ""}).value();
  }

  ModerationWorld world_;
};

TEST_F(ModerationReportsTest, ProvesAMessageAndShowsItToTheHolder) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  auto content = world_.Content(kMallory, "violence.threat", {sent});
  content.set_note("please help");
  world_.Report(content, kBob);
  world_.Fold();

  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.accused_uri(), kMallory);
  EXPECT_EQ(summary.policy_area(), "violence");
  EXPECT_EQ(summary.severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(summary.proven_count(), 1);
  EXPECT_EQ(summary.proven_reporter_count(), 1);
  EXPECT_EQ(summary.unproven_count(), 0);
  EXPECT_FALSE(summary.clear_mismatch());

  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence_size(), 1);
  EXPECT_EQ(shown.evidence(0).part(0).body(), kThreat);
  EXPECT_EQ(shown.evidence(0).part(0).media_type(), "text/plain;charset=utf-8");
  EXPECT_EQ(shown.evidence(0).sender_uri(), kMallory);
  EXPECT_THAT(shown.evidence(0).accepted_timestamp(), ElementsAre(kNow));
  EXPECT_EQ(shown.report(0).note(), "please help");
  EXPECT_EQ(shown.report(0).message(0).verdict(), v1::VERDICT_PROVEN);
  EXPECT_EQ(shown.report(0).message(0).form(), 2);
}

TEST_F(ModerationReportsTest, CallsABrokenFieldMalformed) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  sent.reported.mutable_whole()->mutable_salt()->pop_back();
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationReportsTest, CallsARootSaltOfAnotherLengthMalformed) {
  SentMessage sent = world_.platform.SendManyParts(kMallory, 2);
  sent.reported.mutable_parts()->mutable_root_salt()->pop_back();
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationReportsTest, CallsAPartSaltOfAnotherLengthMalformed) {
  SentMessage sent =
      world_.platform.SendParts(kMallory, {TextPart("a"), TextPart("b")}, {0});
  auto* some = sent.reported.mutable_some_parts();
  some->mutable_part(0)->mutable_part_salt()->push_back('x');
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationReportsTest, CallsMorePartsThanThereCanBeMalformed) {
  SentMessage sent =
      world_.platform.SendParts(kMallory, {TextPart("a"), TextPart("b")}, {0});
  sent.reported.mutable_some_parts()->set_size(limits::kMaxParts + 1);
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_MALFORMED);
}

// So many are never looked at one by one.
TEST_F(ModerationReportsTest, CannotOpenAReportOfMorePartsThanAContainerHolds) {
  SentMessage sent = world_.platform.SendManyParts(kMallory, 2);
  auto* parts = sent.reported.mutable_parts();
  for (size_t i = 0; i < limits::kMaxContainerElements; ++i) parts->add_part();
  world_.Report(world_.Content(kMallory, "harassment.targeted", {sent}), kBob);
  world_.Fold();
  EXPECT_EQ(world_.RevealOnlyCase().report(0).condition(),
            v1::REPORT_CONDITION_UNOPENABLE);
}

TEST_F(ModerationReportsTest, CallsADestroyedKeyExpired) {
  EXPECT_EQ(VerdictOf(world_.platform.SendText(kMallory, kThreat,
                                               StampingPlatform::kDead)),
            v1::VERDICT_EXPIRED_KEY);
}

TEST_F(ModerationReportsTest, CallsAFrankForAnotherRoomForged) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  sent.reported.mutable_frank()->set_room_uri("mimi://hub.example/r/other");
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_FORGED_FRANK);
}

TEST_F(ModerationReportsTest, CallsOtherContentABadOpening) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  std::string* content = sent.reported.mutable_whole()->mutable_content();
  content->back() ^= 1;
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_BAD_OPENING);
  EXPECT_EQ(world_.OnlyCase().proven_count(), 0);
  EXPECT_EQ(world_.OnlyCase().unproven_count(), 1);
}

TEST_F(ModerationReportsTest, JudgesAnUnknownKeyAgainWhenTheRingHasChanged) {
  SentMessage sent =
      world_.platform.SendText(kMallory, kThreat, StampingPlatform::kLater);
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_UNKNOWN_KEY);
  world_.Restart(/*with_later_window=*/true);
  world_.Fold();
  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.report_count(), 1);
  EXPECT_EQ(summary.proven_count(), 1);
  EXPECT_EQ(summary.proven_reporter_count(), 1);
  EXPECT_EQ(summary.unproven_count(), 0);
  EXPECT_EQ(world_.RevealOnlyCase().evidence(0).part(0).body(), kThreat);
}

TEST_F(ModerationReportsTest, GivesUpOnAnUnknownKeyAfterSevenDays) {
  SentMessage sent =
      world_.platform.SendText(kMallory, kThreat, StampingPlatform::kLater);
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_UNKNOWN_KEY);
  for (int hour = 0; hour < 7 * 24 + 2; ++hour) {
    world_.clock.Advance(1 * kHour);
    world_.Fold();
  }
  auto retries = storage::ScanRetries(*world_.engine, UINT64_MAX, 10);
  ASSERT_TRUE(retries.ok());
  EXPECT_TRUE(retries->empty());
}

TEST_F(ModerationReportsTest, OpensANewCaseWhenALateProofMeetsADecidedOne) {
  SentMessage sent =
      world_.platform.SendText(kMallory, kThreat, StampingPlatform::kLater);
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_UNKNOWN_KEY);
  v1::CaseSummary first =
      world_.Claim(kReviewer, world_.OnlyCase().case_id())->claimed();
  ASSERT_TRUE(
      world_
          .Decide(kReviewer,
                  world_.Decision(first, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd')))
          .ok());
  world_.Restart(true);
  world_.Fold();
  v1::CaseSummary second = world_.OnlyCase();
  EXPECT_NE(second.case_id(), first.case_id());
  EXPECT_EQ(second.proven_count(), 1);
}

TEST_F(ModerationReportsTest, KeepsWhatNoKeyOpensInTheIntegrityCase) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.targeted", {}), kBob);
  request.mutable_sealed_report()->back() ^= 1;
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.accused_uri(), "");
  EXPECT_EQ(summary.policy_area(), "integrity");
  auto shown = world_.GetCase(kReviewer, summary.case_id(), false);
  EXPECT_EQ(shown->report(0).condition(), v1::REPORT_CONDITION_UNOPENABLE);
}

TEST_F(ModerationReportsTest, KeepsAReportUnderAnUnknownReviewKey) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.targeted", {}), kBob);
  request.set_review_key_id("12345678");
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().policy_area(), "integrity");
}

TEST_F(ModerationReportsTest, JudgesTheRestOfAReportWithOneBadMessage) {
  v1::ReportContent content =
      world_.Content(kMallory, "harassment.targeted",
                     {world_.platform.SendText(kMallory, "one"),
                      world_.platform.SendText(kMallory, "two")});
  v1::Frank* frank = content.mutable_message(0)->mutable_frank();
  frank->GetReflection()->MutableUnknownFields(frank)->AddVarint(127, 1);
  world_.Report(content, kBob);
  world_.Fold();
  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.accused_uri(), kMallory);
  EXPECT_EQ(summary.proven_count(), 1);
  EXPECT_EQ(summary.unproven_count(), 1);
}

TEST_F(ModerationReportsTest, CallsAllMalformedInAReportThatBreaksARule) {
  v1::ReportContent content =
      world_.Content(kMallory, "harassment.targeted",
                     {world_.platform.SendText(kMallory, kThreat)});
  content.set_note(std::string(limits::kMaxReportNoteBytes + 1, 'n'));
  world_.Report(content, kBob);
  world_.Fold();
  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.accused_uri(), kMallory);
  EXPECT_EQ(summary.proven_count(), 0);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  EXPECT_EQ(shown.report(0).condition(), v1::REPORT_CONDITION_OPENED);
  EXPECT_EQ(shown.report(0).message(0).verdict(), v1::VERDICT_MALFORMED);
  EXPECT_EQ(shown.report(0).note(), "");
}

TEST_F(ModerationReportsTest, KeepsAReportThatAccusesNobodyInTheIntegrityCase) {
  world_.Report(world_.Content("not a uri", "harassment.targeted",
                               {world_.platform.SendText(kMallory, kThreat)}),
                kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().accused_uri(), "");
  EXPECT_EQ(world_.OnlyCase().policy_area(), "integrity");
  EXPECT_EQ(world_.OnlyCase().unproven_count(), 1);
}

TEST_F(ModerationReportsTest, JudgesAgainWhenTheReviewKeyIsBrought) {
  world_.Restart(false, /*with_review_key=*/false);
  world_.Report(world_.Content(kMallory, "harassment.targeted",
                               {world_.platform.SendText(kMallory, kThreat)}),
                kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().policy_area(), "integrity");
  world_.Restart();
  world_.Fold();
  v1::ListCasesResponse cases = world_.ListCases(kReviewer).value();
  ASSERT_EQ(cases.case_summary_size(), 2);
  for (const v1::CaseSummary& summary : cases.case_summary()) {
    bool accuses = summary.accused_uri() == kMallory;
    EXPECT_EQ(summary.proven_count(), accuses ? 1 : 0);
    // The report has moved: who holds the other case does not see it there.
    EXPECT_EQ(summary.report_count(), accuses ? 1 : 0);
    EXPECT_EQ(
        world_.GetCase(kReviewer, summary.case_id(), false)->report_size(),
        accuses ? 1 : 0);
  }
}

TEST_F(ModerationReportsTest, MovesSeveralReportsOutOfTheIntegrityCaseAtOnce) {
  world_.Restart(false, /*with_review_key=*/false);
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  for (const char* reporter : {kBob, kAlice}) {
    world_.Report(world_.Content(kMallory, "harassment.targeted", {sent}),
                  reporter);
  }
  // This one stays.
  v1::ForwardRequest unopenable = world_.Seal(
      world_.Content(kMallory, "harassment.targeted", {sent}), kBob);
  unopenable.mutable_sealed_report()->back() ^= 1;
  ASSERT_TRUE(world_.Forward({unopenable}).ok());
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 3);
  world_.Restart();
  world_.Fold();
  v1::ListCasesResponse cases = world_.ListCases(kReviewer).value();
  for (const v1::CaseSummary& summary : cases.case_summary()) {
    EXPECT_EQ(summary.report_count(), summary.accused_uri().empty() ? 1 : 2);
  }
}

TEST_F(ModerationReportsTest, RaisesAnAlarmWhenAReportThatOpensLateDiffers) {
  world_.Restart(false, /*with_review_key=*/false);
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.targeted",
                                 {world_.platform.SendText(kMallory, kThreat)}),
                  kBob);
  request.clear_frank();
  request.clear_member();
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  EXPECT_EQ(world_.process->folder.clear_mismatches(), 0);
  world_.Restart();
  world_.Fold();
  EXPECT_EQ(world_.process->folder.clear_mismatches(), 1);
}

// What a report that the store damaged, or that no case takes, must not do.
TEST_F(ModerationReportsTest, PutsOffAReportThatFailsAndHandlesTheOthers) {
  v1::ForwardRequest bad =
      world_.Seal(world_.Content(kAlice, "harassment.targeted", {}), kBob);
  ASSERT_TRUE(world_.Forward({bad}).ok());
  storage::ReportRef ref{kBob,
                         ReportId::Parse("report_id", bad.report_id()).value()};
  std::string key = storage::schema::SealedPieceKey(ref, 0);
  std::string piece = **world_.engine->Get(key);
  auto put = [&](const std::string& value) {
    ASSERT_TRUE(
        storage::RunTransactionAndWait(*world_.engine,
                                       [&](storage::Transaction& transaction) {
                                         transaction.Put(key, value);
                                         return absl::OkStatus();
                                       })
            .ok());
  };
  put("damaged");
  world_.Report(world_.Content(kMallory, "harassment.targeted",
                               {world_.platform.SendText(kMallory, kThreat)}),
                kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().accused_uri(), kMallory);
  // Each time longer.
  world_.clock.Advance(1 * kSecond);
  world_.Fold();
  world_.clock.Advance(1 * kSecond);
  put(piece);
  world_.Fold();
  EXPECT_EQ(world_.ListCases(kReviewer)->case_summary_size(), 1);
  world_.clock.Advance(1 * kSecond);
  world_.Fold();
  EXPECT_EQ(world_.ListCases(kReviewer)->case_summary_size(), 2);
}

TEST_F(ModerationReportsTest, FoldsTheLargestReportsOneByOne) {
  for (int i = 0; i < 5; ++i) {
    world_.Report(
        world_.Content(kMallory, "harassment.targeted",
                       {world_.platform.SendText(
                           kMallory, std::string(7u << 20, 'a' + i))}),
        kBob);
  }
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().proven_count(), 5);
}

TEST_F(ModerationReportsTest, TakesAnUnknownReasonAsOther) {
  world_.Report(world_.Content(kMallory, "no.such_reason", {}), kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().policy_area(), "rule_breaking");
  EXPECT_EQ(world_.OnlyCase().report_count(), 1);
}

TEST_F(ModerationReportsTest, ShowsWhatWasWithheld) {
  SentMessage sent = world_.platform.SendParts(
      kMallory,
      {TextPart("the threat"), TextPart("the secret address"),
       TextPart("the end")},
      {0, 2});
  world_.Report(world_.Content(kMallory, "violence.threat", {sent}), kBob);
  world_.Fold();
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence_size(), 1);
  EXPECT_EQ(shown.evidence(0).part_count(), 3);
  EXPECT_THAT(shown.evidence(0).withheld_part(), ElementsAre(1));
  ASSERT_EQ(shown.evidence(0).part_size(), 2);
  EXPECT_EQ(shown.evidence(0).part(1).index(), 2);
  EXPECT_EQ(shown.evidence(0).part(1).body(), "the end");
}

TEST_F(ModerationReportsTest, UnitesWhatTwoReportersDisclosed) {
  std::vector<Bytes> parts = {TextPart("zero"), TextPart("one"),
                              TextPart("two")};
  // One message, opened as far as each reporter wished.
  SentMessage whole = world_.platform.SendParts(kMallory, parts, {0, 1, 2});
  SentMessage first = whole;
  first.reported.mutable_some_parts()->mutable_part()->DeleteSubrange(1, 2);
  SentMessage second = whole;
  second.reported.mutable_some_parts()->mutable_part()->DeleteSubrange(0, 1);
  second.reported.mutable_some_parts()->mutable_part()->DeleteSubrange(1, 1);
  world_.Report(world_.Content(kMallory, "harassment.hate", {first}), kBob);
  world_.Fold();
  world_.Report(world_.Content(kMallory, "harassment.hate", {second}), kAlice);
  world_.Fold();

  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.report_count(), 2);
  EXPECT_EQ(summary.proven_count(), 1);
  EXPECT_EQ(summary.proven_reporter_count(), 2);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence_size(), 1);
  EXPECT_EQ(shown.evidence(0).reporter_count(), 2);
  ASSERT_EQ(shown.evidence(0).part_size(), 2);
  EXPECT_EQ(shown.evidence(0).part(0).body(), "zero");
  EXPECT_EQ(shown.evidence(0).part(1).body(), "one");
  EXPECT_THAT(shown.evidence(0).withheld_part(), ElementsAre(2));
}

TEST_F(ModerationReportsTest, FoldsOneMessageOfManyReportsInOnePass) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  auto content = world_.Content(kMallory, "harassment.hate", {sent});
  // Bob twice, Alice once, all waiting together.
  ASSERT_TRUE(
      world_
          .Forward({world_.Seal(content, kBob), world_.Seal(content, kAlice),
                    world_.Seal(content, kBob)})
          .ok());
  world_.Fold();
  v1::CaseSummary summary = world_.OnlyCase();
  EXPECT_EQ(summary.report_count(), 3);
  EXPECT_EQ(summary.proven_count(), 1);
  EXPECT_EQ(summary.proven_reporter_count(), 2);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  EXPECT_EQ(shown.evidence(0).reporter_count(), 2);
  EXPECT_EQ(shown.evidence(0).report_id_size(), 3);
  EXPECT_EQ(shown.evidence(0).part(0).body(), kThreat);
}

TEST_F(ModerationReportsTest, SharesEvidenceAmongCasesOfTwoPolicyAreas) {
  SentMessage sent = world_.platform.SendText(kMallory, kThreat);
  world_.Report(world_.Content(kMallory, "harassment.hate", {sent}), kBob);
  world_.Fold();
  world_.Report(world_.Content(kMallory, "violence.threat", {sent}), kAlice);
  world_.Fold();
  v1::ListCasesResponse list = world_.ListCases(kReviewer).value();
  ASSERT_EQ(list.case_summary_size(), 2);
  for (const v1::CaseSummary& summary : list.case_summary()) {
    EXPECT_EQ(summary.proven_count(), 1);
    ASSERT_TRUE(world_.Claim(kReviewer, summary.case_id()).ok());
    auto shown = world_.GetCase(kReviewer, summary.case_id(), true);
    ASSERT_TRUE(shown.ok()) << shown.status();
    EXPECT_EQ(shown->evidence(0).part(0).body(), kThreat);
  }
}

TEST_F(ModerationReportsTest, CountsProvenMessagesOfOthersAgainstNobody) {
  SentMessage mine = world_.platform.SendText(kBob, "leave me alone");
  world_.Report(world_.Content(kMallory, "harassment.hate", {mine}), kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().proven_count(), 0);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  EXPECT_EQ(shown.evidence_size(), 0);
  ASSERT_EQ(shown.context_size(), 1);
  EXPECT_EQ(shown.context(0).part(0).body(), "leave me alone");
}

TEST_F(ModerationReportsTest, TakesTheSameReportTwiceAsOne) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate",
                                 {world_.platform.SendText(kMallory, kThreat)}),
                  kBob);
  ASSERT_TRUE(world_.Forward({request, request}).ok());
  world_.Fold();
  request.set_number(7);
  EXPECT_EQ(world_.Forward({request}).value(), 7);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().report_count(), 1);
  EXPECT_EQ(world_.process->intake.conflicts(), 0);
  EXPECT_EQ(world_.process->intake.HighWaterMark("hub.example").value(), 7);
}

TEST_F(ModerationReportsTest, AcknowledgesAnIdConflictAndRaisesAnAlarm) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  ASSERT_TRUE(world_.Forward({request}).ok());
  request.mutable_sealed_report()->front() ^= 1;
  request.set_number(2);
  EXPECT_EQ(world_.Forward({request}).value(), 2);
  EXPECT_EQ(world_.process->intake.conflicts(), 1);
  world_.Fold();
  // What came first stands.
  EXPECT_EQ(world_.OnlyCase().accused_uri(), kMallory);
}

TEST_F(ModerationReportsTest, NeverLowersTheMark) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  request.set_number(9);
  EXPECT_EQ(world_.Forward({request}).value(), 9);
  request.set_number(3);
  EXPECT_EQ(world_.Forward({request}).value(), 3) << "the answer is to 3";
  EXPECT_EQ(world_.process->intake.HighWaterMark("hub.example").value(), 9);
}

TEST_F(ModerationReportsTest, RaisesAnAlarmWhenClearFranksDiffer) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate",
                                 {world_.platform.SendText(kMallory, kThreat)}),
                  kBob);
  *request.mutable_frank(0) = world_.platform.SendText(kAlice, "hello").frank;
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  EXPECT_TRUE(world_.OnlyCase().clear_mismatch());
  EXPECT_EQ(world_.OnlyCase().proven_count(), 1);
  EXPECT_EQ(world_.process->folder.clear_mismatches(), 1);
}

TEST_F(ModerationReportsTest, RefusesAReportThatNoPlatformWouldSend) {
  v1::ForwardRequest good =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  EXPECT_TRUE(Intake::Check(good).ok());
  v1::ForwardRequest bad = good;
  bad.set_report_id("short");
  EXPECT_TRUE(absl::IsInvalidArgument(Intake::Check(bad)));
  bad = good;
  bad.set_reporter_uri("with space");
  EXPECT_TRUE(absl::IsInvalidArgument(Intake::Check(bad)));
  bad = good;
  bad.set_review_key_id("");
  EXPECT_TRUE(absl::IsInvalidArgument(Intake::Check(bad)));
}

// A file of two chunks, and a message that announces it.
class ModerationFilesTest : public ModerationReportsTest {
 protected:
  ModerationFilesTest()
      : bytes_(limits::kChunkBytes + 10, 'x'), commitment_(Commit()) {
    auto part = crypto::EncodeFilePart(
        {commitment_.tag(), bytes_.size(), "image/jpeg", "holiday.jpg"});
    sent_ = world_.platform.SendParts(kMallory,
                                      {TextPart("look"), part.value()}, {0, 1});
  }

  crypto::PartsCommitment Commit() {
    auto salt = world_.random.Draw<32>();
    auto committer = crypto::FileCommitter::Create(salt, bytes_.size()).value();
    EXPECT_TRUE(committer.Add(Chunk(0)).ok());
    EXPECT_TRUE(committer.Add(Chunk(1)).ok());
    return std::move(committer).Finish().value();
  }
  ByteSpan Chunk(uint32_t index) {
    return ByteSpan(bytes_).subspan(index * limits::kChunkBytes,
                                    crypto::ChunkLength(bytes_.size(), index));
  }
  v1::ReportContent::FileChunks* DiscloseChunk(uint32_t index) {
    auto* file = sent_.reported.add_file();
    file->set_file_tag(ToString(commitment_.tag().bytes()));
    file->mutable_chunks()->set_size(commitment_.size());
    auto proof = commitment_.Prove(index).value();
    auto* part = file->mutable_chunks()->add_part();
    part->set_index(index);
    part->set_part_salt(ToString(proof.part_salt.bytes()));
    part->set_part(ToString(crypto::EncodePart("", Chunk(index)).value()));
    for (const auto& node : proof.inclusion_proof) {
      part->add_inclusion_proof(ToString(node));
    }
    return file;
  }

  Bytes bytes_;
  crypto::PartsCommitment commitment_;
  SentMessage sent_;
};

TEST_F(ModerationFilesTest, ShowsDisclosedChunksOfAFile) {
  DiscloseChunk(1);
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_PROVEN);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence(0).file_size(), 1);
  const v1::DisclosedFile& file = shown.evidence(0).file(0);
  EXPECT_EQ(file.name(), "holiday.jpg");
  EXPECT_EQ(file.media_type(), "image/jpeg");
  EXPECT_EQ(file.chunk_count(), 2);
  ASSERT_EQ(file.chunk_size(), 1);
  EXPECT_EQ(file.chunk(0).index(), 1);
  EXPECT_EQ(file.chunk(0).body(), "xxxxxxxxxx");
}

// The sender decides how often and how a file is announced; it must not decide
// whether the message can be reported.
TEST_F(ModerationFilesTest, ProvesAFileThatIsAnnouncedTwice) {
  auto announce = [&](uint64_t length) {
    return crypto::EncodeFilePart({commitment_.tag(), length, "image/jpeg", ""})
        .value();
  };
  sent_ = world_.platform.SendParts(
      kMallory,
      {announce(1), announce(bytes_.size() + 1), announce(bytes_.size())},
      {0, 1, 2});
  DiscloseChunk(1);
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_PROVEN);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence(0).file_size(), 3);
  for (const v1::DisclosedFile& file : shown.evidence(0).file()) {
    EXPECT_EQ(file.chunk_size(), file.size() == bytes_.size() ? 1 : 0);
  }
}

TEST_F(ModerationFilesTest, CallsALastChunkOfAnotherLengthMalformed) {
  auto announced = crypto::EncodeFilePart(
      {commitment_.tag(), bytes_.size() - 1, "image/jpeg", ""});
  sent_ = world_.platform.SendParts(kMallory, {announced.value()}, {0});
  DiscloseChunk(1);
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationFilesTest, CallsChunksThatDoNotOpenABadOpening) {
  auto* file = DiscloseChunk(1);
  file->mutable_chunks()->mutable_part(0)->mutable_part()->back() ^= 1;
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_BAD_OPENING);
}

TEST_F(ModerationFilesTest, CallsAFileThatNothingAnnouncesMalformed) {
  DiscloseChunk(1);
  sent_.reported.mutable_some_parts()->mutable_part()->RemoveLast();
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationFilesTest, CallsAnotherNumberOfChunksMalformed) {
  DiscloseChunk(1)->mutable_chunks()->set_size(3);
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationFilesTest, CallsTheSameFileTwiceMalformed) {
  DiscloseChunk(0);
  DiscloseChunk(1);
  EXPECT_EQ(VerdictOf(sent_), v1::VERDICT_MALFORMED);
}

TEST_F(ModerationReportsTest, StoresLargeEvidenceInSeveralValues) {
  std::string large(3u << 20, 'q');
  SentMessage sent = world_.platform.SendText(kMallory, large);
  EXPECT_EQ(VerdictOf(sent), v1::VERDICT_PROVEN);
  EXPECT_EQ(world_.RevealOnlyCase().evidence(0).part(0).body(), large);
  for (const auto& entry : EverythingStored()) {
    EXPECT_LE(entry.value.size(), 1u << 20);
  }
}

TEST_F(ModerationReportsTest, LeavesNothingReadableInTheStore) {
  const std::string marker = "MARKER-7f3a-of-the-content";
  const std::string note = "MARKER-91bc-of-the-reporter";
  const std::string rationale = "MARKER-44d0-of-the-moderator";
  auto content = world_.Content(kMallory, "harassment.hate",
                                {world_.platform.SendText(kMallory, marker)});
  content.set_note(note);
  world_.Report(content, kBob);
  auto expect_unreadable = [&] {
    std::string all;
    for (const auto& entry : EverythingStored()) {
      all += entry.key + entry.value;
    }
    for (const std::string& text : {marker, note, rationale}) {
      EXPECT_THAT(all, Not(HasSubstr(text)));
      EXPECT_THAT(all, Not(HasSubstr(absl::BytesToHexString(text))));
      // The middle of it in each of the three alignments of base64.
      for (size_t skip = 0; skip < 3; ++skip) {
        EXPECT_THAT(all,
                    Not(HasSubstr(absl::Base64Escape(text.substr(skip, 18)))));
      }
    }
  };
  expect_unreadable();
  world_.Fold();
  expect_unreadable();
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  EXPECT_EQ(shown.evidence(0).part(0).body(), marker);
  auto request =
      world_.Decision(shown.case_summary(), {MakeAction(v1::ACTION_KIND_WARN)},
                      std::string(16, 'd'));
  request.set_rationale(rationale);
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  expect_unreadable();
}

}  // namespace
}  // namespace frank::moderation
