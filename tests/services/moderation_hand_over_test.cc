// Cases that change hands: to somebody who may have them, from who holds them,
// and how far they may be put off.
#include "core/limits.h"
#include "crypto/hash.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;

class ModerationHandOverTest : public QueueFixture {
 protected:
  // An account of the store.
  void AddModerator(const std::string& id, v1::ModeratorRole role,
                    bool child_safety = false) {
    v1::AddModeratorRequest request;
    request.set_id(id);
    request.add_role(role);
    request.set_child_safety(child_safety);
    request.set_token_sha256(ToString(crypto::Sha256({AsBytes(id)})));
    ASSERT_TRUE(
        world_.People(&ModeratorHandler::AddModerator, kAdministrator, request)
            .ok());
  }
  void LinkTo(const std::string& id, const std::string& account) {
    v1::LinkAccountRequest request;
    request.set_id(id);
    request.set_account_uri(account);
    ASSERT_TRUE(
        world_.People(&ModeratorHandler::LinkAccount, kAdministrator, request)
            .ok());
  }
  void Disable(const std::string& id) {
    v1::EnableModeratorRequest request;
    request.set_id(id);
    ASSERT_TRUE(
        world_
            .People(&ModeratorHandler::EnableModerator, kAdministrator, request)
            .ok());
  }
  // Whether rita may give somebody a case about mallory, and takes it back.
  bool MayReceive(const std::string& id, const std::string& moderator) {
    v1::CaseSummary held = Claim(id);
    auto over = HandOverTo(held, moderator);
    if (!over.ok()) {
      EXPECT_EQ(FindFieldViolation(over.status())->field, "moderator");
      return false;
    }
    EXPECT_EQ(over->case_summary().lease().holder(), moderator);
    Rewrite(id, [](auto* record) { record->mutable_lease()->clear_holder(); });
    return true;
  }
};

TEST_F(ModerationHandOverTest, GivesNothingToAProviderThatThereIsNot) {
  std::string id = ReportAbout("mallory");
  EXPECT_FALSE(MayReceive(id, "oidc:lena"));
  world_.has_provider = true;
  world_.Restart();
  EXPECT_TRUE(MayReceive(id, "oidc:lena"));
}

TEST_F(ModerationHandOverTest, GivesNobodyMoreCasesThanOneMayHold) {
  world_.held_limit = 1;
  world_.Restart();
  std::string id = ReportAbout("mallory");
  v1::CaseSummary of_sam = Claim(ReportAbout("trudy"), kSecondReviewer);
  v1::CaseSummary of_rita = Claim(id);
  EXPECT_EQ(Reason(HandOverTo(of_rita, "sam").status()), "QUOTA_EXCEEDED");
  Claim(ReportAbout("mordred"), kSenior);
  EXPECT_EQ(Reason(TakeOver(of_rita).status()), "QUOTA_EXCEEDED");
  ASSERT_TRUE(world_.Release(kSecondReviewer, of_sam, "").ok());
  EXPECT_TRUE(HandOverTo(of_rita, "sam").ok());
}

TEST_F(ModerationHandOverTest, GivesACaseOnlyToWhoMayHaveIt) {
  std::string id = ReportAbout("mallory");
  AddModerator("lena", v1::MODERATOR_ROLE_REVIEWER);
  AddModerator("otto", v1::MODERATOR_ROLE_REVIEWER);
  LinkTo("otto", Account("mallory"));
  EXPECT_TRUE(MayReceive(id, "sam"));
  EXPECT_TRUE(MayReceive(id, "lena"));
  EXPECT_FALSE(MayReceive(id, "nobody-of-this-name"));
  EXPECT_FALSE(MayReceive(id, "audrey")) << "an auditor";
  EXPECT_FALSE(MayReceive(id, "otto")) << "linked to who is accused";
  Disable("sam");
  Disable("lena");
  EXPECT_FALSE(MayReceive(id, "sam"));
  EXPECT_FALSE(MayReceive(id, "lena"));
}

TEST_F(ModerationHandOverTest, GivesNobodyWhatTheyOptedOutOf) {
  std::string id = ReportAbout("mallory", "violence.extremism");
  v1::SetOptOutsRequest opt_out;
  opt_out.add_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
  ASSERT_TRUE(
      world_.People(&ModeratorHandler::SetOptOuts, kSecondReviewer, opt_out)
          .ok());
  EXPECT_FALSE(MayReceive(id, "sam"));
  EXPECT_TRUE(MayReceive(id, "sena"));
}

TEST_F(ModerationHandOverTest, GivesChildSafetyOnlyToWhoHasThePermission) {
  for (auto& moderator : *world_.config.mutable_moderator()) {
    if (moderator.id() == "rita") moderator.set_child_safety(true);
  }
  world_.Restart();
  AddModerator("carla", v1::MODERATOR_ROLE_REVIEWER, true);
  std::string id = ReportAbout("mallory", "child_safety.grooming");
  EXPECT_FALSE(MayReceive(id, "sam"));
  EXPECT_TRUE(MayReceive(id, "carla"));
}

TEST_F(ModerationHandOverTest, GivesACaseToAProvidersModeratorOfAnyLength) {
  world_.has_provider = true;
  world_.Restart();
  std::string id = ReportAbout("mallory");
  std::string longest = kProviderPrefix + std::string(128, 's');
  EXPECT_TRUE(MayReceive(id, longest));
  EXPECT_FALSE(MayReceive(id, longest + "s"));
  Claim(id);
  // And finds what they hold.
  v1::ListCasesRequest list;
  list.mutable_filter()->set_moderator(longest);
  EXPECT_TRUE(world_.ListCases(kReviewer, list).ok());
}

