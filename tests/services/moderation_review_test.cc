// The desk: claims, leases, decisions, acts, roles.
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/act_store.h"
#include "storage/effect_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char kThreat[] = "I know where you live";

class ModerationReviewTest : public ::testing::Test {
 protected:
  void ReportAbout(const std::string& accused, const std::string& reason) {
    world_.Report(world_.Content(accused, reason,
                                 {world_.platform.SendText(accused, kThreat)}),
                  kBob);
    world_.Fold();
  }
  v1::CaseSummary ClaimOnly(const std::string& token = kReviewer) {
    return world_.Claim(token, world_.OnlyCase().case_id()).value().claimed();
  }
  std::vector<std::string> ActsOf(const std::string& case_id) {
    std::vector<std::string> acts;
    auto listed = world_.Acts(kAuditor, case_id);
    EXPECT_TRUE(listed.ok()) << listed.status();
    for (const auto& act : listed->act()) acts.push_back(act.act());
    return acts;
  }

  ModerationWorld world_;
};

TEST_F(ModerationReviewTest, ClaimsTheMostUrgentFirst) {
  ReportAbout("mimi://hub.example/u/spammer", "deception.spam");
  ReportAbout("mimi://hub.example/u/threatener", "violence.threat");
  ReportAbout("mimi://hub.example/u/hater", "harassment.hate");
  std::vector<std::string> areas;
  for (int i = 0; i < 3; ++i) {
    areas.push_back(world_.Claim(kReviewer)->claimed().policy_area());
  }
  EXPECT_THAT(areas, ElementsAre("violence", "harassment", "deception"));
  EXPECT_TRUE(world_.Claim(kReviewer)->has_nothing_waiting());
}

TEST_F(ModerationReviewTest, ListsCasesInPagesMostUrgentFirst) {
  for (int i = 0; i < 5; ++i) {
    ReportAbout(absl::StrCat("mimi://hub.example/u/a", i), "deception.spam");
  }
  ReportAbout("mimi://hub.example/u/b", "violence.threat");
  v1::ListCasesRequest request;
  request.set_page_size(4);
  auto first = world_.ListCases(kReviewer, request);
  ASSERT_EQ(first->case_summary_size(), 4);
  EXPECT_EQ(first->case_summary(0).policy_area(), "violence");
  request.set_page_token(first->next_page_token());
  auto second = world_.ListCases(kReviewer, request);
  EXPECT_EQ(second->case_summary_size(), 2);
  EXPECT_EQ(second->next_page_token(), "");
  std::set<std::string> accused;
  for (const auto* page : {&*first, &*second}) {
    for (const auto& summary : page->case_summary()) {
      accused.insert(summary.accused_uri());
    }
  }
  EXPECT_EQ(accused.size(), 6);
}

TEST_F(ModerationReviewTest, NeverGivesOneCaseToTwo) {
  constexpr int kCases = 40;
  for (int i = 0; i < kCases; ++i) {
    ReportAbout(absl::StrCat("mimi://hub.example/u/a", i), "deception.spam");
  }
  absl::Mutex mutex;
  std::multiset<std::string> claimed;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, token = i % 2 ? kReviewer : kSecondReviewer] {
      while (true) {
        auto claim = world_.Claim(token);
        if (!claim.ok()) {
          // Lost too many races; the case is somebody else's.
          EXPECT_EQ(FindReason(claim.status()), "CONTENTION");
          continue;
        }
        if (claim->has_nothing_waiting()) return;
        absl::MutexLock lock(&mutex);
        claimed.insert(claim->claimed().case_id());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), kCases);
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(),
            kCases);
}

TEST_F(ModerationReviewTest, ShowsWhoHoldsANamedCase) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  auto other = world_.Claim(kSecondReviewer, held.case_id());
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->held().holder(), "rita");
  EXPECT_EQ(other->held().epoch(), held.lease().epoch());
}

TEST_F(ModerationReviewTest, ReturnsALapsedCaseToTheQueue) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  world_.clock.Advance(15 * kMinute);
  auto next = world_.Claim(kSecondReviewer);
  ASSERT_TRUE(next->has_claimed());
  EXPECT_EQ(next->claimed().case_id(), held.case_id());
  EXPECT_EQ(next->claimed().lease().holder(), "sam");
  EXPECT_GT(next->claimed().lease().epoch(), held.lease().epoch());
}

