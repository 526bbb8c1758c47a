#include "client/command/mod_decision_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr uint64_t kDay = 86'400'000;

v1::LadderStep Step(uint32_t strikes, v1::ActionKind kind, uint64_t duration,
                    uint32_t rate = 0) {
  v1::LadderStep step;
  step.set_strike_count(strikes);
  step.set_kind(kind);
  step.set_duration_ms(duration);
  step.set_messages_an_hour(rate);
  return step;
}

TEST(ModDecisionViewTest, SaysWhatStrikesLeadTo) {
  EXPECT_EQ(LadderStepText(Step(1, v1::ACTION_KIND_WARN, 0)),
            "1st strike: warn");
  EXPECT_EQ(LadderStepText(Step(2, v1::ACTION_KIND_LIMIT, kDay, 20)),
            "2nd strike: limit to 20 messages an hour for 1 day");
  EXPECT_EQ(LadderStepText(Step(3, v1::ACTION_KIND_SUSPEND, 7 * kDay)),
            "3rd strike: suspend for 7 days");
  EXPECT_EQ(LadderStepText(Step(12, v1::ACTION_KIND_SUSPEND, 0)),
            "12th strike: suspend until further notice");
  EXPECT_EQ(LadderStepText(Step(23, v1::ACTION_KIND_UNSPECIFIED, 0)),
            "23rd strike: nothing more");
}

TEST(ModDecisionViewTest, PreviewsInWordsAndAsJson) {
  v1::PreviewDecisionResponse preview;
  *preview.mutable_ladder_step() = Step(3, v1::ACTION_KIND_SUSPEND, 7 * kDay);
  preview.set_strike_lifetime_ms(90 * kDay);
  preview.mutable_account()->set_suspended(true);
  preview.mutable_account()->set_notice(v1::NOTICE_KIND_SUSPENDED);
  auto* told = preview.add_told();
  told->set_outcome(v1::REPORT_OUTCOME_ACTION_TAKEN);
  told->set_count(2);
  preview.add_approval_cause(v1::APPROVAL_CAUSE_PERMANENT_SUSPENSION);
  preview.set_least_wait_ms(60'000);
  preview.set_most_wait_ms(120'000);
  EXPECT_THAT(
      PreviewText(preview),
      AllOf(HasSubstr("in 90 days, 3rd strike: suspend for 7 days"),
            HasSubstr("suspended until further notice, is told suspended"),
            HasSubstr("2 reports: action_taken"),
            HasSubstr("must approve: permanent_suspension"),
            HasSubstr("to 2 minutes; until then it can be undone")));
  EXPECT_THAT(
      PreviewJson(preview).ToString(),
      AllOf(
          HasSubstr("\"kind\":\"preview\""),
          HasSubstr("\"told\":[{\"outcome\":\"action_taken\",\"reports\":2}]"),
          HasSubstr("\"approval_causes\":[\"permanent_suspension\"]"),
          HasSubstr("\"ladder_step\":{\"strikes\":3,\"action\":\"suspend\"")));
}

TEST(ModDecisionViewTest, ShowsADecisionWithItsHistory) {
  v1::Decision decision;
  decision.set_decision_id(std::string(16, '\xAB'));
  decision.set_state(v1::DECISION_STATE_REVERSED);
  decision.set_moderator("anna");
  decision.set_policy("violence.threats");
  decision.set_policy_version(3);
  decision.set_reason("proven");
  decision.set_rationale("A threat.\nTwice.");
  decision.add_action()->set_kind(v1::ACTION_KIND_ASK_REPORTER);
  v1::DecisionEvent* event = decision.add_event();
  event->set_kind(v1::DECISION_EVENT_KIND_REVERSED);
  event->set_moderator("ben");
  event->set_reason("\x1b[2J");
  EXPECT_THAT(DecisionText(decision),
              AllOf(HasSubstr("reversed, by anna"),
                    HasSubstr("violence.threats (version 3), proven"),
                    HasSubstr("actions ask_reporter"),
                    HasSubstr("    | A threat.\n    | Twice."),
                    HasSubstr("reversed by ben"), HasSubstr("<U+001B>[2J"),
                    Not(HasSubstr("\x1b"))));
  EXPECT_THAT(DecisionJson(decision).ToString(),
              AllOf(HasSubstr("\"state\":\"reversed\""),
                    HasSubstr("\"policy_version\":3"),
                    HasSubstr("\"events\":[{\"event\":\"reversed\"")));
}

TEST(ModDecisionViewTest, IndentsThePoliciesAsATree) {
  v1::Policy policy;
  policy.set_policy("violence.threats");
  policy.set_title("Threats");
  policy.set_text("No threat.");
  policy.set_strike_weight(2);
  policy.set_second_person(true);
  EXPECT_EQ(PolicyText(policy),
            "  violence.threats  Threats, strikes 2, by two\n"
            "      No threat.");
  EXPECT_THAT(PolicyJson(policy).ToString(),
              HasSubstr("\"policy\":\"violence.threats\""));
}

}  // namespace
}  // namespace frank::client
