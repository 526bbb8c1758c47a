// Evidence packages, from the case to what a recipient can check.
#include "client/command/evidence_view.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/evidence.h"
#include "crypto/file.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "proto/canonical_json.h"
#include "proto/evidence_archive.h"
#include "proto/wire.h"
#include "storage/case_store.h"
#include "storage/intake_store.h"
#include "tests/services/evidence_fixture.h"

namespace frank::moderation {
namespace {

using client::Recomputed;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class EvidenceFormTest : public testing::TestWithParam<crypto::FrankForm> {};

TEST_P(EvidenceFormTest, ProvesWhatWasSentAndSaysByWhom) {
  EvidenceWorld world(GetParam());
  world.Report(EvidenceWorld::Content(kMallory, "violence.threat",
                                      {world.platform.SendText(
                                          kMallory, "I know where you live")}),
               kBob);
  world.Fold();
  client::MessageFinding message = world.OnlyMessage();
  EXPECT_EQ(message.verdict.verdict(), "PROVEN");
  EXPECT_EQ(message.verdict.sender(), kMallory);
  EXPECT_EQ(message.verdict.room(), kRoom);
  EXPECT_EQ(message.opening, Recomputed::kHolds);
  EXPECT_EQ(message.signature, GetParam() == crypto::FrankForm::kNone
                                   ? Recomputed::kNoSignature
                                   : Recomputed::kHolds);
  EXPECT_EQ(message.shown.part(0).body(), "I know where you live");
  EXPECT_THAT(client::MessageText(message),
              HasSubstr("what the tag commits its sender to"));
}

INSTANTIATE_TEST_SUITE_P(Forms, EvidenceFormTest,
                         testing::Values(crypto::FrankForm::kNone,
                                         crypto::FrankForm::kEach,
                                         crypto::FrankForm::kBatched));

TEST_F(EvidenceTest, SaysWhichPartsWereWithheldAndShowsNothingOfThem) {
  Report({world_.platform.SendParts(
      kMallory, {TextPart("zero"), TextPart("my address"), TextPart("two")},
      {0, 2})});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.opening, Recomputed::kHolds);
  EXPECT_THAT(message.withheld_parts, ElementsAre(1));
  EXPECT_THAT(client::MessageText(message),
              HasSubstr("by the reporter: parts 1 of 3"));
}

TEST_F(EvidenceTest, ShowsTheChunksThatWereDisclosed) {
  const Bytes file(limits::kChunkBytes + 10, 'x');
  auto salt = world_.random.Draw<32>();
  auto committer = crypto::FileCommitter::Create(salt, file.size()).value();
  ByteSpan chunks[] = {ByteSpan(file).first(limits::kChunkBytes),
                       ByteSpan(file).last(10)};
  for (ByteSpan chunk : chunks) ASSERT_TRUE(committer.Add(chunk).ok());
  auto commitment = std::move(committer).Finish().value();
  Bytes announced = crypto::EncodeFilePart({commitment.tag(), file.size(),
                                            "image/jpeg", "holiday.jpg"})
                        .value();
  // The same tag with another length of as many chunks.
  Bytes other = crypto::EncodeFilePart({commitment.tag(), file.size() + 1,
                                        "image/jpeg", "other.jpg"})
                    .value();
  SentMessage sent = world_.platform.SendParts(
      kMallory, {TextPart("look"), other, announced}, {0, 1, 2});
  auto* disclosed = sent.reported.add_file();
  disclosed->set_file_tag(ToString(commitment.tag().bytes()));
  disclosed->mutable_chunks()->set_size(2);
  *disclosed->mutable_chunks()->add_part() = wire::ToProto(
      commitment.Prove(1).value(), crypto::EncodePart("", chunks[1]).value());
  Report({sent});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.opening, Recomputed::kHolds);
  ASSERT_EQ(message.shown.file_size(), 2);
  EXPECT_EQ(message.shown.file(0).chunk_size(), 0);
  EXPECT_EQ(message.shown.file(1).chunk_count(), 2u);
  ASSERT_EQ(message.shown.file(1).chunk_size(), 1);
  EXPECT_EQ(message.shown.file(1).chunk(0).body(), "xxxxxxxxxx");
}