TEST_F(ModerationReviewTest, RefusesAnActUnderAStaleEpoch) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary stale = ClaimOnly();
  world_.clock.Advance(15 * kMinute);
  ASSERT_TRUE(world_.Claim(kSecondReviewer)->has_claimed());
  auto decided = world_.Decide(
      kReviewer, world_.Decision(stale, {MakeAction(v1::ACTION_KIND_NONE)},
                                 std::string(16, 'd')));
  EXPECT_TRUE(absl::IsAborted(decided.status()));
  EXPECT_EQ(FindReason(decided.status()), "LEASE_LOST");
  EXPECT_EQ(FindReason(world_.Renew(kReviewer, stale).status()), "LEASE_LOST");
  EXPECT_EQ(FindReason(world_.Release(kReviewer, stale, "").status()),
            "LEASE_LOST");
  EXPECT_EQ(
      FindReason(world_.GetCase(kReviewer, stale.case_id(), true).status()),
      "LEASE_LOST");
}

TEST_F(ModerationReviewTest, RefusesTheHoldersOwnOldEpoch) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary first = ClaimOnly();
  ASSERT_TRUE(world_.Release(kReviewer, first, "").ok());
  v1::CaseSummary second = ClaimOnly();
  EXPECT_EQ(FindReason(world_.Renew(kReviewer, first).status()), "LEASE_LOST");
  EXPECT_TRUE(world_.Renew(kReviewer, second).ok());
}

TEST_F(ModerationReviewTest, LetsAHolderActAfterTheTimeIfNobodyTookTheCase) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  world_.clock.Advance(1 * kHour);
  EXPECT_TRUE(
      world_
          .Decide(kReviewer,
                  world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd')))
          .ok());
}

TEST_F(ModerationReviewTest, RenewsAndReleases) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  world_.clock.Advance(10 * kMinute);
  auto renewed = world_.Renew(kReviewer, held);
  ASSERT_TRUE(renewed.ok());
  EXPECT_EQ(renewed->lease().expires_at(), world_.clock.Now() + 15 * kMinute);
  ASSERT_TRUE(world_.Release(kReviewer, held, "needs a translator").ok());
  EXPECT_FALSE(world_.OnlyCase().has_lease());
  EXPECT_TRUE(world_.Claim(kSecondReviewer)->has_claimed());
}

TEST_F(ModerationReviewTest, ShowsNoContentWithoutTheLease) {
  ReportAbout(kMallory, "harassment.hate");
  std::string id = world_.OnlyCase().case_id();
  auto refused = world_.GetCase(kReviewer, id, true);
  EXPECT_EQ(FindReason(refused.status()), "LEASE_LOST");
  auto shown = world_.GetCase(kReviewer, id, false);
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->evidence(0).part(0).size(), sizeof(kThreat) - 1);
  EXPECT_EQ(shown->evidence(0).part(0).body(), "");
  // Short content can be guessed from its hash.
  EXPECT_EQ(shown->evidence(0).part(0).sha256(), "");
  EXPECT_EQ(shown->SerializeAsString().find(kThreat), std::string::npos);
  ClaimOnly(kSecondReviewer);
  EXPECT_FALSE(world_.GetCase(kReviewer, id, true).ok());
  EXPECT_TRUE(world_.GetCase(kSecondReviewer, id, true).ok());
}

TEST_F(ModerationReviewTest, ShowsNotesToTheNextHolder) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  ASSERT_TRUE(world_.Release(kReviewer, held, "needs a translator").ok());
  auto hidden = world_.GetCase(kReviewer, held.case_id(), false);
  ASSERT_EQ(hidden->note_size(), 1);
  EXPECT_EQ(hidden->note(0).moderator(), "rita");
  EXPECT_EQ(hidden->note(0).text(), "");
  ClaimOnly(kSecondReviewer);
  auto shown = world_.GetCase(kSecondReviewer, held.case_id(), true);
  EXPECT_EQ(shown->note(0).text(), "needs a translator");
  EXPECT_EQ(shown->note(0).written_at(), world_.clock.Now());
}

