// The configuration as it is shown, and what other rules would have done.
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "proto/routing_rules.h"
#include "services/moderation/configuration_handler.h"
#include "storage/case_store.h"
#include "tests/services/decision_world.h"
#include "tests/services/hooked_engine.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using Queues = std::pair<std::string, std::string>;

class ModerationConfigurationTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(void (ConfigurationHandler::*method)(
                                    const services::Call&, const Request&,
                                    services::Done<Response>),
                                const Request& request,
                                const std::string& token = kSenior) {
    ConfigurationHandler handler = HandlerOver(*world_.engine);
    return Await<Response>([&](services::Done<Response> done) {
      (handler.*method)(CallOf(token), request, std::move(done));
    });
  }
  ConfigurationHandler HandlerOver(storage::Engine& engine) {
    ModerationWorld::Process& process = *world_.process;
    return ConfigurationHandler(
        engine, process.moderators,
        {process.routing, *world_.reasons, process.policies, process.retention,
         process.targets, process.book.rules(), process.timing, 15 * kMinute,
         4 * kHour});
  }
  absl::StatusOr<v1::DryRunRoutingResponse> DryRun(
      const v1::DryRunRoutingRequest& request,
      const std::string& token = kSenior) {
    return Call(&ConfigurationHandler::DryRunRouting, request, token);
  }
  // Of the cases that were opened until now.
  v1::DryRunRoutingRequest RequestWith(const std::string& rules) {
    v1::DryRunRoutingRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(rules, &request));
    request.set_opened_from(kNow);
    request.set_opened_until(world_.clock.Now() + 1);
    return request;
  }
  std::map<Queues, uint32_t> CountsOf(const std::string& rules) {
    std::map<Queues, uint32_t> counts;
    auto answer = DryRun(RequestWith(rules));
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return counts;
    for (const auto& pair : answer->routed_pair()) {
      counts[{pair.queue_now(), pair.queue_proposed()}] = pair.case_count();
    }
    return counts;
  }
  std::string Report(const std::string& name,
                     const std::string& reason = "harassment.hate") {
    const std::string accused = absl::StrCat("mimi://hub.example/u/", name);
    world_.clock.Advance(1);
    world_.Report(world_.Content(accused, reason,
                                 {world_.platform.SendText(accused, "abuse")}),
                  kBob);
    world_.Fold();
    auto found = storage::FindNewestCase(*world_.engine, accused,
                                         reason.substr(0, reason.find('.')));
    return std::string((*found)->text());
  }

  DecisionWorld world_;
};

TEST_F(ModerationConfigurationTest, ShowsWhatIsInForceWithItsDefaults) {
  auto shown = Call(&ConfigurationHandler::GetConfiguration,
                    v1::GetConfigurationRequest(), kAuditor);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_THAT(shown->queue(), SizeIs(world_.process->routing.queues().size()));
  ASSERT_THAT(shown->rule(), SizeIs(1));
  EXPECT_EQ(shown->rule(0).queue(), "integrity");
  EXPECT_THAT(shown->rule(0).proof(), ElementsAre(v1::PROOF_STATUS_FORGED,
                                                  v1::PROOF_STATUS_UNOPENABLE));
  ASSERT_THAT(shown->retention_clock(), SizeIs(4));
  EXPECT_EQ(shown->retention_clock(3).retention_class(),
            v1::RETENTION_CLASS_REFERRED);
  EXPECT_EQ(shown->retention_clock(3).keep_ms(), 365 * kDay);
  EXPECT_EQ(shown->keep_audit_ms(), limits::kKeepAudit);
  ASSERT_THAT(shown->target(), SizeIs(1));
  EXPECT_EQ(shown->target(0).in_time_per_mille(), 900);
  EXPECT_EQ(shown->exposure().shift_ms(), 12 * kHour);
  ASSERT_THAT(shown->exposure().budget(), SizeIs(3));
  EXPECT_EQ(shown->exposure().budget(0).category(), v1::EXPOSURE_CATEGORY_TEXT);
  EXPECT_EQ(shown->exposure().budget(0).pieces(), limits::kDefaultTextPieces);
  EXPECT_EQ(shown->lease_ms(), 15 * kMinute);
  EXPECT_EQ(shown->hand_over_ms(), 4 * kHour);
  EXPECT_EQ(shown->undo_window_ms(), 1 * kMinute);
  EXPECT_EQ(shown->reason_version(), world_.reasons->newest());
  EXPECT_EQ(shown->policy_version(), world_.process->policies.version());
  EXPECT_EQ(FindReason(Call(&ConfigurationHandler::GetConfiguration,
                            v1::GetConfigurationRequest(), kReviewer)
                           .status()),
            "NOT_PERMITTED");
}

