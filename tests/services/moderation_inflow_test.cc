// What came in: cases, reports, what was found of messages, appeals; each once,
// on the day and in the queue where it belongs.
#include <string>
#include <vector>

#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/decision_world.h"

namespace frank::moderation {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr UnixMillis kToday = kNow - kNow % kDay;
constexpr char kHate[] = "harassment.hate";

class ModerationInflowTest : public ::testing::Test {
 protected:
  void Report(const std::string& accused,
              const std::vector<SentMessage>& messages,
              const std::string& reporter = kBob,
              const std::string& reason = kHate) {
    world_.Report(world_.Content(accused, reason, messages), reporter);
    world_.Fold();
  }
  SentMessage Message(const std::string& text, UnixMillis time = kNow) {
    return world_.platform.SendText(kMallory, text, time);
  }
  absl::StatusOr<v1::GetInflowResponse> Ask(
      const v1::GetInflowRequest& request,
      const std::string& token = kAuditor) {
    return Await<v1::GetInflowResponse>([&](auto done) {
      world_.process->target.GetInflow(CallOf(token), request, std::move(done));
    });
  }
  static v1::GetInflowRequest RequestFor(UnixMillis day = kToday) {
    v1::GetInflowRequest request;
    request.set_from(day);
    request.set_until(day + 1);
    request.set_period(v1::REACHED_PERIOD_DAY);
    return request;
  }
  // All that came in on a day, which must be in one queue.
  v1::Inflow Inflow(UnixMillis day = kToday) {
    while (world_.process->target_fold.FoldSome() == 0) {
    }
    auto answer = Ask(RequestFor(day));
    EXPECT_TRUE(answer.ok()) << answer.status();
    EXPECT_THAT(answer->inflow(), SizeIs(1));
    return answer->inflow_size() == 1 ? answer->inflow(0) : v1::Inflow();
  }

  DecisionWorld world_;
};

TEST_F(ModerationInflowTest, CountsCasesReportsAndWhatWasFound) {
  SentMessage forged = Message("two");
  forged.reported.mutable_frank()->set_room_uri("mimi://hub.example/r/other");
  Report(kMallory, {Message("one"), forged});
  Report(kMallory, {Message("three")}, kAlice);
  v1::Inflow inflow = Inflow();
  EXPECT_EQ(inflow.period_started_at(), kToday);
  EXPECT_EQ(inflow.period_ended_at(), kToday + kDay);
  EXPECT_EQ(inflow.queue(), "harassment");
  EXPECT_EQ(inflow.opened_count(), 1);
  EXPECT_EQ(inflow.report_count(), 2);
  EXPECT_EQ(inflow.unopenable_report_count(), 0);
  EXPECT_EQ(inflow.proven_count(), 2);
  EXPECT_EQ(inflow.forged_count(), 1);
  EXPECT_EQ(inflow.unverifiable_count(), 0);
  EXPECT_EQ(inflow.appeal_count(), 0);
  EXPECT_EQ(Inflow().report_count(), 2) << "counted once";
}

TEST_F(ModerationInflowTest, CountsWhatIsFoundWhenItIsJudgedAnew) {
  Report(kMallory, {Message("later", StampingPlatform::kLater)});
  EXPECT_EQ(Inflow().unverifiable_count(), 1);
  EXPECT_EQ(Inflow().proven_count(), 0);
  world_.Restart(/*with_later_window=*/true);
  world_.clock.Advance(1 * kDay);
  world_.Fold();
  v1::Inflow later = Inflow(kToday + kDay);
  EXPECT_EQ(later.proven_count(), 1);
  EXPECT_EQ(later.report_count(), 0);
  EXPECT_EQ(later.opened_count(), 0);
  EXPECT_EQ(Inflow().unverifiable_count(), 1) << "of the day before";
}

TEST_F(ModerationInflowTest, CountsReportsThatNobodyCanOpen) {
  v1::ForwardRequest sealed =
      world_.Seal(world_.Content(kMallory, kHate, {Message("one")}), kBob);
  sealed.mutable_sealed_report()->back() ^= 1;
  ASSERT_TRUE(world_.Take({sealed}).ok());
  world_.Fold();
  v1::Inflow inflow = Inflow();
  EXPECT_EQ(inflow.queue(), "integrity");
  EXPECT_EQ(inflow.unopenable_report_count(), 1);
  EXPECT_EQ(inflow.report_count(), 1);
}

TEST_F(ModerationInflowTest, CountsAnAppealUnderTheQueueOfTheDecision) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_
                  .DecideOne(held,
                             {MakeAction(v1::ACTION_KIND_SUSPEND,
                                         world_.clock.Now() + 30 * kDay)},
                             'a')
                  .ok());
  world_.clock.Advance(1 * kDay);
  world_.Send();
  ASSERT_TRUE(
      world_.Take({world_.SealAppeal(IdOf('a'), kMallory, "not me")}).ok());
  v1::Inflow inflow = Inflow(kToday + kDay);
  EXPECT_EQ(inflow.queue(), "harassment");
  EXPECT_EQ(inflow.appeal_count(), 1);
  EXPECT_EQ(inflow.opened_count(), 0);
}