TEST_F(ModerationReviewTest, ShowsOneMessageAlone) {
  SentMessage first = world_.platform.SendText(kMallory, "one");
  SentMessage second = world_.platform.SendText(kMallory, "two");
  world_.Report(world_.Content(kMallory, "harassment.hate", {first, second}),
                kBob);
  world_.Fold();
  v1::GetCaseRequest request;
  request.set_case_id(ClaimOnly().case_id());
  request.set_reveal(true);
  request.set_franking_tag(second.frank.franking_tag());
  auto shown = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->evidence_size(), 1);
  EXPECT_EQ(shown->evidence(0).part(0).body(), "two");
  EXPECT_EQ(shown->report_size(), 0);
  auto acts = world_.Acts(kAuditor, request.case_id()).value();
  EXPECT_THAT(acts.act(acts.act_size() - 1).details(),
              HasSubstr(ToHex(AsBytes(second.frank.franking_tag()))));
  request.set_franking_tag("short");
  EXPECT_TRUE(
      absl::IsInvalidArgument(world_.GetCase(kReviewer, request).status()));
  request.clear_franking_tag();
  request.set_first_index(1);
  EXPECT_TRUE(
      absl::IsInvalidArgument(world_.GetCase(kReviewer, request).status()));
}

// A sender cannot make its case too large to be shown.
TEST_F(ModerationReviewTest, ShowsACaseOfVeryManyPartsPieceByPiece) {
  constexpr uint32_t kParts = 60000;
  std::vector<SentMessage> sent;
  for (int i = 0; i < 2; ++i) {
    sent.push_back(world_.platform.SendManyParts(kMallory, kParts));
  }
  world_.Report(world_.Content(kMallory, "harassment.hate", sent), kBob);
  world_.Fold();
  v1::GetCaseRequest request;
  request.set_case_id(ClaimOnly().case_id());
  request.set_reveal(true);
  auto first = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_LT(first->ByteSizeLong(), limits::kMaxRequestBytes);
  ASSERT_EQ(first->evidence_size(), 1);
  EXPECT_EQ(
      first->evidence(0).part_size() + first->evidence(0).left_out_count(),
      kParts);
  request.set_page_token(first->next_page_token());
  auto second = world_.GetCase(kReviewer, request);
  ASSERT_EQ(second->evidence_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_NE(second->evidence(0).franking_tag(),
            first->evidence(0).franking_tag());

  request.clear_page_token();
  request.set_franking_tag(first->evidence(0).franking_tag());
  std::set<uint32_t> shown;
  uint32_t left_out = 1;
  while (left_out > 0) {
    auto page = world_.GetCase(kReviewer, request).value();
    left_out = page.evidence(0).left_out_count();
    for (const auto& part : page.evidence(0).part()) {
      EXPECT_EQ(part.body().size(), part.size());
      shown.insert(part.index());
    }
    request.set_first_index(*shown.rbegin() + 1);
  }
  EXPECT_EQ(shown.size(), kParts);
}

TEST_F(ModerationReviewTest, EndsAPageOnceEnoughWasDecrypted) {
  // Of two pieces each, whose sizes alone are shown.
  constexpr size_t kMessages = 70;
  for (size_t report = 0; report < kMessages / 7; ++report) {
    std::vector<SentMessage> sent;
    for (size_t i = 0; i < 7; ++i) {
      sent.push_back(world_.platform.SendText(
          kMallory, std::string(1'000'000, static_cast<char>('a' + i))));
    }
    world_.Report(world_.Content(kMallory, "harassment.hate", sent), kBob);
    world_.Fold();
  }
  v1::GetCaseRequest request;
  request.set_case_id(world_.OnlyCase().case_id());
  auto first = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(static_cast<size_t>(first->evidence_size()),
            limits::kMaxOpenedBytes >> 20);
  request.set_page_token(first->next_page_token());
  auto second = world_.GetCase(kReviewer, request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(
      static_cast<size_t>(first->evidence_size() + second->evidence_size()),
      kMessages);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(ModerationReviewTest, CutsTheVerdictsOfAHostileReport) {
  std::vector<SentMessage> forged(limits::kMaxReportedMessages,
                                  world_.platform.SendText(kMallory, kThreat));
  for (SentMessage& message : forged) {
    message.reported.mutable_frank()->set_room_uri("mimi://hub.example/r/" +
                                                   std::string(480, 'x'));
  }
  world_.Report(world_.Content(kMallory, "harassment.hate", forged), kBob);
  ReportAbout(kMallory, "harassment.hate");
  auto shown =
      world_.GetCase(kReviewer, world_.OnlyCase().case_id(), false).value();
  ASSERT_EQ(shown.report_size(), 2);
  const bool hostile_first = shown.report(0).message_size() > 1;
  const v1::CaseReport& hostile = shown.report(hostile_first ? 0 : 1);
  EXPECT_LE(hostile.ByteSizeLong(), limits::kMaxVerdictsShownBytes + 1024);
  EXPECT_EQ(hostile.message_size() + hostile.left_out_message_count(),
            limits::kMaxReportedMessages);
  EXPECT_EQ(shown.report(hostile_first ? 1 : 0).message_size(), 1);
}

TEST_F(ModerationReviewTest, ListsManyActsInPages) {
  ReportAbout(kMallory, "harassment.hate");
  std::string id = world_.OnlyCase().case_id();
  for (int i = 0; i < 550; ++i) {
    auto claim = world_.Claim(kReviewer, id);
    ASSERT_TRUE(world_.Release(kReviewer, claim->claimed(), "").ok());
  }
  auto first = world_.Acts(kAuditor, id).value();
  ASSERT_EQ(first.act_size(), 1000);
  EXPECT_TRUE(first.more());
  auto second = world_.Acts(kAuditor, id, 1000).value();
  EXPECT_EQ(second.act_size(), 102);
  EXPECT_EQ(second.act(0).number(), 1001);
  EXPECT_FALSE(second.more());
}

TEST_F(ModerationReviewTest, DecidesOnceHoweverOftenItIsAsked) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  auto request = world_.Decision(
      held, {MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 30 * kDay)},
      std::string(16, 'd'));
  auto first = world_.Decide(kReviewer, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->decision().outcome(), v1::REPORT_OUTCOME_ACTION_TAKEN);
  // Even when the date in it has passed.
  world_.clock.Advance(60 * kDay);
  auto again = world_.Decide(kReviewer, request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  request.set_rationale("another");
  EXPECT_EQ(FindReason(world_.Decide(kReviewer, request).status()),
            "ID_CONFLICT");
  request.set_decision_id(std::string(16, 'e'));
  EXPECT_EQ(FindReason(world_.Decide(kReviewer, request).status()),
            "CASE_DECIDED");
  auto effects = storage::ScanEffects(*world_.engine, UINT64_MAX, 10);
  EXPECT_EQ(effects->size(), 1);
}

TEST_F(ModerationReviewTest, OpensANewCaseForAReportAfterTheDecision) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  ASSERT_TRUE(
      world_
          .Decide(kReviewer,
                  world_.Decision(held, {MakeAction(v1::ACTION_KIND_WARN)},
                                  std::string(16, 'd')))
          .ok());
  ReportAbout(kMallory, "harassment.hate");
  EXPECT_NE(world_.OnlyCase().case_id(), held.case_id());
  v1::ListCasesRequest decided;
  decided.mutable_filter()->add_state(v1::CASE_STATE_DECIDED);
  EXPECT_EQ(world_.ListCases(kReviewer, decided)->case_summary_size(), 1);
  auto shown = world_.GetCase(kReviewer, held.case_id(), false);
  EXPECT_EQ(shown->decision(0).rationale(), "It breaks the rule.");
  EXPECT_EQ(shown->decision(0).moderator(), "rita");
}

TEST_F(ModerationReviewTest, WritesEveryActWithoutGaps) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  ASSERT_TRUE(world_.GetCase(kReviewer, held.case_id(), true).ok());
  ASSERT_TRUE(world_.Release(kReviewer, held, "").ok());
  held = ClaimOnly(kSecondReviewer);
  auto decided = world_.Decide(
      kSecondReviewer, world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                       std::string(16, 'd')));
  ASSERT_TRUE(decided.ok());
  EXPECT_THAT(ActsOf(held.case_id()),
              ElementsAre("case.opened", "report.opened", "case.claimed",
                          "evidence.revealed", "case.released", "case.claimed",
                          "case.decided"));
  auto acts = world_.Acts(kAuditor, held.case_id()).value();
  for (int i = 0; i < acts.act_size(); ++i) {
    EXPECT_EQ(acts.act(i).number(), i + 1);
  }
  EXPECT_EQ(acts.act(6).sha256(), decided->act_hash());
  EXPECT_EQ(acts.act(6).actor(), "moderator:sam");
}