TEST_F(ModerationConfigurationTest,
       CountsWhereProposedRulesWouldHaveSentCases) {
  std::string hate = Report("mallory");
  Report("morgan");
  Report("mordred", "deception.spam");
  EXPECT_THAT(
      CountsOf(R"pb(rule { queue: "general" reason: "harassment.hate" })pb"),
      ElementsAre(Pair(Queues("deception", "deception"), 1),
                  Pair(Queues("harassment", "general"), 2)));
  auto answer = DryRun(RequestWith(
      R"pb(rule { queue: "general" proof: PROOF_STATUS_PROVEN })pb"));
  EXPECT_EQ(answer->case_count(), 3);
  EXPECT_EQ(answer->next_page_token(), "");
  EXPECT_THAT(answer->routed_pair(1).example_case_id(), SizeIs(2));
  EXPECT_EQ(answer->routed_pair(1).example_case_id(0), hate);
  // It is a dry run.
  EXPECT_EQ(world_.GetCase(kReviewer, hate, false)->case_summary().queue(),
            "harassment");
}

// By what the rules in force say, not by where somebody sent the case.
TEST_F(ModerationConfigurationTest, LeavesOutWhatWasDoneByHandAndWhatIsGone) {
  std::string moved = Report("mallory"), gone = Report("morgan");
  for (const auto& [id, state] :
       {std::make_pair(moved, storage::kCaseOpen),
        std::make_pair(gone, storage::kCaseDuplicate)}) {
    CaseId case_id(ToArray<CaseId::kSize>(AsBytes(id)));
    ASSERT_TRUE(storage::RunTransactionAndWait(
                    *world_.engine,
                    [&, to = state](storage::Transaction& t) -> absl::Status {
                      auto before = storage::FindCase(t, case_id);
                      storage::v1::CaseRecord after = **before;
                      SendToQueue("seniors", &after);
                      after.set_state(to);
                      return storage::PutCase(t, case_id, &**before, &after);
                    })
                    .ok());
  }
  EXPECT_THAT(CountsOf(""),
              ElementsAre(Pair(Queues("harassment", "harassment"), 1)));
}

TEST_F(ModerationConfigurationTest, KnowsTheDecisionsBeforeACaseWasOpened) {
  v1::CaseSummary first = world_.Claim(kReviewer, Report("mallory"))->claimed();
  constexpr char kRepeated[] =
      R"pb(rule { queue: "seniors" min_prior_actions: 1 })pb";
  ASSERT_TRUE(world_
                  .DecideOne(first,
                             {MakeAction(v1::ACTION_KIND_SUSPEND,
                                         world_.clock.Now() + 30 * kDay)},
                             'a')
                  .ok());
  world_.clock.Advance(1 * kMinute);
  world_.Send();
  EXPECT_THAT(CountsOf(kRepeated),
              ElementsAre(Pair(Queues("harassment", "harassment"), 1)))
      << "its own decision came later";
  Report("mallory");
  EXPECT_THAT(CountsOf(kRepeated),
              ElementsAre(Pair(Queues("harassment", "harassment"), 1),
                          Pair(Queues("harassment", "seniors"), 1)));
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  EXPECT_THAT(CountsOf(kRepeated),
              ElementsAre(Pair(Queues("harassment", "harassment"), 2)));
}

