// Lists: filters, orders, pages that stay where they are, words in notes.
#include <algorithm>
#include <set>

#include "core/limits.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ModerationListTest : public QueueFixture {
 protected:
  v1::ListCasesResponse List(const v1::ListCasesRequest& request) {
    auto list = world_.ListCases(kReviewer, request);
    EXPECT_TRUE(list.ok()) << list.status();
    return list.ok() ? *list : v1::ListCasesResponse();
  }
  std::vector<std::string> Ids(const v1::ListCasesResponse& list) {
    std::vector<std::string> ids;
    for (const auto& summary : list.case_summary()) {
      ids.push_back(summary.case_id());
    }
    return ids;
  }
  std::vector<std::string> Filter(
      const v1::CaseFilter& filter,
      v1::CaseOrder order = v1::CASE_ORDER_UNSPECIFIED) {
    v1::ListCasesRequest request;
    *request.mutable_filter() = filter;
    request.set_order(order);
    return Ids(List(request));
  }
  // All pages; `between` is called between two.
  std::vector<std::string> Walk(v1::ListCasesRequest request,
                                const std::function<void()>& between) {
    std::vector<std::string> ids;
    while (true) {
      v1::ListCasesResponse page = List(request);
      for (const std::string& id : Ids(page)) ids.push_back(id);
      if (page.next_page_token().empty()) return ids;
      request.set_page_token(page.next_page_token());
      between();
    }
  }
};

TEST_F(ModerationListTest, FiltersByEachFieldThatTheRecordHolds) {
  std::string hate = ReportAbout("a");
  std::string scam = ReportAbout("b", "deception.scam");
  std::string threat = ReportAbout("c", "violence.threat");
  Claim(scam);
  auto with = [this](const std::function<void(v1::CaseFilter*)>& set) {
    v1::CaseFilter filter;
    set(&filter);
    return Filter(filter);
  };
  EXPECT_THAT(with([](auto* f) { f->add_reason("deception.scam"); }),
              ElementsAre(scam));
  EXPECT_THAT(with([](auto* f) {
                f->add_policy_area("harassment");
                f->add_policy_area("violence");
              }),
              ElementsAre(threat, hate));
  EXPECT_THAT(with([](auto* f) { f->add_severity(v1::SEVERITY_CRITICAL); }),
              ElementsAre(threat));
  EXPECT_THAT(with([](auto* f) { f->add_queue("harm"); }), ElementsAre(threat));
  EXPECT_THAT(with([](auto* f) {
                f->add_queue("harm");
                f->add_queue("deception");
              }),
              ElementsAre(threat, scam));
  EXPECT_THAT(with([](auto* f) { f->add_proof(v1::PROOF_STATUS_FORGED); }),
              IsEmpty());
  EXPECT_THAT(with([](auto* f) { f->add_proof(v1::PROOF_STATUS_PROVEN); }),
              ElementsAre(threat, hate, scam));
  EXPECT_THAT(
      with([](auto* f) { f->set_due_until(kNow + 2 * kMinute + kHour); }),
      ElementsAre(threat));
  EXPECT_THAT(with([](auto* f) { f->set_due_from(kNow + 2 * kHour); }),
              ElementsAre(hate, scam));
  EXPECT_THAT(with([](auto* f) { f->add_state(v1::CASE_STATE_DECIDED); }),
              IsEmpty());
}

