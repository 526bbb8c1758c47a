// Routing, the table of reasons, and the hint of a script: pure functions.
#include <memory>

#include "core/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/common/reason_file.h"
#include "services/moderation/routing.h"
#include "services/moderation/script_hint.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using storage::v1::CaseRecord;

// What stands twice counts as it stands last, so that a test can change one
// field of a text.
template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(text, &message));
  return message;
}

constexpr char kQueues[] = R"(
  queue { name: "integrity" } queue { name: "seniors" seniors_only: true }
  queue { name: "appeals" } queue { name: "child-safety" }
  queue { name: "harm" } queue { name: "sexual" } queue { name: "harassment" }
  queue { name: "deception" } queue { name: "general" } queue { name: "x" })";

absl::StatusOr<Routing> RoutingOf(const std::string& rules) {
  return Routing::Create(Parse<config::v1::Routing>(kQueues + rules),
                         ReasonTable());
}

// A proven case of harassment.hate.
CaseRecord Case(const std::string& more = "") {
  return Parse<CaseRecord>(
      R"(accused_uri: "mimi://hub.example/u/m" policy_area: "harassment"
         reason: "harassment.hate" severity: 3 proven_count: 1
         reason_queue: "harassment" language_hint: "Cyrl" )" +
      more);
}

TEST(RoutingTest, SendsACaseByTheFirstRuleThatMatches) {
  struct {
    const char* rule;
    CaseRecord record;
    uint64_t prior_actions;
    bool matches;
  } const kCases[] = {
      {"", Case(), 0, true},
      {R"(reason: "violence.threat" reason: "harassment.hate")", Case(), 0,
       true},
      {R"(reason: "violence.threat")", Case(), 0, false},
      {R"(policy_area: "harassment")", Case(), 0, true},
      {R"(policy_area: "violence")", Case(), 0, false},
      {R"(proof: "proven")", Case(), 0, true},
      {R"(proof: "forged" proof: "unproven")", Case(), 0, false},
      {R"(min_severity: "high")", Case(), 0, true},
      {R"(min_severity: "critical")", Case(), 0, false},
      {R"(language: "Latn" language: "Cyrl")", Case(), 0, true},
      {R"(language: "Latn")", Case(), 0, false},
      {R"(min_prior_actions: 2)", Case(), 2, true},
      {R"(min_prior_actions: 2)", Case(), 1, false},
      {R"(max_reporter_weight: 200)", Case("reporter_weight: 200"), 0, true},
      {R"(max_reporter_weight: 200)", Case("reporter_weight: 201"), 0, false},
      // A weight that is not known is not low.
      {R"(max_reporter_weight: 200)", Case(), 0, false},
      {R"(proof: "proven" min_prior_actions: 1)", Case(), 0, false},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(row.rule);
    auto routing = RoutingOf(std::string("rule { queue: \"x\" ") + row.rule +
                             "} rule { queue: \"general\" }");
    ASSERT_TRUE(routing.ok()) << routing.status();
    EXPECT_EQ(routing->QueueFor(row.record, row.prior_actions),
              row.matches ? "x" : "general");
  }
}

TEST(RoutingTest, SendsACaseWhereItsReasonSaysWhenNoRuleMatches) {
  auto routing = RoutingOf("");
  EXPECT_EQ(routing->QueueFor(Case(), 0), "harassment");
  EXPECT_EQ(routing->QueueFor(CaseRecord(), 0), kIntegrityQueue);
  EXPECT_EQ(routing->QueueFor(Case(R"(reason_queue: "gone")"), 0),
            kIntegrityQueue);
}

TEST(RoutingTest, SendsForgedAndUnopenableCasesToIntegrityByItself) {
  Routing routing = Routing::BuiltIn();
  EXPECT_EQ(routing.QueueFor(Case(), 0), "harassment");
  EXPECT_EQ(routing.QueueFor(Case("forged_count: 3"), 0), "harassment");
  EXPECT_EQ(routing.QueueFor(Case("proven_count: 0"), 0), "harassment");
  EXPECT_EQ(
      routing.QueueFor(
          Case("proven_count: 0 report_count: 2 forged_report_count: 2"), 0),
      kIntegrityQueue);
  EXPECT_EQ(
      routing.QueueFor(
          Case("proven_count: 0 report_count: 2 forged_report_count: 1"), 0),
      "harassment");
  EXPECT_EQ(routing.QueueFor(Case(R"(accused_uri: "")"), 0), kIntegrityQueue);
}

