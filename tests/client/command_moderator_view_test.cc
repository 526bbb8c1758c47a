// What moderators see of themselves, and of what was decided before.
#include "client/command/mod_view.h"
#include "client/command/moderator_view.h"
#include "core/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr UnixMillis kNow = 1'700'000'000'000;

v1::Exposure SomeExposure() {
  v1::Exposure exposure;
  exposure.set_shift_started_at(kNow - kHour);
  exposure.set_shift_ends_at(kNow + 11 * kHour);
  v1::CategoryExposure* graphic = exposure.add_category();
  graphic->set_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
  graphic->set_pieces(3);
  graphic->set_budget(120);
  graphic->set_opted_out(true);
  exposure.set_load(18);
  exposure.set_break_due_load(240);
  return exposure;
}

TEST(ModeratorViewTest, NamesRolesAndCategoriesBothWays) {
  for (int role = 1; role <= v1::ModeratorRole_MAX; ++role) {
    auto value = static_cast<v1::ModeratorRole>(role);
    EXPECT_EQ(*ParseRoleText(RoleText(value)), value);
  }
  EXPECT_FALSE(ParseRoleText("unspecified").ok());
  EXPECT_FALSE(ParseRoleText("Reviewer").ok());
  EXPECT_EQ(*ParseExposureText("child_safety"),
            v1::EXPOSURE_CATEGORY_CHILD_SAFETY);
  EXPECT_FALSE(ParseExposureText("none").ok());
}

TEST(ModeratorViewTest, TellsHowMuchIsLeft) {
  std::string text = ExposureLines(SomeExposure(), kNow);
  EXPECT_THAT(text, HasSubstr("3 of 120 pieces, opted out"));
  EXPECT_THAT(text, HasSubstr("18 of the 240"));
  EXPECT_EQ(ExposureJson(SomeExposure()).ToString(),
            "{\"kind\":\"exposure\",\"shift_started_at\":1699996400000,"
            "\"shift_ends_at\":1700039600000,\"categories\":[{\"category\":"
            "\"graphic\",\"pieces\":3,\"budget\":120,\"opted_out\":true}],"
            "\"load\":18,\"break_due_load\":240,\"break_until\":0}");
}

TEST(ModeratorViewTest, TellsOfABreakUntilItHasPassed) {
  v1::Exposure exposure = SomeExposure();
  exposure.set_break_until(kNow + 15 * kMinute);
  EXPECT_THAT(ExposureLines(exposure, kNow),
              HasSubstr("a break is due for 15 minutes"));
  EXPECT_THAT(ExposureLines(exposure, kNow + 15 * kMinute),
              Not(HasSubstr("a break is due for")));
}

TEST(ModeratorViewTest, ShowsIdsOfOthersPrintably) {
  v1::Moderator moderator;
  moderator.set_id("oidc:a\x1b[2J");
  moderator.set_source(v1::MODERATOR_SOURCE_PROVIDER);
  moderator.set_disabled(true);
  std::string line = ModeratorLine(moderator);
  EXPECT_THAT(line, HasSubstr("<U+001B>"));
  EXPECT_THAT(line, HasSubstr("provider"));
  EXPECT_THAT(line, HasSubstr("no role"));
  EXPECT_THAT(line, HasSubstr("DISABLED"));
}

TEST(ModeratorViewTest, SaysThatAMessageWasDecidedBefore) {
  v1::Evidence evidence;
  v1::PriorDecision* prior = evidence.add_prior_decision();
  prior->set_case_id(std::string(16, 'c'));
  prior->set_policy("threats");
  prior->add_action(v1::ACTION_KIND_SUSPEND);
  prior->set_decided_at(kNow);
  EXPECT_THAT(EvidenceText("Evidence 1", evidence),
              HasSubstr("decided before: suspend under threats, 2023-11-14"));
  EXPECT_THAT(EvidenceJson("evidence", evidence).ToString(),
              HasSubstr("\"policy\":\"threats\",\"actions\":[\"suspend\"]"));
}

}  // namespace
}  // namespace frank::client
