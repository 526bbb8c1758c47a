// Targets and what was reached: what counts, into which day, once.
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/moderation/target_tally.h"
#include "storage/target_store.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// 14 November 2023.
constexpr UnixMillis kToday = kNow - kNow % kDay;
constexpr char kHate[] = "harassment.hate";

config::v1::Targets Parse(const std::string& text) {
  config::v1::Targets targets;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &targets));
  return targets;
}

class ModerationTargetsTest : public ::testing::Test {
 protected:
  // A process that aims at these.
  void Aim(const std::string& targets) {
    *world_.config.mutable_targets() = Parse(targets);
    world_.StartAgain();
  }
  // A case about an account that nobody has claimed.
  std::string Open(const std::string& accused) {
    world_.Report(world_.Content(accused, kHate,
                                 {world_.platform.SendText(accused, "abuse")}),
                  kBob);
    world_.Fold();
    auto list = world_.ListCases(kReviewer);
    for (const auto& summary : list->case_summary()) {
      if (summary.accused_uri() == accused) return summary.case_id();
    }
    ADD_FAILURE() << "no case";
    return "";
  }
  v1::CaseSummary Claim(const std::string& id,
                        const std::string& token = kReviewer) {
    return world_.Claim(token, id).value().claimed();
  }
  // A decision that suspends, whose effects have left.
  void Suspend(const v1::CaseSummary& held, char id) {
    auto decided = world_.DecideOne(
        held,
        {MakeAction(v1::ACTION_KIND_SUSPEND, world_.clock.Now() + 30 * kDay)},
        id);
    ASSERT_TRUE(decided.ok()) << decided.status();
  }
  void LetEffectsGo() {
    world_.clock.Advance(1 * kMinute);
    world_.Send();
  }
  void Count() {
    while (world_.process->target_fold.FoldSome() == 0) {
    }
  }
  absl::StatusOr<v1::GetReachedResponse> Ask(
      const v1::GetReachedRequest& request,
      const std::string& token = kSenior) {
    return Await<v1::GetReachedResponse>([&](auto done) {
      world_.process->target.GetReached(CallOf(token), request,
                                        std::move(done));
    });
  }
  static v1::GetReachedRequest RequestFor(
      UnixMillis from = kToday, UnixMillis until = kToday + 1,
      v1::ReachedPeriod period = v1::REACHED_PERIOD_DAY) {
    v1::GetReachedRequest request;
    request.set_from(from);
    request.set_until(until);
    request.set_period(period);
    return request;
  }
  // All that was reached on a day, which must be of one queue and reason.
  v1::Reached Reached(UnixMillis day = kToday) {
    Count();
    auto answer = Ask(RequestFor(day, day + 1));
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok() || answer->reached_size() != 1) return v1::Reached();
    return answer->reached(0);
  }
  // Of a suspension that was appealed against, by the verdict.
  v1::Reached ReachedAfterAppeal(v1::AppealOutcome outcome) {
    v1::CaseSummary held = world_.NewCase(kMallory);
    Suspend(held, 'a');
    LetEffectsGo();
    EXPECT_TRUE(
        world_.Take({world_.SealAppeal(IdOf('a'), kMallory, "not me")}).ok());
    v1::CaseSummary again = Claim(held.case_id(), kSecondReviewer);
    EXPECT_EQ(again.queue(), "appeals");
    v1::DecideAppealRequest request;
    request.mutable_held_case()->set_case_id(again.case_id());
    request.mutable_held_case()->set_epoch(again.lease().epoch());
    request.set_act_id(IdOf('V'));
    request.set_outcome(outcome);
    request.set_reason("Seen anew.");
    auto verdict =
        world_.Ask(&DecisionHandler::DecideAppeal, kSecondReviewer, request);
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return Reached();
  }
  std::string Refusal(const v1::GetReachedRequest& request) {
    absl::Status status = Ask(request).status();
    auto violation = FindFieldViolation(status);
    return violation ? violation->field : std::string(status.message());
  }
  double Referrals(const std::string& state) {
    for (const auto& reading : world_.process->counted.ReadAll()) {
      if (reading.family.name != "referral_state_total") continue;
      for (const auto& sample : reading.samples) {
        if (sample.labels == std::vector<std::string>{"unassigned", state}) {
          return sample.value;
        }
      }
    }
    return -1;
  }

  DecisionWorld world_;
};