TEST_F(ModerationListTest, LooksUpPeopleAndTagsInEveryState) {
  std::string decided = ReportAbout("mallory");
  Decide(Claim(decided));
  std::string open = ReportAbout("mallory", "harassment.hate", "carol");
  std::string other = ReportAbout("trudy", "harassment.hate", "carol");
  Claim(other);
  ASSERT_TRUE(Tag(open, "raid").ok());
  v1::CaseFilter accused;
  accused.set_accused_uri(Account("mallory"));
  EXPECT_THAT(Filter(accused), UnorderedElementsAre(decided, open));
  accused.set_reporter_uri(Account("carol"));
  EXPECT_THAT(Filter(accused), ElementsAre(open));
  v1::CaseFilter reporter;
  reporter.set_reporter_uri(Account("carol"));
  EXPECT_THAT(Filter(reporter), UnorderedElementsAre(open, other));
  reporter.set_moderator("rita");
  EXPECT_THAT(Filter(reporter), ElementsAre(other));
  v1::CaseFilter moderator;
  moderator.set_moderator("rita");
  EXPECT_THAT(Filter(moderator), UnorderedElementsAre(decided, other));
  moderator.set_accused_uri(Account("mallory"));
  EXPECT_THAT(Filter(moderator), ElementsAre(decided));
  v1::CaseFilter tag;
  tag.set_tag("raid");
  EXPECT_THAT(Filter(tag), ElementsAre(open));
  tag.add_state(v1::CASE_STATE_DECIDED);
  EXPECT_THAT(Filter(tag), IsEmpty());
  v1::CaseFilter nobody;
  nobody.set_moderator("sam");
  EXPECT_THAT(Filter(nobody), IsEmpty());
}

TEST_F(ModerationListTest, SortsByPriorityDeadlineOrAge) {
  std::string spam = ReportAbout("a", "deception.spam");
  world_.clock.Advance(kMinute);
  std::string hate = ReportAbout("b");
  world_.clock.Advance(kMinute);
  std::string images = ReportAbout("c", "sexual.intimate_images");
  for (bool by_trait : {false, true}) {
    v1::CaseFilter filter;
    if (by_trait) filter.set_reporter_uri(Account("bob"));
    EXPECT_THAT(Filter(filter), ElementsAre(hate, images, spam));
    EXPECT_THAT(Filter(filter, v1::CASE_ORDER_DEADLINE),
                ElementsAre(hate, images, spam));
    EXPECT_THAT(Filter(filter, v1::CASE_ORDER_AGE),
                ElementsAre(spam, hate, images));
  }
}

TEST_F(ModerationListTest, KeepsPagesStableWhileOtherCasesMove) {
  std::vector<std::string> all;
  for (int i = 0; i < 30; ++i) {
    all.push_back(ReportAbout(absl::StrCat("a", i)));
  }
  char decision = 'a';
  for (bool by_trait : {false, true}) {
    v1::ListCasesRequest request;
    request.set_page_size(7);
    request.mutable_filter()->add_state(v1::CASE_STATE_OPEN);
    if (by_trait) request.mutable_filter()->set_reporter_uri(Account("bob"));
    std::set<std::string> moved;
    std::vector<std::string> seen = Walk(request, [&] {
      // Of what is open one is decided, one is held, one comes.
      std::string gone = all.back();
      all.pop_back();
      moved.insert(gone);
      Decide(Claim(gone), kReviewer, decision++);
      moved.insert(ReportAbout(absl::StrCat("new", by_trait, moved.size())));
    });
    // Each case that stayed where it was, exactly once.
    std::multiset<std::string> unmoved(seen.begin(), seen.end());
    for (const std::string& id : all) EXPECT_EQ(unmoved.count(id), 1u);
    for (const std::string& id : seen) {
      EXPECT_EQ(std::count(seen.begin(), seen.end(), id), 1);
    }
  }
}

TEST_F(ModerationListTest, StopsAfterABoundedAmountOfWorkAndGoesOn) {
  std::string last;
  for (size_t i = 0; i < limits::kMaxNoteLooks + 5; ++i) {
    last = ReportAbout(absl::StrCat("a", i));
  }
  ASSERT_TRUE(AddNote(last, "The Needle in here").ok());
  v1::SearchNotesRequest request;
  request.set_text("needle");
  request.set_order(v1::CASE_ORDER_AGE);
  size_t pages = 0;
  std::vector<std::string> found;
  do {
    auto page = Call(&QueueHandler::SearchNotes, kReviewer, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& summary : page->case_summary()) {
      found.push_back(summary.case_id());
    }
    EXPECT_EQ(page->partial(), !page->next_page_token().empty());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 2u);
  // All were opened in the same millisecond: it is the last or it is not.
  EXPECT_THAT(found, ElementsAre(last));
}