TEST(RoutingTest, RefusesAConfigurationThatDoesNotFit) {
  for (const char* rules :
       {R"(rule { queue: "no-such" })", R"(queue { name: "harm" })",
        R"(queue { name: "Not a label" })",
        R"(rule { queue: "x" proof: "sure" })",
        R"(rule { queue: "x" min_severity: "grave" })"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(RoutingOf(rules).status())) << rules;
  }
  auto without = Parse<config::v1::Routing>(R"(queue { name: "general" })");
  EXPECT_FALSE(Routing::Create(without, ReasonTable()).ok());
  auto table = services::MakeReasonTable(Parse<config::v1::ReasonTable>(
      R"(version { version: 2 reason { key: "a.b" policy_area: "a" title: "A"
         severity: "low" time_to_decide_ms: 1 queue: "elsewhere"
         exposure: "none" } })"));
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_FALSE(
      Routing::Create(Parse<config::v1::Routing>(kQueues), *table).ok());
}

TEST(ReasonTableTest, KeepsTheMeaningOfOldVersions) {
  auto table = services::MakeReasonTable(Parse<config::v1::ReasonTable>(
      R"(version { version: 2 reason { key: "harassment.hate"
         policy_area: "harassment" title: "Hate, as we call it now"
         severity: "critical" time_to_decide_ms: 60000 queue: "harm"
         needs_second_person: true exposure: "graphic" } })"));
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->newest(), 2u);
  const ReportReason* old = table->Find("harassment.hate", 1);
  const ReportReason* now = table->Find("harassment.hate", 2);
  ASSERT_TRUE(old != nullptr && now != nullptr);
  EXPECT_EQ(old->severity, ReasonSeverity::kHigh);
  EXPECT_EQ(now->severity, ReasonSeverity::kCritical);
  EXPECT_EQ(now->deadline, kMinute);
  EXPECT_TRUE(now->second_person);
  EXPECT_EQ(table->Find("violence.threat", 2), nullptr);
  EXPECT_EQ(table->Find("harassment.hate", 3), nullptr);
  v1::ListReasonsRequest request;
  EXPECT_EQ(services::ListReasons(*table, request)->reason_size(), 1);
  request.set_version(1);
  EXPECT_EQ(services::ListReasons(*table, request)->reason_size(), 30);
  request.set_version(3);
  EXPECT_TRUE(
      absl::IsNotFound(services::ListReasons(*table, request).status()));
}

TEST(ReasonTableTest, RefusesReasonsThatBreakARule) {
  const char* good =
      R"(key: "a.b" policy_area: "a" title: "A" severity: "low"
         time_to_decide_ms: 1 queue: "general" exposure: "none")";
  auto make = [](const std::string& versions) {
    return services::MakeReasonTable(Parse<config::v1::ReasonTable>(versions));
  };
  auto one = [&](const std::string& change) {
    return make(
        absl::StrCat("version { version: 2 reason {", good, change, "} }"));
  };
  EXPECT_TRUE(one("").ok());
  for (const char* change :
       {R"(key: "a")", R"(key: "a.")", R"(key: "b.c")", R"(key: "a.B")",
        R"(title: "")", R"(severity: "grave")", R"(exposure: "much")",
        R"(queue: "")", "time_to_decide_ms: 0"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(one(change).status())) << change;
  }
  EXPECT_FALSE(make("version { version: 2 }").ok());
  EXPECT_FALSE(
      make(absl::StrCat("version { version: 1 reason {", good, "} }")).ok());
  EXPECT_FALSE(make(absl::StrCat("version { version: 2 reason {", good,
                                 "} reason {", good, "} }"))
                   .ok());
}