TEST_F(EvidenceTest, NamesEachMessageThatNoVerdictCovers) {
  Report({Threat(), world_.platform.SendText(kMallory, "and your child")});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  auto whole = world_.Check(package);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->unjudged.size(), 0u);
  auto findings = world_.Check(
      world_.Resigned(package, [](EvidenceWorld::Members* members) {
        evidence::v1::Report report;
        std::string& json = (*members)["reports/0001.json"];
        ASSERT_TRUE(wire::FromCanonicalJson(json, &report).ok());
        report.mutable_verdict()->RemoveLast();
        json = wire::ToCanonicalJson(report);
      }));
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_EQ(findings->messages.size(), 1u);
  ASSERT_EQ(findings->unjudged.size(), 1u);
  EXPECT_EQ(findings->unjudged[0].report, 0u);
  EXPECT_EQ(findings->unjudged[0].number, 2u);
  EXPECT_THAT(client::UnjudgedText(findings->unjudged[0]),
              HasSubstr("Message 2: NOT JUDGED"));
  EXPECT_THAT(client::PackageText(*findings),
              HasSubstr("1 more that no verdict covers"));
}

TEST_F(EvidenceTest, CallsForgedWhatIsForged) {
  SentMessage altered = Threat();
  altered.reported.mutable_whole()->set_content(
      ToString(TextPart("something else")));
  Report({altered});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.verdict.verdict(), "BAD_OPENING");
  EXPECT_EQ(message.opening, Recomputed::kFails);
  EXPECT_EQ(message.signature, Recomputed::kHolds);
  EXPECT_EQ(message.shown.part_size(), 0);
  EXPECT_THAT(client::MessageText(message), Not(HasSubstr("something else")));
}

TEST_F(EvidenceTest, CallsAnotherSendersFrankForged) {
  SentMessage renamed = Threat();
  renamed.reported.mutable_frank()->set_sender_uri(kAlice);
  Report({renamed});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.verdict.verdict(), "FORGED_FRANK");
  EXPECT_EQ(message.signature, Recomputed::kFails);
  EXPECT_EQ(message.opening, Recomputed::kHolds);
  EXPECT_THAT(client::MessageText(message),
              HasSubstr("the platform did NOT sign this"));
  EXPECT_THAT(client::MessageText(message),
              HasSubstr("moderation does not say that this account sent it"));
  EXPECT_THAT(client::MessageText(message), HasSubstr("as its frank claims"));
  EXPECT_THAT(client::MessageText(message), Not(HasSubstr("its sender")));
}

TEST_F(EvidenceTest, SaysThatKeysOfThatTimeAreGone) {
  Report({world_.platform.SendText(kMallory, "old", StampingPlatform::kDead)});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.verdict.verdict(), "EXPIRED_KEY");
  EXPECT_EQ(message.opening, Recomputed::kHolds);
  EXPECT_EQ(message.signature, Recomputed::kNoKeys);
}

TEST_F(EvidenceTest, SaysThatAFieldBreaksARule) {
  SentMessage malformed = Threat();
  malformed.reported.mutable_whole()->set_salt("short");
  Report({malformed});
  client::MessageFinding message = world_.OnlyMessage();
  EXPECT_EQ(message.verdict.verdict(), "MALFORMED");
  EXPECT_EQ(message.opening, Recomputed::kMalformed);
}

TEST_F(EvidenceTest, SaysThatTheReviewKeyHasBeenDestroyed) {
  Report({Threat()});
  world_.StartServing(/*with_review_key=*/false);
  auto findings = world_.Check(world_.Package(world_.OnlyCase().case_id()));
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_THAT(findings->reports[0].content_missing(), HasSubstr("destroyed"));
  EXPECT_EQ(findings->messages[0].verdict.verdict(), "PROVEN");
  EXPECT_EQ(findings->messages[0].opening, Recomputed::kNoContent);
}

TEST_F(EvidenceTest, TellsTheHistoryOfTheCase) {
  Report({Threat()});
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_TRUE(world_
                  .DecideOne(shown.case_summary(),
                             {MakeAction(v1::ACTION_KIND_SUSPEND)}, 'D')
                  .ok());
  ASSERT_TRUE(world_.Approve(kSenior, 'D').ok());
  world_.Send();
  auto findings = world_.Check(world_.Package(shown.case_summary().case_id()));
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->decisions.decision_size(), 1);
  const auto& decision = findings->decisions.decision(0);
  EXPECT_EQ(decision.moderator(), "rita");
  EXPECT_EQ(decision.rationale(), "It breaks the rule.");
  EXPECT_FALSE(decision.policy_text().empty());
  ASSERT_EQ(decision.event_size(), 1);
  EXPECT_EQ(decision.event(0).event(), "APPROVED");
  EXPECT_EQ(decision.event(0).moderator(), "sena");
  // From the log, not from anybody's word.
  ASSERT_EQ(findings->messages[0].viewings.size(), 1u);
  EXPECT_EQ(findings->messages[0].viewings[0].actor, "moderator:rita");
  EXPECT_EQ(findings->custody.requested_by, "moderator:sena");
  EXPECT_EQ(findings->custody.released_by, "moderator:sol");
  EXPECT_EQ(client::LeftOutCount(findings->custody), 0u);
  EXPECT_EQ(findings->about.account_fact(0).value(), "until further notice");
  EXPECT_THAT(client::CustodyText(*findings), HasSubstr("decision.approved"));
  EXPECT_THAT(client::PackageText(*findings), HasSubstr("An order of"));
}