TEST_F(ModerationTargetsTest, CountsTheFirstClaimOfACaseAlone) {
  std::string id = Open(kMallory);
  world_.clock.Advance(12 * kMinute);
  v1::CaseSummary held = Claim(id);
  ASSERT_TRUE(world_.Release(kReviewer, held, "").ok());
  world_.clock.Advance(1 * kHour);
  Claim(id, kSecondReviewer);
  v1::Reached reached = Reached();
  EXPECT_EQ(reached.period_started_at(), kToday);
  EXPECT_EQ(reached.period_ended_at(), kToday + kDay);
  EXPECT_EQ(reached.queue(), "harassment");
  EXPECT_EQ(reached.reason(), kHate);
  EXPECT_EQ(reached.first_action().count(), 1);
  EXPECT_EQ(reached.first_action().in_time(), 1);
  EXPECT_EQ(reached.first_action().median_ms(), 15 * kMinute);
  EXPECT_EQ(reached.decision().count(), 0);
  EXPECT_TRUE(reached.decision().reached());
}

TEST_F(ModerationTargetsTest, CountsADecisionOnceHoweverOftenItIsAskedFor) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  world_.clock.Advance(40 * kMinute);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_WARN)}, 'a').ok());
  EXPECT_EQ(Reached().decision().count(), 1);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_WARN)}, 'a').ok())
      << "a repeat";
  v1::Reached reached = Reached();
  EXPECT_EQ(reached.decision().count(), 1);
  EXPECT_EQ(reached.decision().median_ms(), 1 * kHour);
  EXPECT_EQ(reached.decision().ninth_decile_ms(), 1 * kHour);
  EXPECT_EQ(reached.accuracy().decision_count(), 1);
}

// Another instance may have counted what this one found.
TEST_F(ModerationTargetsTest, TakesAnEventOnce) {
  world_.NewCase(kMallory);
  auto events = storage::ScanTargetEvents(*world_.engine, 10);
  ASSERT_THAT(*events, SizeIs(2)) << "the report came in, and a first claim";
  Count();
  auto transaction = world_.engine->Begin();
  EXPECT_FALSE(storage::TakeTargetEvent(*transaction, events->at(0)).value());
  EXPECT_THAT(*storage::ScanTargetEvents(*world_.engine, 10), SizeIs(0));
}

TEST_F(ModerationTargetsTest,
       CountsEachCaseOfADecisionAndTakesBackWhatIsUndone) {
  std::vector<v1::CaseSummary> held{
      world_.NewCase(kMallory), world_.NewCase(kMallory, "violence.threat")};
  auto request =
      world_.Decision(held[0], {MakeAction(v1::ACTION_KIND_WARN)}, IdOf('a'));
  v1::HeldCase* second = request.add_held_case();
  second->set_case_id(held[1].case_id());
  second->set_epoch(held[1].lease().epoch());
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  auto total = [this] {
    Count();
    uint64_t decisions = 0;
    auto answer = Ask(RequestFor());
    for (const auto& reached : answer->reached()) {
      decisions += reached.decision().count();
      EXPECT_EQ(reached.decision().count(), reached.decision().in_time());
    }
    return decisions;
  };
  EXPECT_EQ(total(), 2);
  EXPECT_EQ(Ask(RequestFor())->reached_size(), 2);
  ASSERT_TRUE(world_.Undo(kReviewer, 'a').ok());
  EXPECT_EQ(total(), 0);
}

// Undone before the worker came: in whatever order it finds the two.
TEST_F(ModerationTargetsTest, CountsNothingOfWhatWasUndoneAtOnce) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_WARN)}, 'a').ok());
  ASSERT_TRUE(world_.Undo(kReviewer, 'a').ok());
  EXPECT_EQ(Reached().decision().count(), 0);
  EXPECT_EQ(Reached().decision().in_time(), 0);
  EXPECT_EQ(Reached().decision().median_ms(), 0);
}

