// Matters for authorities: waiting, assigned, handed over, withdrawn, and how
// long their cases are kept.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/referral_handler.h"
#include "tests/services/evidence_world.h"
#include "tests/services/retention_world.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kLinked[] = "mimi://hub.example/u/linked";

template <typename World, typename Request, typename Response>
absl::StatusOr<Response> AskIn(
    World& world,
    void (ReferralHandler::*method)(const services::Call&, const Request&,
                                    services::Done<Response>),
    const std::string& token, const Request& request) {
  return Await<Response>([&](services::Done<Response> done) {
    (world.process->referral_handler.*method)(CallOf(token), request,
                                              std::move(done));
  });
}

template <typename World>
void AddAuthorities(World* world) {
  config::v1::Authority* police = world->config.add_authority();
  police->set_name("police");
  police->set_title("The police");
  config::v1::Authority* agency = world->config.add_authority();
  agency->set_name("agency");
  agency->set_title("The agency");
  agency->set_keep_ms(500 * kDay);
  world->StartAgain();
}

class ReferralsTest : public testing::Test {
 protected:
  ReferralsTest() { AddAuthorities(&world_); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      void (ReferralHandler::*method)(const services::Call&, const Request&,
                                      services::Done<Response>),
      const std::string& token, const Request& request) {
    return AskIn(world_, method, token, request);
  }

  // A case about an account, referred by a decision of the reviewer that the
  // senior approved.
  std::string Referred(char decision = 'r',
                       const std::string& accused = kMallory,
                       const std::string& reason = "harassment.hate",
                       const std::string& approver = kSenior) {
    v1::CaseSummary held = world_.NewCase(accused, reason);
    EXPECT_TRUE(
        world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, decision)
            .ok());
    EXPECT_TRUE(
        world_.Approve(approver, decision, absl::ascii_toupper(decision)).ok());
    return held.case_id();
  }
  v1::ListReferralsResponse List(const v1::ListReferralsRequest& request = {},
                                 const std::string& token = kAuditor) {
    return Ask(&ReferralHandler::ListReferrals, token, request).value();
  }
  v1::Referral Only() {
    v1::ListReferralsResponse list = List();
    EXPECT_EQ(list.referral_size(), 1);
    return list.referral_size() == 1 ? list.referral(0) : v1::Referral();
  }
  absl::StatusOr<v1::AssignReferralResponse> Assign(
      const std::string& authority, const std::string& token = kSenior,
      char decision = 'r') {
    v1::AssignReferralRequest request;
    request.set_decision_id(IdOf(decision));
    request.set_authority(authority);
    return Ask(&ReferralHandler::AssignReferral, token, request);
  }
  v1::RecordHandoverRequest Handover(const std::string& authority = "police") {
    v1::RecordHandoverRequest request;
    request.set_decision_id(IdOf('r'));
    request.set_authority(authority);
    request.set_reference("2026/17");
    request.set_handed_over_at(world_.clock.Now());
    return request;
  }
  absl::StatusOr<v1::RecordHandoverResponse> HandOver(
      const v1::RecordHandoverRequest& request,
      const std::string& token = kSenior) {
    return Ask(&ReferralHandler::RecordHandover, token, request);
  }
  absl::StatusOr<v1::WithdrawReferralResponse> Withdraw(
      const std::string& token = kSenior,
      const std::string& reason = "the authority does not take it") {
    v1::WithdrawReferralRequest request;
    request.set_decision_id(IdOf('r'));
    request.set_reason(reason);
    return Ask(&ReferralHandler::WithdrawReferral, token, request);
  }
  double Counted(const std::string& authority, const std::string& state) {
    world_.process->target_fold.FoldSome();
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name != "referral_state_total") continue;
      for (const auto& sample : reading.samples) {
        if (sample.labels == std::vector<std::string>{authority, state}) {
          return sample.value;
        }
      }
    }
    return -1;
  }
  v1::RetentionClass ClassOf(const std::string& case_id) {
    return world_.GetCase(kReviewer, case_id, false)
        ->case_summary()
        .retention_class();
  }

  RetentionWorld world_;
};

