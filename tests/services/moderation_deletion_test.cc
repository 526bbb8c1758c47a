// Deletion of evidence, as an action of a decision.
#include <string>
#include <vector>

#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/retention_world.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class DeletionTest : public ::testing::Test {
 protected:
  // Proposed as 'd'.
  v1::CaseSummary Propose(std::vector<v1::Action> actions = {}) {
    v1::CaseSummary held = world_.NewCase(kMallory);
    id_ = held.case_id();
    actions.push_back(MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE));
    auto decided = world_.DecideOne(held, actions, 'd');
    EXPECT_TRUE(decided.ok()) << decided.status();
    EXPECT_EQ(decided->decision().state(), v1::DECISION_STATE_PROPOSED);
    EXPECT_THAT(decided->decision().approval_cause(),
                Contains(v1::APPROVAL_CAUSE_DELETION));
    return held;
  }

  // As the case stands now.
  absl::StatusOr<v1::ApproveDecisionResponse> Approve(
      const std::string& token = kSenior) {
    return world_.Approve(token, 'd', 'A', {Revision()});
  }
  uint64_t Revision() {
    return world_.GetCase(kSenior, id_, false)->case_summary().revision();
  }

  RetentionWorld world_;
  std::string id_;
};

TEST_F(DeletionTest, IsNotOfWhatTheSecondPersonWasNotShown) {
  Propose();
  const uint64_t seen = Revision();
  EXPECT_EQ(FindFieldViolation(world_.Approve(kSenior, 'd').status())->field,
            "seen_revision");
  EXPECT_EQ(FindFieldViolation(
                world_.Approve(kSenior, 'd', 'A', {seen, seen}).status())
                ->field,
            "seen_revision");
  EXPECT_EQ(FindFieldViolation(world_.Approve(kSenior, 'd', 'A', {0}).status())
                ->field,
            "seen_revision");
  world_.Report(
      ModerationWorld::Content(kMallory, "harassment.hate",
                               {world_.platform.SendText(kMallory, "again")}),
      kCarol);
  world_.Fold();
  EXPECT_EQ(ReasonOf(world_.Approve(kSenior, 'd', 'A', {seen}).status()),
            "NEW_EVIDENCE");
  EXPECT_EQ(world_.StateOf(id_), v1::CASE_STATE_AWAITING_APPROVAL);
  EXPECT_TRUE(Approve().ok());
  // A repeat is the same act, whatever has come since.
  EXPECT_TRUE(world_.Approve(kSenior, 'd', 'A', {seen}).ok());
}

TEST_F(DeletionTest, TakesASecondDifferentPerson) {
  Propose();
  world_.clock.Advance(3650 * kDay);
  world_.Shred();
  EXPECT_EQ(world_.StateOf(id_), v1::CASE_STATE_AWAITING_APPROVAL);
  EXPECT_EQ(ReasonOf(Approve(kReviewer).status()), "NOT_PERMITTED");
  ASSERT_TRUE(Approve().ok());
  world_.Send();
  EXPECT_EQ(
      world_.GetCase(kReviewer, id_, false)->case_summary().retention_class(),
      v1::RETENTION_CLASS_DELETION);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id_));
  // Nothing was done to the account, and the reporter is told as much.
  EXPECT_EQ(world_.receiver.accounts.count(kMallory), 0u);
  EXPECT_EQ(world_.receiver.outcomes[kBob].outcome(),
            v1::REPORT_OUTCOME_NO_ACTION);
}

TEST_F(DeletionTest, IsRefusedToWhoProposedIt) {
  v1::CaseSummary held = world_.NewCase(kMallory, "harassment.hate", kSenior);
  ASSERT_TRUE(world_
                  .DecideOne(held,
                             {MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE)}, 'd',
                             kSenior)
                  .ok());
  EXPECT_EQ(ReasonOf(world_.Approve(kSenior, 'd').status()), "SECOND_PERSON");
}

TEST_F(DeletionTest, WaitsForTheEffectsAndCanBeUndoneUntilThen) {
  Propose();
  ASSERT_TRUE(Approve().ok());
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id_));
  EXPECT_THAT(world_.Obstacles(), ElementsAre(v1::RETENTION_OBSTACLE_EFFECTS));
  ASSERT_TRUE(world_.Undo(kReviewer, 'd').ok());
  world_.Send();
  world_.Shred();
  EXPECT_EQ(world_.StateOf(id_), v1::CASE_STATE_OPEN);
  EXPECT_EQ(world_.GetCase(kReviewer, id_, true)->evidence_size(), 1);
}

TEST_F(DeletionTest, WaitsUntilTheAccountMayNotAppealAnyMore) {
  Propose({MakeAction(v1::ACTION_KIND_WARN)});
  ASSERT_TRUE(Approve().ok());
  world_.Send();
  world_.clock.Advance(37 * kDay - 1);
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id_));
  world_.clock.Advance(1);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id_));
}

TEST_F(DeletionTest, FallsWithTheDecisionThatSaidSo) {
  Propose({MakeAction(v1::ACTION_KIND_WARN)});
  ASSERT_TRUE(Approve().ok());
  world_.Send();
  ASSERT_TRUE(world_.Reverse(kSenior, 'd').ok());
  world_.Send();
  world_.clock.Advance(100 * kDay);
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id_));
  EXPECT_EQ(
      world_.GetCase(kReviewer, id_, false)->case_summary().retention_class(),
      v1::RETENTION_CLASS_DECIDED);
}

TEST_F(DeletionTest, WaitsForLegalHolds) {
  Propose();
  ASSERT_TRUE(world_.PlaceHold(id_, 'h').ok());
  ASSERT_TRUE(Approve().ok());
  world_.Send();
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id_));
  ASSERT_TRUE(world_.LiftHold(id_, 'h').ok());
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id_)) << "who lifts it does not erase alone";
  world_.clock.Advance(7 * kDay);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id_));
}

TEST_F(DeletionTest, IsNotForWhatIsReferred) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  EXPECT_EQ(
      ReasonOf(world_
                   .DecideOne(held,
                              {MakeAction(v1::ACTION_KIND_REFER),
                               MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE)},
                              'd')
                   .status()),
      "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace frank::moderation