TEST_F(ModerationReviewTest, RefusesActionsAgainstNobody) {
  v1::ForwardRequest request =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  request.set_review_key_id("12345678");
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  v1::CaseSummary held = ClaimOnly();
  EXPECT_TRUE(absl::IsInvalidArgument(
      world_
          .Decide(kReviewer,
                  world_.Decision(held, {MakeAction(v1::ACTION_KIND_WARN)},
                                  std::string(16, 'd')))
          .status()));
  auto none = world_.Decide(
      kReviewer, world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                 std::string(16, 'd')));
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->decision().outcome(), v1::REPORT_OUTCOME_NOT_VERIFIABLE);
}

TEST_F(ModerationReviewTest, RefusesDecisionsThatBreakARule) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary held = ClaimOnly();
  const v1::DecideCaseRequest good = world_.Decision(
      held, {MakeAction(v1::ACTION_KIND_WARN)}, std::string(16, 'd'));
  std::vector<v1::DecideCaseRequest> bad(12, good);
  bad[0].set_decision_id("short");
  bad[1].set_policy("");
  bad[2].set_policy(std::string(65, 'p'));
  bad[3].set_rationale("");
  bad[4].set_rationale(std::string(8193, 'r'));
  bad[5].clear_action();
  *bad[6].add_action() = MakeAction(v1::ACTION_KIND_NONE);
  *bad[7].mutable_action(0) = MakeAction(v1::ACTION_KIND_LIMIT, 0, 0);
  *bad[8].mutable_action(0) = MakeAction(v1::ACTION_KIND_LIMIT, 0, 100001);
  *bad[9].mutable_action(0) = MakeAction(v1::ACTION_KIND_SUSPEND, kNow - 1);
  *bad[10].mutable_action(0) = MakeAction(static_cast<v1::ActionKind>(9));
  *bad[11].mutable_action(0) = MakeAction(v1::ACTION_KIND_WARN, kNow + kDay);
  for (size_t i = 0; i < bad.size(); ++i) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(world_.Decide(kReviewer, bad[i]).status()))
        << i;
  }
  EXPECT_EQ(world_.OnlyCase().case_id(), held.case_id());
}