TEST_F(ReferralsTest, WaitsFromWhenTheDecisionIsMade) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'r').ok());
  EXPECT_THAT(List().referral(), IsEmpty());
  ASSERT_TRUE(world_.Approve(kSenior, 'r').ok());
  v1::Referral waiting = Only();
  EXPECT_EQ(waiting.decision_id(), IdOf('r'));
  EXPECT_THAT(waiting.case_id(), ElementsAre(held.case_id()));
  EXPECT_EQ(waiting.accused_uri(), kMallory);
  EXPECT_EQ(waiting.state(), v1::REFERRAL_STATE_WAITING);
  EXPECT_EQ(waiting.authority(), "");
  v1::GetCaseResponse shown =
      world_.GetCase(kReviewer, held.case_id(), false).value();
  ASSERT_EQ(shown.referral_size(), 1);
  EXPECT_EQ(shown.referral(0).state(), v1::REFERRAL_STATE_WAITING);
  EXPECT_EQ(Counted("unassigned", "waiting"), 1);
}

TEST_F(ReferralsTest, IsAssignedAndHandedOverWithAnActEach) {
  const std::string id = Referred();
  world_.Send();
  auto assigned = Assign("agency");
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  EXPECT_EQ(assigned->act_hash().size(), 32u);
  EXPECT_EQ(assigned->referral().state(), v1::REFERRAL_STATE_ASSIGNED);
  EXPECT_EQ(Assign("agency")->act_hash(), "") << "a repeat";
  ASSERT_TRUE(Assign("police").ok());
  EXPECT_EQ(Counted("agency", "assigned"), 1);
  EXPECT_EQ(Counted("police", "assigned"), 1);

  const UnixMillis handed_over_at = world_.clock.Now();
  const v1::RecordHandoverRequest request = Handover();
  world_.clock.Advance(1 * kHour);
  auto recorded = HandOver(request);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(recorded->act_hash().size(), 32u);
  EXPECT_EQ(HandOver(request)->act_hash(), "") << "a repeat";
  v1::Referral shown = Only();
  EXPECT_EQ(shown.state(), v1::REFERRAL_STATE_HANDED_OVER);
  EXPECT_EQ(shown.authority(), "police");
  EXPECT_EQ(shown.reference(), "2026/17");
  EXPECT_EQ(shown.handed_over_at(), handed_over_at);
  EXPECT_EQ(shown.recorded_at(), world_.clock.Now());
  EXPECT_EQ(Counted("police", "handed_over"), 1);

  std::vector<std::string> acts = world_.ActNames(id);
  ASSERT_GE(acts.size(), 3u);
  EXPECT_THAT(std::vector<std::string>(acts.end() - 3, acts.end()),
              ElementsAre("referral.assigned", "referral.assigned",
                          "referral.handed_over"));
  auto entries = world_.Acts(kReviewer, id).value();
  EXPECT_THAT(entries.act(entries.act_size() - 1).details(),
              HasSubstr(R"("authority":"police")"));

  EXPECT_EQ(ReasonOf(Assign("agency").status()), "REFERRAL_STATE");
  EXPECT_EQ(ReasonOf(Withdraw().status()), "REFERRAL_STATE");
  v1::RecordHandoverRequest other = request;
  other.set_reference("2026/18");
  EXPECT_EQ(ReasonOf(HandOver(other).status()), "REFERRAL_STATE");
}

TEST_F(ReferralsTest, IsHandedOverBySomebodyElseThanWhoProposedIt) {
  v1::CaseSummary held = world_.NewCase(kMallory, "harassment.hate", kSenior);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'r', kSenior)
          .ok());
  ASSERT_TRUE(world_.Approve(kSecondSenior, 'r').ok());
  EXPECT_EQ(ReasonOf(HandOver(Handover(), kSenior).status()), "SECOND_PERSON");
  EXPECT_EQ(ReasonOf(HandOver(Handover(), kReviewer).status()),
            "NOT_PERMITTED");
  auto approver = HandOver(Handover(), kSecondSenior);
  EXPECT_TRUE(approver.ok()) << approver.status();
}

TEST_F(ReferralsTest, RefusesAHandoverThatCannotHaveBeen) {
  Referred();
  v1::RecordHandoverRequest request = Handover();
  request.set_handed_over_at(world_.clock.Now() + 1);
  EXPECT_THAT(std::string(HandOver(request).status().message()),
              HasSubstr("handed_over_at"));
  request.set_handed_over_at(world_.clock.Now() - 1);
  EXPECT_THAT(std::string(HandOver(request).status().message()),
              HasSubstr("handed_over_at"));
  EXPECT_THAT(std::string(HandOver(Handover("nobody")).status().message()),
              HasSubstr("authority: must be one of the configuration"));
  EXPECT_THAT(std::string(Assign("nobody").status().message()),
              HasSubstr("authority: must be one of the configuration"));
  request = Handover();
  request.set_export_id(IdOf('E'));
  EXPECT_THAT(std::string(HandOver(request).status().message()),
              HasSubstr("export_id"));
  EXPECT_EQ(ReasonOf(Assign("police", kSenior, 'x').status()), "NOT_FOUND");
}