TEST_F(ModerationListTest, GoesThroughATraitByTheThousand) {
  constexpr size_t kCases = limits::kMaxListLooks + 20;
  std::string some = ReportAbout("a");
  CaseId pattern(ToArray<CaseId::kSize>(AsBytes(some)));
  auto record = storage::FindCase(*world_.engine, pattern);
  for (size_t i = 0; i < kCases; ++i) {
    storage::v1::CaseRecord copy = **record;
    copy.set_policy_area(absl::StrCat("area", i));
    ASSERT_TRUE(storage::RunTransactionAndWait(
                    *world_.engine,
                    [&](storage::Transaction& t) {
                      return storage::PutCase(t, CaseId::Random(world_.random),
                                              nullptr, &copy);
                    })
                    .ok());
  }
  v1::ListCasesRequest request;
  request.set_page_size(200);
  request.mutable_filter()->set_accused_uri(Account("a"));
  v1::ListCasesResponse first = List(request);
  EXPECT_TRUE(first.partial());
  std::vector<std::string> seen = Walk(request, [] {});
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), kCases + 1);
  EXPECT_EQ(seen.size(), kCases + 1);
}

TEST_F(ModerationListTest, FindsWordsInNotesForThoseWhoMayReadThem) {
  std::string a = ReportAbout("a");
  std::string b = ReportAbout("b");
  ASSERT_TRUE(AddNote(a, "Speaks of Rapunzel", 'a').ok());
  ASSERT_TRUE(AddNote(b, "nothing to see", 'b').ok());
  v1::SearchNotesRequest request;
  request.set_text("rapunzel");
  auto found = Call(&QueueHandler::SearchNotes, kReviewer, request);
  ASSERT_EQ(found->case_summary_size(), 1);
  EXPECT_EQ(found->case_summary(0).case_id(), a);
  EXPECT_EQ(
      Reason(Call(&QueueHandler::SearchNotes, kAuditor, request).status()),
      "NOT_PERMITTED");
  request.set_text("x");
  EXPECT_EQ(FindFieldViolation(
                Call(&QueueHandler::SearchNotes, kReviewer, request).status())
                ->field,
            "text");
}

TEST_F(ModerationListTest, RefusesATokenOrFilterThatBreaksARule) {
  auto field = [this](const std::function<void(v1::ListCasesRequest*)>& set) {
    v1::ListCasesRequest request;
    set(&request);
    auto violation =
        FindFieldViolation(world_.ListCases(kReviewer, request).status());
    return violation ? violation->field : "";
  };
  EXPECT_EQ(field([](auto* r) { r->set_page_token("!"); }), "page_token");
  EXPECT_EQ(field([](auto* r) {
              r->set_page_token("eA");
              r->mutable_filter()->set_tag("t");
            }),
            "page_token");
  EXPECT_EQ(field([](auto* r) { r->set_page_size(201); }), "page_size");
  EXPECT_EQ(field([](auto* r) { r->mutable_filter()->set_tag("T"); }),
            "filter.tag");
  EXPECT_EQ(field([](auto* r) { r->mutable_filter()->set_accused_uri("a b"); }),
            "filter.accused_uri");
  EXPECT_EQ(field([](auto* r) {
              r->mutable_filter()->add_state(v1::CASE_STATE_UNSPECIFIED);
            }),
            "filter.state");
  EXPECT_EQ(field([](auto* r) {
              for (int i = 0; i < 33; ++i) r->mutable_filter()->add_queue("q");
            }),
            "filter.queue");
  EXPECT_EQ(field([](auto* r) {
              r->mutable_filter()->set_due_from(2);
              r->mutable_filter()->set_due_until(2);
            }),
            "filter.due_until");
}

}  // namespace
}  // namespace frank::moderation
