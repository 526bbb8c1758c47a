// Effects on their way to a platform that is away, restarts, and refuses.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/effect_sender.h"
#include "storage/effect_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::SizeIs;

class FakePlatform final : public EffectClient {
 public:
  absl::Status Apply(const v1::ApplyRequest& request) override {
    requests.push_back(request);
    if (meanwhile) meanwhile();
    if (!away.ok()) return away;
    for (const auto& state : request.state()) {
      if (state.account_uri() == refused) {
        return absl::InvalidArgumentError("refused");
      }
    }
    for (const auto& state : request.state()) applied.push_back(state);
    for (const auto& notice : request.outcome()) told.push_back(notice);
    return absl::OkStatus();
  }

  // Happens before it answers.
  std::function<void()> meanwhile;
  absl::Status away;
  std::string refused;
  std::vector<v1::ApplyRequest> requests;
  std::vector<v1::EnforcementState> applied;
  std::vector<v1::OutcomeNotice> told;
};

class ModerationEffectsTest : public ::testing::Test {
 protected:
  ModerationEffectsTest() { StartSender(); }

  void StartSender() {
    sender_ = std::make_unique<EffectSender>(EffectSender::Dependencies{
        *world_.engine, platform_, world_.clock, world_.random});
  }
  void Decide(const std::string& accused, const v1::Action& action, char id,
              bool proven = true) {
    std::vector<SentMessage> messages;
    if (proven) messages.push_back(world_.platform.SendText(accused, "abuse"));
    world_.Report(world_.Content(accused, "harassment.hate", messages), kBob);
    world_.Fold();
    v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
    auto decided = world_.Decide(
        kReviewer, world_.Decision(held, {action}, std::string(16, id)));
    ASSERT_TRUE(decided.ok()) << decided.status();
    last_case_ = held.case_id();
  }
  std::vector<storage::StoredEffect> Outbox() {
    return storage::ScanEffects(*world_.engine, UINT64_MAX, 100).value();
  }

  ModerationWorld world_;
  FakePlatform platform_;
  std::unique_ptr<EffectSender> sender_;
  std::string last_case_;
};

TEST_F(ModerationEffectsTest, TellsPlatformAndReporter) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 30 * kDay), 'a');
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  ASSERT_THAT(platform_.applied, SizeIs(1));
  EXPECT_EQ(platform_.applied[0].account_uri(), kMallory);
  EXPECT_EQ(platform_.applied[0].number(), 1);
  EXPECT_TRUE(platform_.applied[0].suspended());
  EXPECT_EQ(platform_.applied[0].suspended_until(), kNow + 30 * kDay);
  EXPECT_EQ(platform_.applied[0].notice(), v1::NOTICE_KIND_SUSPENDED);
  EXPECT_EQ(platform_.applied[0].decision_id(), std::string(16, 'a'));
  ASSERT_THAT(platform_.told, SizeIs(1));
  EXPECT_EQ(platform_.told[0].reporter_uri(), kBob);
  EXPECT_EQ(platform_.told[0].outcome(), v1::REPORT_OUTCOME_ACTION_TAKEN);
  EXPECT_THAT(Outbox(), SizeIs(0));
  auto acts = world_.Acts(kAuditor, last_case_);
  EXPECT_EQ(acts->act(acts->act_size() - 1).act(), "effect.applied");
}

TEST_F(ModerationEffectsTest, SendsWhatCameLongAfterItWasDue) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 7 * kDay), 'a');
  sender_->SendDue();
  const UnixMillis now = world_.clock.Now();
  world_.clock.Set(now - 1 * kMinute);
  Decide(kMallory, MakeAction(v1::ACTION_KIND_RESTORE), 'b');
  world_.clock.Set(now);
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(2));
}

TEST_F(ModerationEffectsTest, NumbersTheStatesOfAnAccount) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 7 * kDay), 'a');
  sender_->SendDue();
  Decide(kMallory, MakeAction(v1::ACTION_KIND_RESTORE), 'b');
  sender_->SendDue();
  ASSERT_THAT(platform_.applied, SizeIs(2));
  EXPECT_EQ(platform_.applied[1].number(), 2);
  EXPECT_FALSE(platform_.applied[1].suspended());
  EXPECT_EQ(platform_.applied[1].notice(), v1::NOTICE_KIND_RESTORED);
}

TEST_F(ModerationEffectsTest, SendsEveryStateOfAnAccountInOrder) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_LIMIT, 0, 10), 'b');
  world_.clock.Advance(1);
  Decide(kMallory, MakeAction(v1::ACTION_KIND_SUSPEND, kNow + 7 * kDay), 'a');
  sender_->SendDue();
  // The account is told of both decisions, each of which it may appeal.
  ASSERT_THAT(platform_.applied, SizeIs(2));
  EXPECT_EQ(platform_.applied[0].number(), 1);
  EXPECT_EQ(platform_.applied[0].decision_id(), std::string(16, 'b'));
  EXPECT_EQ(platform_.applied[1].number(), 2);
  // The whole state: what the first decision set holds still.
  EXPECT_EQ(platform_.applied[1].messages_an_hour(), 10);
  EXPECT_TRUE(platform_.applied[1].suspended());
  EXPECT_THAT(platform_.told, SizeIs(2));
}