TEST_F(ModerationConfigurationTest, DecidesOnlyWhatTheCallerMaySee) {
  Report("mallory");
  Report("morgan", "child_safety.other");
  EXPECT_THAT(CountsOf(""),
              ElementsAre(Pair(Queues("harassment", "harassment"), 1)))
      << "that of child safety takes a permission";
  v1::LinkAccountRequest link;
  link.set_id("sena");
  link.set_account_uri(kMallory);
  ASSERT_TRUE(
      world_.People(&ModeratorHandler::LinkAccount, kAdministrator, link).ok());
  world_.clock.Advance(1 * kMinute);
  EXPECT_THAT(CountsOf(""), IsEmpty());
}

TEST_F(ModerationConfigurationTest, TellsAdministratorsNumbersAlone) {
  Report("mallory");
  auto answer = DryRun(RequestWith(""), kAdministrator);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->routed_pair(), SizeIs(1));
  EXPECT_EQ(answer->routed_pair(0).case_count(), 1);
  EXPECT_THAT(answer->routed_pair(0).example_case_id(), IsEmpty());
  EXPECT_THAT(DryRun(RequestWith(""))->routed_pair(0).example_case_id(),
              SizeIs(1))
      << "a senior may list cases";
}

TEST_F(ModerationConfigurationTest, RunsOneForEachModeratorAtATime) {
  Report("mallory");
  HookedEngine engine(*world_.engine);
  ConfigurationHandler handler = HandlerOver(engine);
  const v1::DryRunRoutingRequest request = RequestWith("");
  auto run = [&](const std::string& token) {
    return Await<v1::DryRunRoutingResponse>([&](auto done) {
      handler.DryRunRouting(CallOf(token), request, std::move(done));
    });
  };
  absl::Status same, other;
  bool within = false;
  engine.on_scan = [&](bool) {
    if (within) return;
    within = true;
    same = run(kSenior).status();
    other = run(kAdministrator).status();
  };
  EXPECT_TRUE(run(kSenior).ok());
  EXPECT_EQ(FindReason(same), "UNAVAILABLE");
  EXPECT_EQ(FindRetryAfter(same), 1 * kSecond);
  EXPECT_TRUE(other.ok()) << other;
  EXPECT_TRUE(run(kSenior).ok()) << "it is over";
}

TEST_F(ModerationConfigurationTest, LooksAtTheSpanAlone) {
  Report("mallory");
  const UnixMillis second = world_.clock.Now() + 1;
  Report("morgan");
  Report("mordred");
  v1::DryRunRoutingRequest request = RequestWith("");
  request.set_opened_from(second);
  request.set_opened_until(second + 1);
  auto answer = DryRun(request);
  EXPECT_EQ(answer->case_count(), 1);
  request.set_opened_from(second + 2);
  request.set_opened_until(second + kDay);
  EXPECT_THAT(DryRun(request)->routed_pair(), IsEmpty());
}