// Who asked for its text alone has seen nothing of a picture.
TEST_F(EvidenceTest, DoesNotCallViewedWhatShowedNothing) {
  Report({world_.platform.SendParts(
      kMallory,
      {crypto::EncodePart("image/png", AsBytes("pixels")).value(),
       crypto::EncodePart("text/plain", AsBytes("look")).value()},
      {0})});
  v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
  v1::GetCaseRequest request;
  request.set_case_id(held.case_id());
  request.set_reveal(true);
  request.set_text_only(true);
  ASSERT_TRUE(world_.GetCase(kReviewer, request).ok());
  auto findings = world_.Check(world_.Package(held.case_id()));
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_TRUE(findings->messages[0].viewings.empty());
  EXPECT_THAT(client::CustodyText(*findings), HasSubstr("evidence.revealed"));
  request.set_text_only(false);
  ASSERT_TRUE(world_.GetCase(kReviewer, request).ok());
  findings = world_.Check(world_.Package(held.case_id()));
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->messages[0].viewings.size(), 1u);
  EXPECT_FALSE(findings->messages[0].viewings[0].text_only);
}

TEST_F(EvidenceTest, SaysOnWhatGroundAndUntilWhenTheCaseIsKept) {
  Report({Threat()});
  auto open = world_.Check(world_.Package(world_.OnlyCase().case_id()));
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(open->about.request().legal_basis(), "An order of the court");
  EXPECT_EQ(open->about.retention().retention_class(), "PROVEN");
  EXPECT_EQ(open->about.retention().due_at(), 0u);
  EXPECT_THAT(client::PackageText(*open),
              HasSubstr("as PROVEN, with no end set"));
}

TEST_F(EvidenceTest, SaysWhenTheTimeOfAClosedCaseIsOver) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_WARN)}, 'D').ok());
  const UnixMillis closed_at = world_.clock.Now();
  world_.clock.Advance(1 * kHour);
  auto closed = world_.Check(world_.Package(held.case_id()));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->about.retention().retention_class(), "DECIDED");
  EXPECT_EQ(closed->about.retention().due_at(), closed_at + 180 * kDay);
  EXPECT_THAT(client::PackageText(*closed), HasSubstr("as DECIDED, until "));
}

TEST_F(EvidenceTest, DoesNotTakeThePlatformsWordWithoutItsKeys) {
  Report({Threat()});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  client::EvidenceKeys keys = world_.Keys();
  keys.franking.clear();
  auto findings = client::CheckEvidence(package, keys);
  ASSERT_TRUE(findings.ok());
  EXPECT_EQ(findings->messages[0].signature, Recomputed::kNoKeys);
  EXPECT_THAT(client::MessageText(findings->messages[0]),
              HasSubstr("not checked"));
}

TEST_F(EvidenceTest, RefusesOtherKeys) {
  Report({Threat()});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  client::EvidenceKeys keys = world_.Keys();
  keys.moderation = world_.audit_keys.signer().verifier().key();
  EXPECT_EQ(FindReason(client::CheckEvidence(package, keys).status()),
            "NOT_AUTHENTIC");
  keys = world_.Keys();
  keys.log = client::AuditKeyring(
      {crypto::CheckpointVerifier::Create("audit.hub.example/frank",
                                          world_.identity.public_key())
           .value()});
  EXPECT_EQ(FindReason(client::CheckEvidence(package, keys).status()),
            "NOT_AUTHENTIC");
}

TEST_F(EvidenceTest, RefusesAPackageOfWhichABitOfAnyByteWasChanged) {
  Report({Threat()});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  ASSERT_TRUE(world_.Check(package).ok());
  for (size_t i = 0; i < package.size(); ++i) {
    package[i] ^= static_cast<uint8_t>(1 << i % 8);
    EXPECT_FALSE(world_.Check(package).ok()) << i;
    package[i] ^= static_cast<uint8_t>(1 << i % 8);
  }
  for (size_t size : {size_t{0}, size_t{64}, package.size() - 1}) {
    EXPECT_FALSE(world_.Check(ByteSpan(package).first(size)).ok()) << size;
  }
  package.push_back(0);
  EXPECT_FALSE(world_.Check(package).ok());
}