TEST_F(ModerationEffectsTest, TellsApartNoActionAndNotVerifiable) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_NONE), 'a', /*proven=*/true);
  sender_->SendDue();
  Decide(kAlice, MakeAction(v1::ACTION_KIND_NONE), 'b', /*proven=*/false);
  sender_->SendDue();
  ASSERT_THAT(platform_.told, SizeIs(2));
  EXPECT_EQ(platform_.told[0].outcome(), v1::REPORT_OUTCOME_NO_ACTION);
  EXPECT_EQ(platform_.told[1].outcome(), v1::REPORT_OUTCOME_NOT_VERIFIABLE);
  EXPECT_THAT(platform_.applied, SizeIs(0));
}

TEST_F(ModerationEffectsTest, BacksOffAndNeverDropsWhileThePlatformIsAway) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  platform_.away = absl::UnavailableError("away");
  UnixMillis longest = 0;
  for (int i = 0; i < 12; ++i) {
    UnixMillis wait = sender_->SendDue();
    EXPECT_GT(wait, 0);
    EXPECT_LE(wait, 1 * kMinute);
    longest = std::max(longest, wait);
    world_.clock.Advance(wait);
  }
  EXPECT_GE(longest, 30 * kSecond);
  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].record.phase(), storage::kEffectSending);
  platform_.away = absl::OkStatus();
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(1));
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST_F(ModerationEffectsTest, GoesOnAfterARestartInTheMiddle) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  platform_.away = absl::UnavailableError("away");
  sender_->SendDue();
  StartSender();
  platform_.away = absl::OkStatus();
  // The lease of the sender before still runs.
  EXPECT_GT(sender_->SendDue(), 0);
  EXPECT_THAT(platform_.applied, SizeIs(0));
  world_.clock.Advance(31 * kSecond);
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(1));
}

// Another instance has the lease in between, and waits for the platform too.
TEST_F(ModerationEffectsTest, MarksWhatThePlatformTookLongFor) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  WorkerLease other(*world_.engine, world_.clock, world_.random, "effects");
  platform_.meanwhile = [&] {
    world_.clock.Advance(limits::kWorkerLease);
    EXPECT_TRUE(other.Acquire().value());
    world_.clock.Advance(limits::kWorkerLease);
  };
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(1));
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST(WorkerLeaseTest, IsNobodysOnceTheClockWasSetBackByMuch) {
  ModerationWorld world;
  WorkerLease dead(*world.engine, world.clock, world.random, "work");
  WorkerLease next(*world.engine, world.clock, world.random, "work");
  const UnixMillis now = world.clock.Now();
  ASSERT_TRUE(dead.Acquire().value());
  world.clock.Set(now - 1 * kSecond);
  EXPECT_FALSE(next.Acquire().value());
  world.clock.Set(now - 1 * kHour);
  EXPECT_TRUE(next.Acquire().value());
  EXPECT_FALSE(dead.Acquire().value());
  // Who has it does not keep it until the clock is there again.
  world.clock.Set(now - 2 * kHour);
  EXPECT_TRUE(next.Acquire().value());
  world.clock.Advance(limits::kWorkerLease);
  EXPECT_TRUE(dead.Acquire().value());
}

TEST_F(ModerationEffectsTest, SendsTheOthersWhenOneIsRefused) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  Decide(kAlice, MakeAction(v1::ACTION_KIND_WARN), 'b');
  platform_.refused = kMallory;
  EXPECT_GT(sender_->SendDue(), 0);
  ASSERT_THAT(platform_.applied, SizeIs(1));
  EXPECT_EQ(platform_.applied[0].account_uri(), kAlice);
  EXPECT_THAT(Outbox(), SizeIs(1));
}

TEST_F(ModerationEffectsTest, PutsOffWhatIsRefusedAndNeverDropsIt) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  platform_.refused = kMallory;
  sender_->SendDue();
  size_t asked = platform_.requests.size();
  // It does not stand in front of the others.
  Decide(kAlice, MakeAction(v1::ACTION_KIND_WARN), 'b');
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_EQ(platform_.requests.size(), asked + 1);
  EXPECT_THAT(platform_.applied, SizeIs(1));
  platform_.refused.clear();
  world_.clock.Advance(10 * kMinute);
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(2));
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST_F(ModerationEffectsTest, LeavesTheWorkToTheNextWhenItEnds) {
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  platform_.away = absl::UnavailableError("away");
  sender_->SendDue();
  sender_->End();
  StartSender();
  platform_.away = absl::OkStatus();
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(1));
}

TEST_F(ModerationEffectsTest, WaitsForTheUndoWindow) {
  world_.config.set_undo_window_ms(1 * kMinute);
  world_.Restart();
  Decide(kMallory, MakeAction(v1::ACTION_KIND_WARN), 'a');
  EXPECT_EQ(sender_->SendDue(), 10 * kSecond);
  EXPECT_THAT(platform_.requests, SizeIs(0));
  world_.clock.Advance(1 * kMinute);
  EXPECT_EQ(sender_->SendDue(), EffectSender::kTogether);
  EXPECT_THAT(platform_.applied, SizeIs(1));
}

}  // namespace
}  // namespace frank::moderation
