// Notes and links: what makes one, how many there are, who sees them.
#include "core/limits.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::Not;

class ModerationNotesTest : public QueueFixture {
 protected:
  absl::StatusOr<v1::AddNoteResponse> AddNumbered(const std::string& id,
                                                  size_t number) {
    v1::AddNoteRequest request;
    request.set_case_id(id);
    request.set_note_id(absl::StrCat(1'000'000'000'000'000 + number));
    request.set_text(absl::StrCat("note ", number));
    return Call(&QueueHandler::AddNote, kReviewer, request);
  }
};

TEST_F(ModerationNotesTest, RefusesAnotherNoteUnderTheSameId) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(AddNote(id, "first").ok());
  ASSERT_TRUE(AddNote(id, "first").ok());
  EXPECT_EQ(Reason(AddNote(id, "second").status()), "ID_CONFLICT");
  v1::AddNoteRequest request;
  request.set_case_id(id);
  request.set_note_id(std::string(16, 'n'));
  request.set_text("first");
  EXPECT_EQ(
      Reason(Call(&QueueHandler::AddNote, kSecondReviewer, request).status()),
      "ID_CONFLICT");
}

TEST_F(ModerationNotesTest, TakesAsManyNotesAsACaseMayHave) {
  std::string id = ReportAbout("mallory");
  for (size_t i = 0; i < limits::kMaxNotesOfCase; ++i) {
    ASSERT_TRUE(AddNumbered(id, i).ok());
  }
  EXPECT_EQ(Reason(AddNumbered(id, limits::kMaxNotesOfCase).status()),
            "QUOTA_EXCEEDED");
  EXPECT_TRUE(AddNumbered(id, 0).ok()) << "a repeat";
  // What must be said with another act can be.
  EXPECT_TRUE(Escalate(Claim(id)).ok());
}

TEST_F(ModerationNotesTest, ShowsNotesPageByPageFromTheNewest) {
  std::string id = ReportAbout("mallory");
  for (size_t i = 0; i < limits::kMaxNotesShown + 2; ++i) {
    world_.clock.Advance(1);
    ASSERT_TRUE(AddNumbered(id, i).ok());
  }
  Claim(id);
  v1::GetCaseRequest request;
  request.set_case_id(id);
  request.set_reveal_notes(true);
  auto newest = world_.GetCase(kReviewer, request);
  ASSERT_EQ(newest->note_size(), static_cast<int>(limits::kMaxNotesShown));
  EXPECT_EQ(newest->note(0).text(), "note 2");
  request.set_note_page_token(newest->next_note_page_token());
  auto older = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(older.ok()) << older.status();
  ASSERT_EQ(older->note_size(), 2);
  EXPECT_EQ(older->note(0).text(), "note 0");
  EXPECT_EQ(older->note(1).text(), "note 1");
  EXPECT_EQ(older->next_note_page_token(), "");
  EXPECT_EQ(older->report_size(), 0);
  request.set_note_page_token("AAAA");
  EXPECT_EQ(
      FindFieldViolation(world_.GetCase(kReviewer, request).status())->field,
      "note_page_token");
}

TEST_F(ModerationNotesTest, LinksAreAnActAndARevisionOfBothCases) {
  std::string a = ReportAbout("mallory");
  std::string b = ReportAbout("trudy");
  uint64_t before = Summary(b).revision();
  ASSERT_TRUE(Link(a, b).ok());
  EXPECT_EQ(Summary(b).revision(), before + 1);
  EXPECT_THAT(ActsOf(b), Contains("case.linked"));
  v1::UnlinkCasesRequest unlink;
  unlink.set_case_id(a);
  unlink.set_other_case_id(b);
  ASSERT_TRUE(Call(&QueueHandler::UnlinkCases, kReviewer, unlink).ok());
  EXPECT_THAT(ActsOf(b), Contains("case.unlinked"));
}

TEST_F(ModerationNotesTest, LinksNothingThatTheCallerMayNotTouch) {
  std::string mine = ReportAbout("mallory");
  std::string child = ReportAbout("trudy", "child_safety.grooming");
  EXPECT_EQ(Reason(Link(mine, child).status()), "CHILD_SAFETY_NEEDED");
  EXPECT_THAT(ActsOf(child), Not(Contains("case.linked")));
}

TEST_F(ModerationNotesTest, LinksAsManyCasesAsOneMayHave) {
  std::string id = ReportAbout("mallory");
  for (size_t i = 0; i < limits::kMaxLinksOfCase; ++i) {
    ASSERT_TRUE(Link(id, ReportAbout(absl::StrCat("a", i))).ok());
  }
  std::string more = ReportAbout("more");
  EXPECT_EQ(Reason(Link(id, more).status()), "QUOTA_EXCEEDED");
  EXPECT_EQ(Reason(Link(more, id).status()), "QUOTA_EXCEEDED");
}

}  // namespace
}  // namespace frank::moderation