TEST_F(ModerationHandOverTest, GivesTheSeniorsQueueToSeniorsAlone) {
  std::string id = ReportAbout("mallory");
  ASSERT_TRUE(Escalate(Claim(id)).ok());
  v1::CaseSummary held = Claim(id, kSenior);
  v1::HandOverCaseRequest request = HandOverRequest(held);
  request.set_moderator("sam");
  auto over = Call(&QueueHandler::HandOverCase, kSenior, request);
  EXPECT_EQ(FindFieldViolation(over.status())->field, "moderator");
}

TEST_F(ModerationHandOverTest, LetsASeniorTakeACaseFromWhoHoldsIt) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  EXPECT_EQ(Reason(TakeOver(held, kSecondReviewer).status()), "NOT_PERMITTED");
  auto taken = TakeOver(held);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->case_summary().lease().holder(), "sena");
  EXPECT_EQ(taken->case_summary().lease().epoch(), held.lease().epoch() + 1);
  EXPECT_EQ(Reason(world_.Renew(kReviewer, held).status()), "LEASE_LOST");
  // The same again is answered as the first time.
  EXPECT_EQ(TakeOver(held)->case_summary().lease().epoch(),
            held.lease().epoch() + 1);
  auto acts = world_.Acts(kAuditor, id);
  EXPECT_EQ(acts->act(acts->act_size() - 1).act(), "case.taken_over");
  EXPECT_EQ(acts->act(acts->act_size() - 1).actor(), "moderator:sena");
  auto shown = world_.GetCase(kSenior, id, true);
  ASSERT_EQ(shown->note_size(), 1);
  EXPECT_EQ(shown->note(0).text(), "rita is ill");
}

TEST_F(ModerationHandOverTest, TakesOverOnlyTheLeaseThatWasNamed) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  ASSERT_TRUE(world_.Release(kReviewer, held, "").ok());
  EXPECT_EQ(Reason(TakeOver(held).status()), "LEASE_LOST");
  Claim(id, kSecondReviewer);
  EXPECT_EQ(Reason(TakeOver(held).status()), "LEASE_LOST");
}

TEST_F(ModerationHandOverTest, TakesOverNothingThatTheSeniorDecidedBefore) {
  std::string id = ReportAbout("mallory");
  Rewrite(id, [](auto* record) { record->add_excluded_moderator("sena"); });
  EXPECT_EQ(Reason(TakeOver(Claim(id)).status()), "EXCLUDED");
}

TEST_F(ModerationHandOverTest, AnswersAClaimOfWhatOneHoldsWithTheSameLease) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  world_.clock.Advance(kMinute);
  EXPECT_EQ(Claim(id).SerializeAsString(), held.SerializeAsString());
  EXPECT_TRUE(world_.Renew(kReviewer, held).ok());
  // One that has lapsed is taken anew.
  world_.clock.Advance(15 * kMinute);
  EXPECT_EQ(Claim(id).lease().epoch(), held.lease().epoch() + 1);
}

TEST_F(ModerationHandOverTest, PutsOffPastTheDeadlineOnlyWhenThatIsSaid) {
  std::string id = ReportAbout("mallory");
  v1::CaseSummary held = Claim(id);
  v1::HoldCaseRequest request = HoldRequest(held, held.deadline() + 1);
  request.set_past_deadline(false);
  auto hold = Call(&QueueHandler::HoldCase, kReviewer, request);
  EXPECT_EQ(FindFieldViolation(hold.status())->field, "until");
  request.set_past_deadline(true);
  ASSERT_TRUE(Call(&QueueHandler::HoldCase, kReviewer, request).ok());
  auto acts = world_.Acts(kAuditor, id);
  EXPECT_THAT(acts->act(acts->act_size() - 1).details(),
              ::testing::HasSubstr(R"("past_deadline":true)"));
}

TEST_F(ModerationHandOverTest, OpensAnotherCaseWhenOneIsFull) {
  std::string full = ReportAbout("mallory");
  Rewrite(full, [](auto* record) {
    record->set_report_count(limits::kMaxReportsOfCase);
  });
  std::string next = ReportAbout("mallory", "harassment.hate", "carol");
  ASSERT_NE(next, full);
  auto shown = world_.GetCase(kReviewer, next, false);
  ASSERT_EQ(shown->link_size(), 1);
  EXPECT_EQ(shown->link(0).case_id(), full);
  EXPECT_EQ(ReportAbout("mallory", "harassment.hate", "dave"), next);
  EXPECT_EQ(Reason(Merge(Claim(next), full).status()), "TOO_LARGE");
  // Nor can everything be decided at once.
  Rewrite(next, [](auto* record) {
    record->set_report_count(limits::kMaxDecidedReports);
  });
  v1::DecideCaseRequest request = world_.Decision(
      Claim(full), {MakeAction(v1::ACTION_KIND_NONE)}, std::string(16, 'd'));
  v1::HeldCase* other = request.add_held_case();
  other->set_case_id(next);
  other->set_epoch(Summary(next).lease().epoch());
  EXPECT_EQ(Reason(world_.Decide(kReviewer, request).status()), "TOO_LARGE");
}

TEST_F(ModerationHandOverTest, WakesWhatADuplicateIsClosedInto) {
  std::string into = ReportAbout("mallory");
  ASSERT_TRUE(Hold(Claim(into), world_.clock.Now() + kHour).ok());
  std::string from = ReportAbout("mallory", "violence.threat", "carol");
  auto merged = Merge(Claim(from), into);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->into().state(), v1::CASE_STATE_OPEN);
  EXPECT_THAT(ActsOf(into), Contains("case.woken"));
}

}  // namespace
}  // namespace frank::moderation