TEST(ScriptHintTest, NamesTheScriptOfMostLetters) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"I know where you live", "Latn"},
      {"Я знаю, где ты живёшь, ok?", "Cyrl"},
      {"أعرف أين تسكن", "Arab"},
      {"お前の家を知っている", "Jpan"},
      // Kana tell Japanese from Chinese, however few they are.
      {"東京都新宿区歌舞伎町の人", "Jpan"},
      {"我知道你住在哪里", "Hani"},
      {"네가 어디 사는지 알아", "Kore"},
      {"मैं जानता हूँ", "Deva"},
      {"Ξέρω πού μένεις", "Grek"},
      {"12 34 !?", ""},
      {"", ""},
  };
  for (const auto& [text, script] : kTexts) {
    EXPECT_EQ(ScriptOf(text), script) << text;
  }
  // Cut anywhere, even within a character.
  std::string text = "Я знаю";
  for (size_t size = 0; size <= text.size(); ++size) {
    EXPECT_TRUE(ScriptOf(text.substr(0, size)).size() <= 4);
  }
}

class ModerationRoutingTest : public QueueFixture {
 protected:
  // A report of a message whose content is not what was stamped.
  SentMessage Forged(const std::string& name) {
    SentMessage sent = world_.platform.SendText(Account(name), "kind words");
    sent.reported.mutable_whole()->set_content(
        ToString(TextPart("unkind words")));
    return sent;
  }
};

TEST_F(ModerationRoutingTest, RoutesWhenReportsJoinAndWhenFactsChange) {
  std::string id =
      ReportMessage("mallory", "harassment.hate", "bob", Forged("mallory"));
  EXPECT_EQ(Summary(id).queue(), kIntegrityQueue);
  EXPECT_EQ(Summary(id).proof(), v1::PROOF_STATUS_FORGED);
  EXPECT_EQ(Summary(id).forged_count(), 1u);
  // Something true about the same account: it is where its reason says.
  ReportAbout("mallory", "harassment.hate", "carol");
  EXPECT_EQ(Summary(id).queue(), "harassment");
  EXPECT_EQ(Summary(id).proof(), v1::PROOF_STATUS_PROVEN);
  EXPECT_THAT(ActsOf(id), ::testing::Contains("case.routed"));
}

TEST_F(ModerationRoutingTest, LetsNoForgedReportTakeAwayWhatOthersReported) {
  auto report = [this](const std::string& reporter) {
    world_.clock.Advance(1);
    world_.Report(world_.Content(Account("mallory"), "harassment.hate", {}),
                  Account(reporter));
    world_.Fold();
    return NewestCaseOf("mallory", "harassment");
  };
  std::string id = report("bob");
  ASSERT_EQ(Summary(id).proof(), v1::PROOF_STATUS_UNPROVEN);
  ReportMessage("mallory", "harassment.hate", "eve", Forged("mallory"));
  EXPECT_EQ(Summary(id).forged_count(), 1u);
  EXPECT_EQ(Summary(id).proof(), v1::PROOF_STATUS_UNPROVEN);
  EXPECT_EQ(Summary(id).queue(), "harassment");
}

TEST_F(ModerationRoutingTest, CountsForgedReportsWhereTheyAreMovedTo) {
  std::string into =
      ReportMessage("mallory", "harassment.hate", "bob", Forged("mallory"));
  std::string from =
      ReportMessage("mallory", "violence.threat", "eve", Forged("mallory"));
  auto merged = Merge(Claim(from), into);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->into().proof(), v1::PROOF_STATUS_FORGED);
}