TEST_F(EvidenceTest, RefusesAnArchiveOfWhichABitWasChanged) {
  Report({Threat()});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  auto opened = crypto::OpenEvidence(package, world_.recipient).value();
  Bytes archive(opened.archive.bytes().begin(), opened.archive.bytes().end());
  const auto reads = [&] {
    return wire::ReadArchive(archive, world_.identity.public_key()).ok();
  };
  ASSERT_TRUE(reads());
  // Of the front, where it matters where, each; of the members some.
  const size_t front = 3000;
  for (size_t i = 0; i < archive.size(); i += i < front ? 1 : 7) {
    archive[i] ^= static_cast<uint8_t>(1 << i % 8);
    EXPECT_FALSE(reads()) << i;
    archive[i] ^= static_cast<uint8_t>(1 << i % 8);
  }
  archive.push_back(0);
  EXPECT_FALSE(reads());
}

TEST_F(EvidenceTest, RefusesWhatModerationItselfCannotHaveFound) {
  SentMessage altered = Threat();
  altered.reported.mutable_whole()->set_content(
      ToString(TextPart("something else")));
  Report({altered});
  Bytes package = world_.Package(world_.OnlyCase().case_id());
  ASSERT_TRUE(world_.Check(world_.Resigned(package, [](auto*) {})).ok());
  const auto claim_proven = [&](bool sign) {
    return [&, sign](EvidenceWorld::Members* members) {
      std::string& json = (*members)["reports/0001.json"];
      evidence::v1::Report report;
      ASSERT_TRUE(wire::FromCanonicalJson(json, &report).ok());
      evidence::v1::Verdict& verdict = *report.mutable_verdict(0);
      verdict.set_verdict("PROVEN");
      crypto::VerdictStatement statement;
      statement.report_id =
          ReportId(ToArray<16>(FromHex(report.report_id()).value()));
      statement.sealed_sha256 =
          ToArray<32>(FromHex(report.sealed_sha256()).value());
      statement.verdict = crypto::Verdict::kProven;
      statement.franking_tag = FromHex(verdict.franking_tag()).value();
      statement.context = crypto::EncodeContext(
          {verdict.sender(), verdict.room(), verdict.accepted_at()});
      statement.form = static_cast<uint8_t>(verdict.form());
      statement.window_not_before = verdict.window_not_before();
      statement.window_not_after = verdict.window_not_after();
      statement.stated_at = verdict.stated_at();
      if (sign) {
        verdict.set_signature(
            ToHex(crypto::SignVerdict(
                      statement, world_.signer.KeyAt(kNow + kDay)->private_key)
                      .value()));
      }
      json = wire::ToCanonicalJson(report);
    };
  };
  ExpectRefused(world_.Resigned(package, claim_proven(false)),
                "its verdict is not signed");
  ExpectRefused(world_.Resigned(package, claim_proven(true)),
                "moderation calls it PROVEN");
}

TEST_F(EvidenceTest, HasNoReportThatHasMovedToAnotherCase) {
  Report({Threat()});
  Report({world_.platform.SendText(kMallory, "and your child")}, kAlice);
  const std::string id = world_.OnlyCase().case_id();
  auto reports =
      storage::ListCaseReports(*world_.engine, CaseId(ToArray<16>(AsBytes(id))))
          .value();
  ASSERT_EQ(reports.size(), 2u);
  auto moved = storage::RunTransactionAndWait(
      *world_.engine, [&](storage::Transaction& transaction) -> absl::Status {
        auto record =
            storage::FindIntakeReport(transaction, reports[0].report).value();
        record->set_case_id(std::string(16, 'o'));
        storage::PutIntakeReport(transaction, reports[0].report, *record);
        return absl::OkStatus();
      });
  ASSERT_TRUE(moved.ok()) << moved;
  auto findings = world_.Check(world_.Package(id));
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->reports.size(), 1u);
  EXPECT_EQ(findings->reports[0].report_id(), reports[1].report.id.Hex());
  EXPECT_EQ(findings->about.left_out_report_count(), 1u);
}

TEST_F(EvidenceTest, LeavesOutWhatIsTooMuchAndSaysSo) {
  for (int i = 0; i < 6; ++i) {
    std::string large(7u << 20, static_cast<char>('a' + i));
    Report({world_.platform.SendText(kMallory, large)});
  }
  auto findings = world_.Check(world_.Package(world_.OnlyCase().case_id()));
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_EQ(findings->reports.size(), 5u);
  EXPECT_EQ(findings->about.left_out_report_count(), 1u);
  EXPECT_THAT(client::NotProvenText(*findings),
              HasSubstr("1 reports that are left out"));
}

}  // namespace
}  // namespace frank::moderation