TEST(ReferralWindowTest, IsNotHandedOverWhileTheDecisionCanBeUndone) {
  DecisionWorld world(1 * kMinute);
  AddAuthorities(&world);
  v1::CaseSummary held = world.NewCase(kMallory);
  ASSERT_TRUE(
      world.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'r').ok());
  ASSERT_TRUE(world.Approve(kSenior, 'r').ok());
  v1::RecordHandoverRequest request;
  request.set_decision_id(IdOf('r'));
  request.set_authority("police");
  request.set_reference("1");
  request.set_handed_over_at(world.clock.Now());
  auto hand_over = [&] {
    return AskIn(world, &ReferralHandler::RecordHandover, kSenior, request)
        .status();
  };
  EXPECT_EQ(ReasonOf(hand_over()), "REFERRAL_STATE");
  world.clock.Advance(1 * kMinute);
  EXPECT_TRUE(hand_over().ok());
  // Its effects have not left, but the authority has it.
  EXPECT_EQ(ReasonOf(world.Undo(kReviewer, 'r').status()), "UNDO_TOO_LATE");
  auto reversed = world.Reverse(kSenior, 'r');
  EXPECT_TRUE(reversed.ok()) << reversed.status();
}

TEST(ReferralPackageTest, NamesThePackageThatWasHandedOver) {
  EvidenceWorld world;
  AddAuthorities(&world);
  world.StartServing();
  v1::CaseSummary held = world.NewCase(kMallory);
  ASSERT_TRUE(
      world.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'r').ok());
  ASSERT_TRUE(world.Approve(kSecondSenior, 'r').ok());
  world.clock.Advance(1 * kMinute);
  v1::RecordHandoverRequest request;
  request.set_decision_id(IdOf('r'));
  request.set_authority("police");
  request.set_reference("1");
  request.set_handed_over_at(world.clock.Now());
  request.set_export_id(IdOf('E'));
  ASSERT_TRUE(
      world.RequestExport(kSenior, world.ExportOf(held.case_id())).ok());
  EXPECT_FALSE(
      AskIn(world, &ReferralHandler::RecordHandover, kSenior, request).ok())
      << "nobody fetched it";
  ASSERT_TRUE(world.ReleaseExport(kSecondSenior).ok());
  world.Sequence();
  ASSERT_TRUE(world.FetchExport(kSenior).ok());
  auto recorded =
      AskIn(world, &ReferralHandler::RecordHandover, kSenior, request);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(recorded->referral().export_id(), IdOf('E'));
}

TEST_F(ReferralsTest, KeepsTheCaseFromWhenItWasHandedOver) {
  const std::string id = Referred();
  world_.Send();
  world_.clock.Advance(300 * kDay);
  ASSERT_TRUE(HandOver(Handover()).ok());
  v1::ListDueRequest soon;
  soon.set_due_until(world_.clock.Now() + 365 * kDay);
  ASSERT_EQ(world_.Due(soon)->due_case_size(), 1);
  EXPECT_EQ(world_.Due(soon)->due_case(0).due_at(), soon.due_until());
  EXPECT_EQ(world_.Due(soon)->due_case(0).closed_at(),
            world_.clock.Now() - 300 * kDay);
  world_.clock.Advance(365 * kDay - 1);
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id));
  world_.clock.Advance(1);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id));
  EXPECT_EQ(Only().reference(), "2026/17");
}

TEST_F(ReferralsTest, KeepsTheCaseForAWeekWhenTheHandoverWasLongAgo) {
  const std::string id = Referred();
  world_.Send();
  const v1::RecordHandoverRequest long_ago = Handover();
  world_.clock.Advance(400 * kDay);
  ASSERT_TRUE(HandOver(long_ago).ok());
  ASSERT_EQ(world_.Due()->due_case_size(), 1);
  EXPECT_EQ(world_.Due()->due_case(0).due_at(), world_.clock.Now() + 7 * kDay);
  world_.clock.Advance(7 * kDay - 1);
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id));
  world_.clock.Advance(1);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id));
}