TEST_F(ModerationRoutingTest, CapsWhatAReportThatProvesNothingMaySet) {
  auto report = [this](const std::string& name, const std::string& reason) {
    world_.clock.Advance(1);
    world_.Report(world_.Content(Account(name), reason, {}), kBob);
    world_.Fold();
    return NewestCaseOf(name, reason.substr(0, reason.find('.')));
  };
  std::string id = report("mallory", "violence.incitement");
  EXPECT_EQ(Summary(id).severity(), v1::SEVERITY_MEDIUM);
  EXPECT_EQ(Summary(id).deadline(), world_.clock.Now() + 24 * kHour);
  EXPECT_EQ(Summary(report("trudy", "deception.spam")).severity(),
            v1::SEVERITY_LOW);
  // A proof takes the cap off.
  ReportAbout("mallory", "violence.incitement", "carol");
  EXPECT_EQ(Summary(id).severity(), v1::SEVERITY_HIGH);
  EXPECT_EQ(Summary(id).deadline(), world_.clock.Now() + 4 * kHour);
  // A threat to life does not wait for one.
  std::string threat = report("eve", "violence.threat");
  EXPECT_EQ(Summary(threat).severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(Summary(threat).deadline(), world_.clock.Now() + 30 * kMinute);
}

TEST_F(ModerationRoutingTest, LetsNoReportWithoutProofDivertACase) {
  auto table = services::MakeReasonTable(Parse<config::v1::ReasonTable>(
      R"(version { version: 2 reason { key: "harassment.hate"
         policy_area: "harassment" title: "Hate" severity: "low"
         time_to_decide_ms: 60000 queue: "harm" exposure: "text" }
         reason { key: "harassment.images" policy_area: "harassment"
         title: "Images" severity: "critical" time_to_decide_ms: 60000
         queue: "harm" exposure: "graphic" needs_second_person: true } })"));
  world_.reasons = std::make_shared<const ReasonTable>(*std::move(table));
  world_.Restart();
  auto report = [this](const std::string& reason, const std::string& note,
                       const std::vector<SentMessage>& messages) {
    v1::ReportContent content =
        world_.Content(Account("mallory"), reason, messages);
    content.set_taxonomy_version(2);
    content.set_note(note);
    world_.Report(content, kBob);
    world_.Fold();
    return world_.OnlyCase();
  };
  v1::CaseSummary first = report("harassment.hate", "Где ты?", {});
  EXPECT_EQ(first.language_hint(), "Cyrl");
  EXPECT_EQ(first.exposure(), v1::EXPOSURE_CATEGORY_TEXT);
  v1::CaseSummary empty = report("harassment.images", "Где ты?", {});
  EXPECT_EQ(empty.exposure(), v1::EXPOSURE_CATEGORY_TEXT);
  EXPECT_FALSE(empty.needs_second_person());
  SentMessage proof =
      world_.platform.SendText(Account("mallory"), "where do you live");
  v1::CaseSummary proven = report("harassment.images", "", {proof});
  EXPECT_EQ(proven.language_hint(), "Latn");
  EXPECT_EQ(proven.exposure(), v1::EXPOSURE_CATEGORY_GRAPHIC);
  EXPECT_TRUE(proven.needs_second_person());
  EXPECT_EQ(report("harassment.hate", "Где ты?", {}).language_hint(), "Latn");
}

TEST_F(ModerationRoutingTest, BelievesNobodyWhoBringsForgeries) {
  auto summary = [this](const std::string& name,
                        const std::vector<SentMessage>& messages) {
    world_.clock.Advance(1);
    world_.Report(world_.Content(Account(name), "violence.threat", messages),
                  kBob);
    world_.Fold();
    return Summary(NewestCaseOf(name, "violence"));
  };
  SentMessage other_room = world_.platform.SendText(Account("b"), "x");
  other_room.reported.mutable_frank()->set_room_uri("mimi://hub.example/r/x");
  SentMessage broken = world_.platform.SendText(Account("c"), "x");
  broken.reported.mutable_frank()->set_franking_tag("short");
  for (const v1::CaseSummary& only_forged :
       {summary("a", {Forged("a")}), summary("b", {other_room}),
        summary("c", {broken}), summary("d", {Forged("d"), Forged("d")})}) {
    EXPECT_EQ(only_forged.severity(), v1::SEVERITY_LOW);
    EXPECT_GE(only_forged.deadline(), kNow + 24 * kHour);
  }
  // One whose key is gone beside it is no forgery, and no reason to believe.
  SentMessage expired =
      world_.platform.SendText(Account("e"), "x", StampingPlatform::kDead);
  EXPECT_EQ(summary("e", {Forged("e"), expired}).severity(),
            v1::SEVERITY_MEDIUM);
  EXPECT_EQ(summary("f", {expired}).severity(), v1::SEVERITY_CRITICAL);
  // What is proven is proven, whatever comes with it.
  SentMessage proven = world_.platform.SendText(Account("g"), "x");
  EXPECT_EQ(summary("g", {Forged("g"), proven}).severity(),
            v1::SEVERITY_CRITICAL);
}

