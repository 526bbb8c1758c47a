// Policies: the tree, its versions, and what decisions may name.
#include <functional>
#include <string>

#include "core/limits.h"
#include "core/status.h"
#include "core/taxonomy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "services/moderation/default_policies.h"
#include "services/moderation/policy_book.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using ::testing::HasSubstr;

config::v1::PolicyFile DefaultFile() {
  config::v1::PolicyFile file;
  EXPECT_TRUE(wire::ParseTextProto("default", kDefaultPolicies, &file).ok());
  return file;
}

TEST(PolicyBookTest, BringsPoliciesForEveryAreaOfTheTaxonomy) {
  absl::StatusOr<PolicyBook> book = PolicyBook::Load("");
  ASSERT_TRUE(book.ok()) << book.status();
  for (const ReportReason& reason : ReportReasons()) {
    bool found = false;
    for (const auto& policy : book->policies().policy()) {
      found = found || policy.policy() == reason.policy_area;
      EXPECT_NE(policy.title(), "");
      EXPECT_NE(policy.text(), "");
    }
    EXPECT_TRUE(found) << reason.policy_area;
  }
  EXPECT_EQ(book->strike_lifetime(), 90 * kDay);
  EXPECT_EQ(book->ladder().size(), 5u);
}

TEST(PolicyBookTest, FindsAPolicyByItsIdOrItsLastWord) {
  const PolicyBook book = PolicyBook::Load("").value();
  EXPECT_EQ(book.FindPolicy("violence.threats")->policy(), "violence.threats");
  EXPECT_EQ(book.FindPolicy("threats")->policy(), "violence.threats");
  for (const char* name :
       {"", "violence", "reats", "no.such", ".threats", "violence.threats.x"}) {
    absl::Status status = book.FindPolicy(name).status();
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << name;
    EXPECT_EQ(FindFieldViolation(status)->field, "policy");
  }
}

TEST(PolicyBookTest, TakesNoWordThatTwoPoliciesEndIn) {
  config::v1::PolicyFile file = DefaultFile();
  config::v1::Policy* other = file.add_policy();
  other->set_word("other");
  other->add_policy()->set_word("threats");
  const PolicyBook book = PolicyBook::Create(file).value();
  EXPECT_FALSE(book.FindPolicy("threats").ok());
  EXPECT_TRUE(book.FindPolicy("other.threats").ok());
}

TEST(PolicyBookTest, KeepsReasonsForActingAndForNotActingApart) {
  const PolicyBook book = PolicyBook::Load("").value();
  EXPECT_TRUE(book.FindReason("proven", true).ok());
  EXPECT_TRUE(book.FindReason("no_breach", false).ok());
  EXPECT_EQ(
      FindFieldViolation(book.FindReason("proven", false).status())->field,
      "reason");
  EXPECT_EQ(
      FindFieldViolation(book.FindReason("no_breach", true).status())->field,
      "reason");
}

TEST(PolicyBookTest, RefusesFilesThatBreakARule) {
  using File = config::v1::PolicyFile;
  const std::vector<std::pair<const char*, std::function<void(File*)>>> bad = {
      {"version", [](File* f) { f->set_version(0); }},
      {"policy", [](File* f) { f->clear_policy(); }},
      {"policy[0].word", [](File* f) { f->mutable_policy(0)->set_word(""); }},
      {"policy[0].word", [](File* f) { f->mutable_policy(0)->set_word("A"); }},
      {"policy[0].word",
       [](File* f) { f->mutable_policy(0)->set_word("a.b"); }},
      {"policy[0].word",
       [](File* f) { f->mutable_policy(0)->set_word(std::string(33, 'a')); }},
      {"policy[1].word",
       [](File* f) { f->mutable_policy(1)->set_word(f->policy(0).word()); }},
      {"policy[0].policy[0].word",
       [](File* f) {
         f->mutable_policy(0)->set_word(std::string(32, 'a'));
         f->mutable_policy(0)->mutable_policy(0)->set_word(
             std::string(32, 'b'));
       }},
      {"policy[0].title",
       [](File* f) { f->mutable_policy(0)->set_title(std::string(129, 'x')); }},
      {"policy[0].text",
       [](File* f) { f->mutable_policy(0)->set_text(std::string(4097, 'x')); }},
      {"policy[0].policy[0].strike_weight",
       [](File* f) {
         f->mutable_policy(0)->mutable_policy(0)->set_strike_weight(101);
       }},
      {"action_reason", [](File* f) { f->clear_action_reason(); }},
      {"no_action_reason", [](File* f) { f->clear_no_action_reason(); }},
      {"action_reason[1].word",
       [](File* f) {
         f->mutable_action_reason(1)->set_word(f->action_reason(0).word());
       }},
      {"ladder[0].strike_count",
       [](File* f) { f->mutable_ladder(0)->set_strike_count(0); }},
      {"ladder[1].strike_count",
       [](File* f) { f->mutable_ladder(1)->set_strike_count(1); }},
      {"ladder[0].action",
       [](File* f) { f->mutable_ladder(0)->set_action("restore"); }},
      {"ladder[0].duration_ms",
       [](File* f) { f->mutable_ladder(0)->set_duration_ms(1); }},
      {"ladder[2].duration_ms",
       [](File* f) {
         f->mutable_ladder(2)->set_duration_ms(limits::kMaxSanction + 1);
       }},
      {"ladder[0].messages_an_hour",
       [](File* f) { f->mutable_ladder(0)->set_messages_an_hour(1); }},
      {"ladder[1].messages_an_hour",
       [](File* f) { f->mutable_ladder(1)->set_messages_an_hour(0); }},
  };
  for (const auto& [field, spoil] : bad) {
    SCOPED_TRACE(field);
    File file = DefaultFile();
    spoil(&file);
    absl::Status status = PolicyBook::Create(file).status();
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_EQ(FindFieldViolation(status)->field, field);
  }
}