TEST_F(ReferralsTest, KeepsTheCaseAsLongAsItsAuthorityAsks) {
  const std::string id = Referred();
  world_.Send();
  ASSERT_TRUE(HandOver(Handover("agency")).ok());
  world_.clock.Advance(500 * kDay - 1);
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id));
  v1::ListDueResponse due = world_.Due().value();
  ASSERT_EQ(due.due_case_size(), 1);
  EXPECT_EQ(due.due_case(0).due_at(), world_.clock.Now() + 1);
  world_.clock.Advance(1);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id));
}

TEST_F(ReferralsTest, AnswersARepeatThoughItsAuthorityIsCalledOtherwise) {
  Referred();
  world_.Send();
  ASSERT_TRUE(Assign("agency").ok());
  const v1::RecordHandoverRequest request = Handover("agency");
  ASSERT_TRUE(HandOver(request).ok());
  world_.config.mutable_authority(1)->set_name("bureau");
  world_.StartAgain();
  auto again = HandOver(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->act_hash(), "");
}

TEST_F(ReferralsTest, FallsBackToAnotherClassWhenItIsWithdrawn) {
  const std::string id = Referred();
  world_.Send();
  ASSERT_EQ(ClassOf(id), v1::RETENTION_CLASS_REFERRED);
  world_.clock.Advance(400 * kDay);
  ASSERT_TRUE(Assign("police").ok());
  auto withdrawn = Withdraw();
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(Withdraw()->act_hash(), "") << "a repeat";
  EXPECT_EQ(ReasonOf(Withdraw(kSenior, "another reason").status()),
            "REFERRAL_STATE");
  EXPECT_EQ(withdrawn->referral().state(), v1::REFERRAL_STATE_WITHDRAWN);
  EXPECT_EQ(Counted("police", "withdrawn"), 1);
  EXPECT_THAT(world_.ActNames(id), Contains("referral.withdrawn"));
  EXPECT_EQ(ClassOf(id), v1::RETENTION_CLASS_PROVEN);
  EXPECT_EQ(world_.GetCase(kReviewer, id, false)->note_size(), 1);
  EXPECT_EQ(ReasonOf(HandOver(Handover()).status()), "REFERRAL_STATE");
  world_.Shred();
  EXPECT_FALSE(world_.IsShredded(id)) << "its time begins anew";
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(id));
}

TEST_F(ReferralsTest, IsWithdrawnWithItsDecision) {
  const std::string id = Referred();
  world_.Send();
  ASSERT_TRUE(Assign("police").ok());
  ASSERT_TRUE(world_.Reverse(kSecondSenior, 'r', 'B').ok());
  EXPECT_EQ(Only().state(), v1::REFERRAL_STATE_WITHDRAWN);
  EXPECT_EQ(Only().withdrawn_by(), "");
  EXPECT_EQ(Only().withdrawn_at(), world_.clock.Now());
  EXPECT_EQ(ClassOf(id), v1::RETENTION_CLASS_PROVEN);
  EXPECT_EQ(Counted("police", "withdrawn"), 1);
  EXPECT_EQ(Counted("unassigned", "withdrawn"), 0);
}

TEST_F(ReferralsTest, StaysHandedOverWhateverBecomesOfTheDecision) {
  const std::string id = Referred();
  world_.Send();
  ASSERT_TRUE(HandOver(Handover()).ok());
  ASSERT_TRUE(world_.Reverse(kSecondSenior, 'r', 'B').ok());
  EXPECT_EQ(Only().state(), v1::REFERRAL_STATE_HANDED_OVER);
  EXPECT_EQ(ClassOf(id), v1::RETENTION_CLASS_REFERRED);
  EXPECT_EQ(Counted("police", "withdrawn"), 0);
}

