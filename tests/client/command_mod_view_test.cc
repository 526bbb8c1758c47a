#include "client/command/mod_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::Evidence PartlyDisclosed() {
  v1::Evidence evidence;
  evidence.set_franking_tag(std::string(32, '\xAB'));
  evidence.set_sender_uri("mimi://hub.example/mallory");
  evidence.set_room_uri("mimi://hub.example/r/1");
  evidence.add_accepted_timestamp(1'800'000'000'000);
  evidence.set_scheme(2);
  evidence.set_part_count(6);
  evidence.set_reporter_count(2);
  v1::DisclosedPart* part = evidence.add_part();
  part->set_index(0);
  part->set_media_type("text/plain");
  part->set_body(
      "one\ntwo \xE2\x80\xAE"
      "drawkcab");
  part->set_size(part->body().size());
  for (uint32_t index : {1, 3, 4, 5}) evidence.add_withheld_part(index);
  v1::DisclosedFile* file = evidence.add_file();
  file->set_name("p\x1b[2Jhoto.jpg");
  file->set_media_type("image/jpeg");
  file->set_size(270'262);
  file->set_chunk_count(5);
  for (uint32_t index : {0, 1, 3}) file->add_chunk()->set_index(index);
  return evidence;
}

TEST(ModViewTest, SaysWhatIsDisclosedAndWhatWithheld) {
  const std::string text = EvidenceText("Evidence 1", PartlyDisclosed());
  EXPECT_THAT(text, HasSubstr("Evidence 1: message abababababababab, PROVEN, "
                              "by 2 reporters"));
  EXPECT_THAT(text, HasSubstr("1 of 6 parts disclosed"));
  EXPECT_THAT(text, HasSubstr("part 1, 3-5: withheld by the reporter"));
  EXPECT_THAT(text, HasSubstr("chunks 0-1, 3 disclosed of 5"));
}

TEST(ModViewTest, ShowsContentWithoutLettingItActOnTheTerminal) {
  const std::string text = EvidenceText("E", PartlyDisclosed());
  EXPECT_THAT(text, HasSubstr("    | one\n    | two <U+202E>drawkcab"));
  EXPECT_THAT(text, HasSubstr("p<U+001B>[2Jhoto.jpg"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ModViewTest, GivesTextAsTextAndBytesAsBase64) {
  v1::Evidence evidence = PartlyDisclosed();
  EXPECT_THAT(EvidenceJson("evidence", evidence).ToString(),
              HasSubstr("\"text\":\"one\\ntwo "));
  evidence.mutable_part(0)->set_media_type("image/png");
  EXPECT_THAT(EvidenceJson("evidence", evidence).ToString(),
              HasSubstr("\"body_base64\":\"b25l"));
  EXPECT_THAT(EvidenceJson("context", evidence).ToString(),
              HasSubstr("\"withheld_parts\":[1,3,4,5]"));
}

TEST(ModViewTest, HasWordsForEveryVerdict) {
  for (int i = v1::Verdict_MIN + 1; i <= v1::Verdict_MAX; ++i) {
    const auto verdict = static_cast<v1::Verdict>(i);
    EXPECT_THAT(VerdictMeaning(verdict), Not("not judged"))
        << VerdictName(verdict);
  }
  EXPECT_EQ(VerdictName(v1::VERDICT_PROVEN), "PROVEN");
  EXPECT_THAT(VerdictMeaning(v1::VERDICT_BAD_OPENING), HasSubstr("FORGED"));
  EXPECT_THAT(VerdictMeaning(v1::VERDICT_FORGED_FRANK), HasSubstr("FORGED"));
}

TEST(ModViewTest, SaysWhatAnAnswerHadNoRoomFor) {
  v1::Evidence evidence = PartlyDisclosed();
  evidence.mutable_part(0)->clear_body();
  EXPECT_THAT(EvidenceText("E", evidence), Not(HasSubstr("left out")));
  evidence.mutable_part(0)->set_sha256(std::string(32, 'h'));
  evidence.set_left_out_count(7);
  EXPECT_THAT(EvidenceText("E", evidence), HasSubstr("left out for its size"));
  EXPECT_THAT(EvidenceText("E", evidence),
              HasSubstr("7 more parts and chunks"));
}

TEST(ModViewTest, ShowsWhatAModeratorLeftForTheNext) {
  v1::CaseNote note;
  note.set_moderator("rita");
  note.set_written_at(1'800'000'000'000);
  EXPECT_THAT(NoteText(note), HasSubstr("Note by rita"));
  note.set_text("needs\x1b[2J a translator");
  EXPECT_THAT(NoteText(note), HasSubstr("    | needs<U+001B>[2J a translator"));
  EXPECT_THAT(NoteJson(note).ToString(),
              HasSubstr("\"kind\":\"note\",\"moderator\":\"rita\""));
}

TEST(ModViewTest, TellsOfAReportThatDoesNotOpen) {
  v1::CaseReport report;
  report.set_report_id(std::string(16, '\x01'));
  report.set_condition(v1::REPORT_CONDITION_UNOPENABLE);
  EXPECT_THAT(ReportText(report), HasSubstr("UNOPENABLE"));
}

TEST(ModViewTest, RaisesTheAlarmAboutThePlatform) {
  v1::GetCaseResponse shown;
  shown.mutable_case_summary()->set_clear_mismatch(true);
  EXPECT_THAT(CaseText(shown, 0), HasSubstr("ALARM"));
  shown.mutable_case_summary()->set_clear_mismatch(false);
  EXPECT_THAT(CaseText(shown, 0), Not(HasSubstr("ALARM")));
}

TEST(ModViewTest, NamesEnumsWithoutTheirPrefix) {
  EXPECT_EQ(ActionName(v1::ACTION_KIND_SUSPEND), "suspend");
  EXPECT_EQ(OutcomeName(v1::REPORT_OUTCOME_ACTION_TAKEN), "action_taken");
  EXPECT_EQ(SeverityName(v1::SEVERITY_CRITICAL), "critical");
  EXPECT_EQ(StateName(v1::CASE_STATE_OPEN), "open");
}

TEST(ModViewTest, JoinsNumbersToRanges) {
  EXPECT_EQ(Ranges({}), "");
  EXPECT_EQ(Ranges({4}), "4");
  EXPECT_EQ(Ranges({0, 1, 2, 5, 7, 8}), "0-2, 5, 7-8");
}

}  // namespace
}  // namespace frank::client