TEST_F(ModerationInflowTest, CountsAnAppealThatNobodyNeedsToDecide) {
  v1::CaseSummary held = world_.NewCase(kMallory);
  ASSERT_TRUE(world_
                  .DecideOne(held,
                             {MakeAction(v1::ACTION_KIND_SUSPEND,
                                         world_.clock.Now() + 30 * kDay)},
                             'a')
                  .ok());
  world_.clock.Advance(1 * kMinute);
  world_.Send();
  ASSERT_TRUE(world_.Reverse(kSenior, 'a').ok());
  world_.clock.Advance(1 * kDay);
  v1::ForwardRequest appeal = world_.SealAppeal(IdOf('a'), kMallory, "not me");
  ASSERT_TRUE(world_.Take({appeal}).ok());
  world_.Send();
  ASSERT_THAT(world_.receiver.appeals, SizeIs(1)) << "it is resolved";
  v1::Inflow inflow = Inflow(kToday + kDay);
  EXPECT_EQ(inflow.queue(), "harassment");
  EXPECT_EQ(inflow.appeal_count(), 1);
}

TEST_F(ModerationInflowTest, FiltersAndKeepsApartWhatWasReached) {
  Report(kMallory, {Message("one")});
  Report(kMallory, {Message("two")}, kBob, "deception.spam");
  while (world_.process->target_fold.FoldSome() == 0) {
  }
  EXPECT_THAT(Ask(RequestFor())->inflow(), SizeIs(2));
  v1::GetInflowRequest request = RequestFor();
  request.add_queue("deception");
  ASSERT_THAT(Ask(request)->inflow(), SizeIs(1));
  EXPECT_EQ(Ask(request)->inflow(0).proven_count(), 1);
  request.add_reason(kHate);
  EXPECT_THAT(Ask(request)->inflow(), IsEmpty());
  // Nothing was claimed or decided.
  v1::GetReachedRequest reached;
  reached.set_from(kToday);
  reached.set_until(kToday + 1);
  reached.set_period(v1::REACHED_PERIOD_DAY);
  auto answer = Await<v1::GetReachedResponse>([&](auto done) {
    world_.process->target.GetReached(CallOf(kAuditor), reached,
                                      std::move(done));
  });
  EXPECT_THAT(answer->reached(), IsEmpty());
}

TEST_F(ModerationInflowTest, IsForThoseWhoAnswerForModeration) {
  EXPECT_EQ(FindReason(Ask(RequestFor(), kReviewer).status()), "NOT_PERMITTED");
  EXPECT_TRUE(Ask(RequestFor(), kSenior).ok());
  v1::GetInflowRequest backwards = RequestFor();
  backwards.set_until(backwards.from());
  EXPECT_EQ(FindFieldViolation(Ask(backwards).status())->field, "until");
}

}  // namespace
}  // namespace frank::moderation