TEST_F(ModerationTargetsTest, CountsAReversalToTheDayOfTheDecision) {
  Suspend(world_.NewCase(kMallory), 'a');
  LetEffectsGo();
  world_.clock.Advance(3 * kDay);
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  v1::Reached reached = Reached();
  EXPECT_EQ(reached.accuracy().decision_count(), 1);
  EXPECT_EQ(reached.accuracy().reversed_count(), 1);
  EXPECT_FALSE(reached.accuracy().reached());
  EXPECT_EQ(reached.accuracy().target_per_mille(), 950);
  EXPECT_EQ(Ask(RequestFor(kToday + kDay, kToday + 9 * kDay))->reached_size(),
            0);
}

// An appealed case waits in another queue; it counts to the decision's.
TEST_F(ModerationTargetsTest, CountsWhatIsOverturnedToTheDecision) {
  v1::Reached reached = ReachedAfterAppeal(v1::APPEAL_OUTCOME_GRANTED);
  EXPECT_EQ(reached.queue(), "harassment");
  EXPECT_EQ(reached.first_action().count(), 1) << "an appeal is no first";
  EXPECT_EQ(reached.accuracy().overturned_count(), 1);
  EXPECT_EQ(reached.accuracy().upheld_count(), 0);
  EXPECT_FALSE(reached.accuracy().reached());
}

TEST_F(ModerationTargetsTest, CountsWhatIsUpheldToTheDecision) {
  v1::Reached reached = ReachedAfterAppeal(v1::APPEAL_OUTCOME_REJECTED);
  EXPECT_EQ(reached.queue(), "harassment");
  EXPECT_EQ(reached.accuracy().overturned_count(), 0);
  EXPECT_EQ(reached.accuracy().upheld_count(), 1);
  EXPECT_TRUE(reached.accuracy().reached());
}

TEST_F(ModerationTargetsTest, CountsAProposalWhenItIsApproved) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(
      world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'a').ok());
  EXPECT_EQ(Reached().decision().count(), 0);
  world_.clock.Advance(3 * kHour);
  ASSERT_TRUE(world_.Approve(kSenior, 'a').ok());
  // After midnight.
  EXPECT_EQ(Reached(kToday + kDay).decision().median_ms(), 4 * kHour);
  EXPECT_EQ(Referrals("waiting"), 1);
  LetEffectsGo();
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  Count();
  EXPECT_EQ(Referrals("withdrawn"), 1);
}

TEST_F(ModerationTargetsTest, MeasuresByTheFirstTargetThatMatches) {
  Aim(R"pb(
    target { queue: "deception" decision_ms: 1 }
    target {
      reason: "harassment.hate"
      first_action_ms: 600000
      decision_ms: 1800000
      in_time_per_mille: 500
      upheld_per_mille: 1000
    }
    target { queue: "harassment" decision_ms: 2 })pb");
  std::string in_time = Open(kMallory), late = Open(kAlice);
  world_.clock.Advance(10 * kMinute);
  v1::CaseSummary first = Claim(in_time);
  world_.clock.Advance(1);
  v1::CaseSummary second = Claim(late);
  v1::Reached reached = Reached();
  EXPECT_EQ(reached.first_action().count(), 2);
  EXPECT_EQ(reached.first_action().in_time(), 1);
  EXPECT_EQ(reached.first_action().target_ms(), 10 * kMinute);
  EXPECT_EQ(reached.first_action().target_per_mille(), 500);
  EXPECT_TRUE(reached.first_action().reached());
  EXPECT_EQ(reached.decision().target_ms(), 30 * kMinute);
  EXPECT_EQ(reached.accuracy().target_per_mille(), 1000);
  world_.clock.Advance(30 * kMinute);
  ASSERT_TRUE(
      world_.DecideOne(second, {MakeAction(v1::ACTION_KIND_NONE)}, 'a').ok());
  EXPECT_FALSE(Reached().decision().reached());
}