TEST_F(ReferralsTest, ListsByStateAndAuthorityInPages) {
  for (char decision : {'r', 's', 't'}) {
    Referred(decision, std::string("mimi://hub.example/u/") + decision);
    world_.clock.Advance(1);
  }
  ASSERT_TRUE(Assign("police", kSenior, 's').ok());
  v1::ListReferralsRequest request;
  request.set_page_size(2);
  v1::ListReferralsResponse page = List(request);
  ASSERT_EQ(page.referral_size(), 2);
  EXPECT_EQ(page.authority_size(), 2);
  EXPECT_EQ(page.authority(0).name(), "agency");
  EXPECT_EQ(page.authority(0).keep_ms(), 500 * kDay);
  EXPECT_EQ(page.authority(1).keep_ms(), 365 * kDay);
  EXPECT_EQ(page.referral(0).decision_id(), IdOf('r'));
  request.set_page_token(page.next_page_token());
  page = List(request);
  ASSERT_EQ(page.referral_size(), 1);
  EXPECT_EQ(page.referral(0).decision_id(), IdOf('t'));
  EXPECT_EQ(page.next_page_token(), "");

  request = {};
  request.set_state(v1::REFERRAL_STATE_WAITING);
  EXPECT_EQ(List(request).referral_size(), 2);
  request.set_page_token("AAAA");
  EXPECT_FALSE(Ask(&ReferralHandler::ListReferrals, kSenior, request).ok());
  request = {};
  request.set_authority("police");
  ASSERT_EQ(List(request).referral_size(), 1);
  EXPECT_EQ(List(request).referral(0).decision_id(), IdOf('s'));
  // A full page of those that pass ends behind the last of them.
  ASSERT_TRUE(Assign("police", kSenior, 'r').ok());
  request.set_page_size(1);
  page = List(request);
  ASSERT_EQ(page.referral_size(), 1);
  request.set_page_token(page.next_page_token());
  EXPECT_EQ(List(request).referral(0).decision_id(), IdOf('s'));
}

TEST_F(ReferralsTest, IsForThoseWhoMayTouchItsCases) {
  Referred('r', kLinked);
  v1::LinkAccountRequest link;
  link.set_id("sena");
  link.set_account_uri(kLinked);
  auto linked = world_.People<v1::LinkAccountRequest, v1::LinkAccountResponse>(
      &ModeratorHandler::LinkAccount, kAdministrator, link);
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ(ReasonOf(Assign("police", kSenior).status()), "LINKED_ACCOUNT");
  EXPECT_THAT(List({}, kSenior).referral(), IsEmpty());
  EXPECT_TRUE(Assign("police", kSecondSenior).ok());
}

TEST_F(ReferralsTest, IsShownToThoseWhoMaySeeItsCases) {
  for (auto& moderator : *world_.config.mutable_moderator()) {
    moderator.set_child_safety(moderator.id() == "rita" ||
                               moderator.id() == "sol");
  }
  world_.StartAgain();
  Referred('r', kMallory, "child_safety.grooming", kSecondSenior);
  Referred('s', kCarol);
  EXPECT_EQ(List({}, kSecondSenior).referral_size(), 2);
  for (const char* token : {kSenior, kAuditor}) {
    v1::ListReferralsResponse list = List({}, token);
    ASSERT_EQ(list.referral_size(), 1);
    EXPECT_EQ(list.referral(0).accused_uri(), kCarol);
  }
  EXPECT_EQ(ReasonOf(Withdraw().status()), "CHILD_SAFETY_NEEDED");
}

TEST_F(ReferralsTest, IsNothingForAnAdministrator) {
  Referred();
  EXPECT_EQ(ReasonOf(Ask(&ReferralHandler::ListReferrals, kAdministrator,
                         v1::ListReferralsRequest())
                         .status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(Assign("police", kAdministrator).status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(HandOver(Handover(), kAdministrator).status()),
            "NOT_PERMITTED");
  EXPECT_EQ(ReasonOf(Withdraw(kAdministrator).status()), "NOT_PERMITTED");
}

TEST(AuthoritiesTest, NamesWhatIsWrongWithTheConfiguration) {
  auto error_of = [](const config::v1::Authority& authority) {
    config::v1::ModerationConfig config;
    *config.add_authority() = authority;
    return std::string(Authorities::Create(config).status().message());
  };
  config::v1::Authority good;
  good.set_name("police");
  good.set_title("The police");
  EXPECT_EQ(error_of(good), "");
  config::v1::Authority bad = good;
  bad.set_name("Police");
  EXPECT_THAT(error_of(bad), HasSubstr("authority[0].name"));
  bad.set_name("unassigned");
  EXPECT_THAT(error_of(bad), HasSubstr("authority[0].name"));
  bad = good;
  bad.clear_title();
  EXPECT_THAT(error_of(bad), HasSubstr("authority[0].title"));
  bad = good;
  bad.set_keep_ms(limits::kMaxRetention + 1);
  EXPECT_THAT(error_of(bad), HasSubstr("authority[0].keep_ms"));
  config::v1::ModerationConfig twice;
  *twice.add_authority() = good;
  *twice.add_authority() = good;
  EXPECT_FALSE(Authorities::Create(twice).ok());
}

}  // namespace
}  // namespace frank::moderation