TEST(PolicyBookTest, RefusesAnotherTextUnderAVersionThatWasUsed) {
  DecisionWorld world;
  config::v1::PolicyFile changed = DefaultFile();
  changed.mutable_policy(0)->set_text("Otherwise.");
  const PolicyBook other = PolicyBook::Create(changed).value();
  // Nobody has named the version yet.
  EXPECT_TRUE(other.CheckStore(*world.engine).ok());
  ASSERT_TRUE(world
                  .DecideOne(world.NewCase(kMallory),
                             {MakeAction(v1::ACTION_KIND_WARN)}, 'a')
                  .ok());
  absl::Status refused = other.CheckStore(*world.engine);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_THAT(refused.message(), HasSubstr("version"));
  EXPECT_TRUE(world.process->policies.CheckStore(*world.engine).ok());
  // Not even an instance that was started before it was used may name it.
  absl::Status use = storage::RunTransactionAndWait(
      *world.engine, [&](storage::Transaction& transaction) {
        return other.Use(transaction);
      });
  EXPECT_TRUE(absl::IsFailedPrecondition(use));
  changed.set_version(2);
  EXPECT_TRUE(PolicyBook::Create(changed)->CheckStore(*world.engine).ok());
}

TEST(PolicyBookTest, LetsTheLadderChangeUnderTheSameVersion) {
  DecisionWorld world;
  ASSERT_TRUE(world
                  .DecideOne(world.NewCase(kMallory),
                             {MakeAction(v1::ACTION_KIND_WARN)}, 'a')
                  .ok());
  config::v1::PolicyFile changed = DefaultFile();
  changed.clear_ladder();
  EXPECT_TRUE(PolicyBook::Create(changed)->CheckStore(*world.engine).ok());
}

TEST(PolicyBookTest, ListsTheVersionsThatDecisionsName) {
  DecisionWorld world;
  v1::ListPoliciesRequest request;
  auto now = world.Ask(&DecisionHandler::ListPolicies, kAdministrator, request);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->version(), 1);
  EXPECT_EQ(now->policy(0).policy(), "child_safety");
  EXPECT_TRUE(now->policy(0).heading());
  EXPECT_EQ(now->policy(1).policy(), "child_safety.sexual_abuse");
  EXPECT_TRUE(now->policy(1).second_person());
  EXPECT_EQ(now->ladder_size(), 5);
  request.set_version(2);
  EXPECT_EQ(
      ReasonOf(world.Ask(&DecisionHandler::ListPolicies, kReviewer, request)
                   .status()),
      "NOT_FOUND");
  // An older version stays to be read when a newer one is in force.
  config::v1::PolicyFile newer = DefaultFile();
  newer.set_version(2);
  newer.mutable_policy(0)->set_text("Otherwise.");
  const PolicyBook book = PolicyBook::Create(newer).value();
  ASSERT_TRUE(
      storage::RunTransactionAndWait(*world.engine,
                                     [&](storage::Transaction& transaction) {
                                       return book.Use(transaction);
                                     })
          .ok());
  auto stored = world.Ask(&DecisionHandler::ListPolicies, kReviewer, request);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->version(), 2);
  EXPECT_EQ(stored->policy(0).text(), "Otherwise.");
}

TEST(PolicyBookTest, RefusesDecisionsWithoutAKnownPolicyOrAFittingReason) {
  DecisionWorld world;
  v1::CaseSummary held = world.NewCase(kMallory);
  const v1::DecideCaseRequest act =
      world.Decision(held, {MakeAction(v1::ACTION_KIND_WARN)}, IdOf('a'));
  const v1::DecideCaseRequest none =
      world.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)}, IdOf('a'));
  auto field_of = [&](v1::DecideCaseRequest request) -> std::string {
    absl::Status status = world.Decide(kReviewer, request).status();
    return FindFieldViolation(status).value_or(FieldViolation{}).field;
  };
  auto with = [](v1::DecideCaseRequest request, const std::string& policy,
                 const std::string& reason) {
    request.set_policy(policy);
    request.set_reason(reason);
    return request;
  };
  EXPECT_EQ(field_of(with(act, "no.such", "proven")), "policy");
  EXPECT_EQ(field_of(with(act, "violence", "proven")), "policy");
  EXPECT_EQ(field_of(with(act, "threats", "")), "reason");
  EXPECT_EQ(field_of(with(act, "threats", "no_breach")), "reason");
  EXPECT_EQ(field_of(with(none, "threats", "")), "reason");
  EXPECT_EQ(field_of(with(none, "threats", "proven")), "reason");
  auto decided = world.Decide(kReviewer, with(act, "threats", "proven"));
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->decision().policy(), "violence.threats");
  EXPECT_EQ(decided->decision().policy_version(), 1);
  EXPECT_EQ(decided->decision().reason(), "proven");
}

}  // namespace
}  // namespace frank::moderation
