#include "client/command/own_appeal_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using ::testing::HasSubstr;

constexpr UnixMillis kNow = 1'800'000'000'000;

v1::DecisionAboutAccount Decision() {
  v1::DecisionAboutAccount decision;
  decision.set_decision_id(std::string(16, '\xab'));
  decision.set_notice_kind(v1::NOTICE_KIND_SUSPENDED);
  decision.set_policy("violence.threats");
  decision.set_until(kNow + 7 * kDay);
  decision.set_told_at(kNow);
  decision.set_appeal_until(kNow + 30 * kDay);
  return decision;
}
v1::DecisionAboutAccount Appealed(v1::AppealState state) {
  v1::DecisionAboutAccount decision = Decision();
  decision.mutable_appeal()->set_accepted_at(kNow + 1);
  decision.mutable_appeal()->set_state(state);
  return decision;
}

TEST(OwnAppealViewTest, HasEachFactOnceInJson) {
  EXPECT_EQ(OwnDecisionJson(Decision()).ToString(),
            R"({"decision_id":"abababababababababababababababab",)"
            R"("notice":"suspended","policy":"violence.threats",)"
            R"("until":1800604800000,"told_at":1800000000000,)"
            R"("appeal_until":1802592000000,"appeal":"none","appealed_at":0,)"
            R"("outcome":"","decided_at":0})");
}

TEST(OwnAppealViewTest, SaysHowFarAnAppealHasCome) {
  const auto json = [](v1::AppealState state) {
    return OwnDecisionJson(Appealed(state)).ToString();
  };
  EXPECT_THAT(json(v1::APPEAL_STATE_ACCEPTED),
              HasSubstr(R"("appeal":"accepted","appealed_at":1800000000001)"));
  EXPECT_THAT(json(v1::APPEAL_STATE_FORWARDED),
              HasSubstr(R"("appeal":"with_moderators")"));
  v1::DecisionAboutAccount decided = Appealed(v1::APPEAL_STATE_DECIDED);
  decided.mutable_appeal()->set_outcome(v1::APPEAL_OUTCOME_GRANTED);
  decided.mutable_appeal()->set_decided_at(kNow + 2);
  EXPECT_THAT(OwnDecisionJson(decided).ToString(),
              HasSubstr(R"("appeal":"decided","appealed_at":1800000000001,)"
                        R"("outcome":"granted","decided_at":1800000000002)"));
  EXPECT_THAT(OwnDecisionText(decided, kNow),
              HasSubstr("appealed; the decision was taken back"));
}

TEST(OwnAppealViewTest, SaysUntilWhenThereMayBeOne) {
  EXPECT_THAT(OwnDecisionText(Decision(), kNow),
              HasSubstr("may be appealed until"));
  EXPECT_THAT(OwnDecisionText(Decision(), kNow + 30 * kDay),
              HasSubstr("could be appealed until"));
}

TEST(OwnAppealViewTest, MakesThePlatformsWordsPrintable) {
  v1::DecisionAboutAccount decision = Decision();
  decision.set_policy("a\x1b[2J");
  EXPECT_THAT(OwnDecisionText(decision, kNow), HasSubstr("a<U+001B>[2J"));
}

}  // namespace
}  // namespace frank::client