TEST_F(ModerationRoutingTest, CapsByWhatTheConfigurationSays) {
  auto table = services::MakeReasonTable(Parse<config::v1::ReasonTable>(
      R"(unproven_max_severity: "high" unproven_min_time_to_decide_ms: 60000)"));
  world_.reasons = std::make_shared<const ReasonTable>(*std::move(table));
  world_.Restart();
  world_.Report(world_.Content(Account("mallory"), "violence.trafficking", {}),
                kBob);
  world_.Fold();
  EXPECT_EQ(world_.OnlyCase().severity(), v1::SEVERITY_HIGH);
  EXPECT_EQ(world_.OnlyCase().deadline(), world_.clock.Now() + kHour);
  EXPECT_EQ(services::MakeReasonTable(Parse<config::v1::ReasonTable>(
                                          R"(unproven_max_severity: "grave")"))
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ModerationRoutingTest, RoutesWhatNobodyCanOpenToIntegrity) {
  v1::ForwardRequest request = world_.Seal(
      world_.Content(Account("mallory"), "harassment.hate", {}), kBob);
  request.mutable_sealed_report()->back() ^= 1;
  ASSERT_TRUE(world_.Forward({request}).ok());
  world_.Fold();
  v1::CaseSummary only = world_.OnlyCase();
  EXPECT_EQ(only.queue(), kIntegrityQueue);
  EXPECT_EQ(only.proof(), v1::PROOF_STATUS_UNOPENABLE);
}

TEST_F(ModerationRoutingTest, KnowsReasonsScriptAndWhetherTwoMustDecide) {
  for (auto& moderator : *world_.config.mutable_moderator()) {
    moderator.set_child_safety(true);
  }
  world_.Restart();
  std::string id = ReportMessage(
      "mallory", "child_safety.grooming", "bob",
      world_.platform.SendText(Account("mallory"), "Где ты живёшь?"));
  ReportAbout("mallory", "child_safety.other", "carol");
  v1::CaseSummary summary = Summary(id);
  EXPECT_THAT(summary.reason(), ::testing::ElementsAre("child_safety.grooming",
                                                       "child_safety.other"));
  EXPECT_EQ(summary.language_hint(), "Cyrl");
  EXPECT_TRUE(summary.needs_second_person());
  EXPECT_EQ(summary.queue(), "child-safety");
}

TEST_F(ModerationRoutingTest, JudgesAReportByTheVersionThatItNames) {
  auto table = services::MakeReasonTable(Parse<config::v1::ReasonTable>(
      R"(version { version: 2 reason { key: "harassment.hate"
         policy_area: "harassment" title: "Hate" severity: "critical"
         time_to_decide_ms: 60000 queue: "harm" exposure: "text" } })"));
  world_.reasons = std::make_shared<const ReasonTable>(*std::move(table));
  world_.Restart();
  EXPECT_EQ(Summary(ReportAbout("old")).severity(), v1::SEVERITY_HIGH);
  v1::ReportContent content =
      world_.Content(Account("new"), "harassment.hate",
                     {world_.platform.SendText(Account("new"), "abuse")});
  content.set_taxonomy_version(2);
  world_.Report(content, kBob);
  world_.Fold();
  std::string id = NewestCaseOf("new", "harassment");
  EXPECT_EQ(Summary(id).severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(Summary(id).queue(), "harm");
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->report(0).taxonomy_version(),
            2u);
}

}  // namespace
}  // namespace frank::moderation