TEST_F(ModerationConfigurationTest, GivesPagesThatMeet) {
  constexpr uint32_t kCases = limits::kMaxDryRunCases + 30;
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [](storage::Transaction& t) -> absl::Status {
                    for (uint32_t i = 0; i < kCases; ++i) {
                      storage::v1::CaseRecord record;
                      record.set_state(storage::kCaseDecided);
                      record.set_reason_queue("harm");
                      record.set_queue("harm");
                      record.set_accused_uri(absl::StrCat("mimi://h/u/", i));
                      record.set_opened_at(kNow + i / 7);
                      std::string id(16, 'i');
                      id[0] = static_cast<char>(i);
                      id[1] = static_cast<char>(i >> 8);
                      FRANK_RETURN_IF_ERROR(storage::PutCase(
                          t, CaseId(ToArray<CaseId::kSize>(AsBytes(id))),
                          nullptr, &record));
                    }
                    return absl::OkStatus();
                  })
                  .ok());
  v1::DryRunRoutingRequest request = RequestWith("");
  request.set_opened_until(kNow + kDay);
  uint32_t cases = 0;
  int pages = 0;
  do {
    auto answer = DryRun(request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    cases += answer->case_count();
    EXPECT_LE(answer->case_count(), limits::kMaxDryRunCases);
    ASSERT_THAT(answer->routed_pair(), SizeIs(1));
    EXPECT_LE(answer->routed_pair(0).example_case_id_size(), 20);
    request.set_page_token(answer->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 9);
  EXPECT_EQ(cases, kCases);
  EXPECT_EQ(pages, 2);
  request.set_page_token("x");
  EXPECT_EQ(FindFieldViolation(DryRun(request).status())->field, "page_token");
}

// A case in which no script was seen has the empty one.
TEST_F(ModerationConfigurationTest, TakesEmptyWordsAsTheConfigurationDoes) {
  Report("mallory");
  EXPECT_THAT(CountsOf(R"pb(rule { queue: "general" language: "" })pb"),
              ElementsAre(Pair(Queues("harassment", "harassment"), 1)));
  EXPECT_THAT(
      CountsOf(
          R"pb(rule { queue: "general" language: "" language: "Latn" })pb"),
      ElementsAre(Pair(Queues("harassment", "general"), 1)));
}

TEST_F(ModerationConfigurationTest, SaysHowManyValuesARuleMayHave) {
  v1::DryRunRoutingRequest request =
      RequestWith(R"pb(rule { queue: "harm" })pb");
  for (size_t i = 0; i <= limits::kMaxRuleValues; ++i) {
    request.mutable_rule(0)->add_reason("a.b");
  }
  EXPECT_THAT(std::string(DryRun(request).status().message()),
              HasSubstr("rule[0].reason: must have at most 64 values"));
}

TEST_F(ModerationConfigurationTest, RefusesRulesThatTheConfigurationWould) {
  auto violation = [this](const std::string& rules) {
    return FindFieldViolation(DryRun(RequestWith(rules)).status())
        .value_or(FieldViolation())
        .field;
  };
  EXPECT_EQ(violation(R"pb(rule { queue: "harm" }
                           rule { queue: "gone" })pb"),
            "rule[1].queue");
  EXPECT_EQ(violation(R"pb(rule { queue: "harm" proof: 0 })pb"),
            "rule[0].proof");
  EXPECT_EQ(FindReason(Call(&ConfigurationHandler::DryRunRouting,
                            RequestWith(""), kAuditor)
                           .status()),
            "NOT_PERMITTED");
}

TEST(RoutingRulesTest, AreTheSameInTextAndOnTheWire) {
  config::v1::RoutingRule rule;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(queue: "harm"
           reason: "a.b"
           policy_area: "a"
           proof: "proven"
           proof: "unopenable"
           min_severity: "critical"
           language: "Cyrl"
           min_prior_actions: 2
           max_reporter_weight: 300)pb",
      &rule));
  auto wire = wire::ToWire(rule);
  ASSERT_TRUE(wire.ok()) << wire.status();
  EXPECT_EQ(wire->min_severity(), v1::SEVERITY_CRITICAL);
  EXPECT_EQ(wire::FromWire(*wire).SerializeAsString(),
            rule.SerializeAsString());
  // What the service would not start with is not what a dry run is about.
  rule.set_min_severity("Critical");
  EXPECT_EQ(FindFieldViolation(wire::ToWire(rule).status())->field,
            "min_severity");
  rule.set_min_severity("unspecified");
  EXPECT_EQ(FindFieldViolation(wire::ToWire(rule).status())->field,
            "min_severity");
  rule.clear_min_severity();
  rule.add_proof("Proven");
  EXPECT_EQ(FindFieldViolation(wire::ToWire(rule).status())->field, "proof");
  rule.set_proof(2, "x");
  EXPECT_EQ(FindFieldViolation(wire::ToWire(rule).status())->field, "proof");
}

}  // namespace
}  // namespace frank::moderation