TEST_F(ModerationReviewTest, AnswersUnknownCasesWithNotFound) {
  std::string unknown(16, 'u');
  EXPECT_TRUE(absl::IsNotFound(world_.Claim(kReviewer, unknown).status()));
  EXPECT_TRUE(
      absl::IsNotFound(world_.GetCase(kReviewer, unknown, false).status()));
  EXPECT_TRUE(absl::IsNotFound(world_.Acts(kReviewer, unknown).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(world_.Claim(kReviewer, "x").status()));
}

// Every method by every role: what may be called does not answer
// PERMISSION_DENIED, all else does.
TEST_F(ModerationReviewTest, LetsEachRoleCallWhatTheTableNames) {
  ReportAbout(kMallory, "harassment.hate");
  v1::CaseSummary known = world_.OnlyCase();
  auto allowed = [&](const std::string& token) {
    std::vector<absl::Status> statuses = {
        world_.ListCases(token).status(),
        world_.Acts(token, known.case_id()).status(),
        world_.Claim(token, known.case_id()).status(),
        world_.Renew(token, known).status(),
        world_.GetCase(token, known.case_id(), false).status(),
        world_
            .Decide(token,
                    world_.Decision(known, {MakeAction(v1::ACTION_KIND_NONE)},
                                    std::string(16, 'x')))
            .status(),
        world_.Release(token, known, "").status(),
    };
    std::string result;
    for (const absl::Status& status : statuses) {
      result += absl::IsPermissionDenied(status)  ? '-'
                : absl::IsUnauthenticated(status) ? '?'
                                                  : '+';
    }
    return result;
  };
  EXPECT_EQ(allowed(kReviewer), "+++++++");
  EXPECT_EQ(allowed(kSenior), "+++++++");
  EXPECT_EQ(allowed(kAuditor), "++-----");
  EXPECT_EQ(allowed(kAdministrator), "-------");
  EXPECT_EQ(allowed(kNobody), "-------");
  EXPECT_EQ(allowed("frank_unknown"), "???????");
  EXPECT_EQ(allowed(""), "???????");
}

}  // namespace
}  // namespace frank::moderation