TEST_F(ModerationTargetsTest, MeasuresByTheDeadlineWithoutATarget) {
  std::string id = Open(kMallory);
  UnixMillis deadline = world_.ListCases(kReviewer)->case_summary(0).deadline();
  world_.clock.Set(deadline + 1);
  Claim(id);
  v1::Reached reached = Reached(deadline - deadline % kDay);
  EXPECT_EQ(reached.first_action().count(), 1);
  EXPECT_EQ(reached.first_action().in_time(), 0);
  EXPECT_EQ(reached.first_action().target_ms(), 0);
  EXPECT_EQ(reached.first_action().target_per_mille(), 900);
}

// Writes days as the worker would have.
class ReachedPagesTest : public ModerationTargetsTest {
 protected:
  void PutDay(uint32_t day, const std::string& queue, uint64_t decisions) {
    ASSERT_TRUE(
        storage::RunTransactionAndWait(
            *world_.engine,
            [&](storage::Transaction& transaction) -> absl::Status {
              storage::v1::TargetDayRecord record;
              record.mutable_decision()->set_count(decisions);
              storage::PutTargetDay(transaction, {day, queue, kHate}, record);
              return absl::OkStatus();
            })
            .ok());
  }
  static constexpr uint32_t kDayNumber =
      static_cast<uint32_t>(kToday / kDay);  // 14 November
};

TEST_F(ReachedPagesTest, AddsTheDaysOfAMonthUpAndCutsTheFirstAndLast) {
  for (uint32_t day = kDayNumber - 40; day < kDayNumber + 40; ++day) {
    PutDay(day, "harassment", 1);
  }
  // From 20 October to 3 December, that one not included.
  auto answer = Ask(RequestFor(kToday - 25 * kDay, kToday + 19 * kDay,
                               v1::REACHED_PERIOD_MONTH));
  ASSERT_EQ(answer->reached_size(), 3);
  EXPECT_EQ(answer->reached(0).decision().count(), 12);
  EXPECT_EQ(answer->reached(0).period_started_at(), kToday - 25 * kDay);
  EXPECT_EQ(answer->reached(1).decision().count(), 30);
  EXPECT_EQ(answer->reached(1).period_started_at(), kToday - 13 * kDay);
  EXPECT_EQ(answer->reached(1).period_ended_at(), kToday + 17 * kDay);
  EXPECT_EQ(answer->reached(2).decision().count(), 2);
  EXPECT_TRUE(answer->next_page_token().empty());
}

TEST_F(ReachedPagesTest, GivesPagesThatMeet) {
  constexpr uint64_t kDays = 700;
  for (uint32_t day = 0; day < kDays; ++day) {
    PutDay(kDayNumber + day, "harassment", 1);
    PutDay(kDayNumber + day, "seniors", 1);
  }
  v1::GetReachedRequest request =
      RequestFor(kToday, kToday + 1200 * kDay, v1::REACHED_PERIOD_DAY);
  uint64_t rows = 0, pages = 0;
  UnixMillis last = 0;
  do {
    auto answer = Ask(request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const auto& reached : answer->reached()) {
      EXPECT_GE(reached.period_started_at(), last);
      last = reached.period_started_at();
    }
    rows += static_cast<uint64_t>(answer->reached_size());
    EXPECT_LE(answer->reached_size(), limits::kReachedPage + 1);
    request.set_page_token(answer->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 20);
  EXPECT_EQ(rows, 2 * kDays);
  EXPECT_GE(pages, 3);
}

// What is looked at costs, also where next to nothing is found.
TEST_F(ReachedPagesTest, EndsAPageWithTheMonthThatCostsTooMuch) {
  constexpr uint32_t kDays = 120, kQueues = 100;
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [&](storage::Transaction& transaction) -> absl::Status {
                    storage::v1::TargetDayRecord record;
                    record.mutable_decision()->set_count(1);
                    for (uint32_t i = 0; i < kDays * kQueues; ++i) {
                      storage::PutTargetDay(
                          transaction,
                          {kDayNumber + i / kQueues,
                           absl::StrCat("q", i % kQueues), kHate},
                          record);
                    }
                    return absl::OkStatus();
                  })
                  .ok());
  v1::GetReachedRequest request =
      RequestFor(kToday, kToday + kDays * kDay, v1::REACHED_PERIOD_MONTH);
  request.add_queue("q7");
  uint64_t counted = 0, months = 0, pages = 0;
  do {
    auto answer = Ask(request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const auto& reached : answer->reached()) {
      counted += reached.decision().count();
      ++months;
    }
    request.set_page_token(answer->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 9);
  EXPECT_EQ(counted, kDays);
  EXPECT_EQ(months, 5) << "none is cut";
  EXPECT_EQ(pages, 2);
}

TEST_F(ReachedPagesTest, FiltersByQueueAndReason) {
  PutDay(kDayNumber, "harassment", 1);
  PutDay(kDayNumber, "seniors", 2);
  v1::GetReachedRequest request = RequestFor();
  request.add_queue("seniors");
  ASSERT_EQ(Ask(request)->reached_size(), 1);
  EXPECT_EQ(Ask(request)->reached(0).decision().count(), 2);
  request.add_reason("deception.spam");
  EXPECT_EQ(Ask(request)->reached_size(), 0);
}

TEST_F(ReachedPagesTest, ForgetsDaysAfterThreeYears) {
  constexpr uint32_t kKept = limits::kTargetRetention / kDay;
  PutDay(kDayNumber - kKept - 1, "harassment", 1);
  PutDay(kDayNumber - kKept, "harassment", 1);
  Count();
  EXPECT_EQ(
      Ask(RequestFor(kToday - (kKept + 9) * kDay, kToday))->reached_size(), 1);
}

TEST_F(ModerationTargetsTest, RefusesWhatBreaksARule) {
  EXPECT_EQ(Refusal(RequestFor(5, 5)), "until");
  EXPECT_EQ(Refusal(RequestFor(0, 1200 * kDay + 1)), "until");
  EXPECT_EQ(Refusal(RequestFor(std::numeric_limits<uint64_t>::max() - 1,
                               std::numeric_limits<uint64_t>::max())),
            "until");
  EXPECT_EQ(Refusal(RequestFor(0, 1, v1::REACHED_PERIOD_UNSPECIFIED)),
            "period");
  v1::GetReachedRequest request = RequestFor();
  request.set_page_token("12345");
  EXPECT_EQ(Refusal(request), "page_token");
  request = RequestFor();
  request.add_queue(std::string(65, 'q'));
  EXPECT_EQ(Refusal(request), "queue");
  request = RequestFor();
  for (int i = 0; i < 33; ++i) request.add_reason("a");
  EXPECT_EQ(Refusal(request), "reason");
  EXPECT_EQ(ReasonOf(Ask(RequestFor(), kReviewer).status()), "NOT_PERMITTED");
}

TEST(TargetsTest, RefusesTargetsForWhatIsNotThere) {
  const Routing routing = Routing::BuiltIn();
  const ReasonTable reasons;
  auto refusal = [&](const std::string& text) {
    return std::string(
        Targets::Create(Parse(text), routing, reasons).status().message());
  };
  EXPECT_THAT(refusal("target { queue: \"none\" }"), HasSubstr("target.queue"));
  EXPECT_THAT(refusal("target { reason: \"no.such\" }"),
              HasSubstr("target.reason"));
  EXPECT_THAT(refusal("target { decision_ms: 31536000001 }"),
              HasSubstr("decision_ms"));
  EXPECT_THAT(refusal("target { first_action_ms: 31536000001 }"),
              HasSubstr("first_action_ms"));
  EXPECT_THAT(refusal("target { in_time_per_mille: 1001 }"),
              HasSubstr("in_time_per_mille"));
  EXPECT_THAT(refusal("target { upheld_per_mille: 1001 }"),
              HasSubstr("upheld_per_mille"));
  EXPECT_EQ(refusal("target { queue: \"seniors\" reason: \"deception.spam\" }"),
            "");
}

}  // namespace
}  // namespace frank::moderation
