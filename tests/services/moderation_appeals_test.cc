// Appeals at the moderators: taken in, kept, read, resolved, told.
#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/appeals.h"
#include "services/moderation/effect_sender.h"
#include "storage/appeal_store.h"
#include "storage/effect_store.h"
#include "storage/wrapped_key_store.h"
#include "tests/services/moderation_world.h"

namespace frank::moderation {
namespace {

using ::testing::SizeIs;

constexpr char kWords[] = "It was a quotation from a play, and they knew it.";

class FakePlatform final : public EffectClient {
 public:
  absl::Status Apply(const v1::ApplyRequest& request) override {
    for (const auto& appeal : request.appeal()) told.push_back(appeal);
    return absl::OkStatus();
  }
  std::vector<v1::AppealNotice> told;
};

class ModerationAppealsTest : public ::testing::Test {
 protected:
  ModerationAppealsTest() {
    world_.Report(world_.Content(kMallory, "harassment.hate",
                                 {world_.platform.SendText(kMallory, "abuse")}),
                  kBob);
    world_.Fold();
    v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
    case_ = held.case_id();
    auto decided = world_.Decide(
        kReviewer,
        world_.Decision(
            held, {MakeAction(v1::ACTION_KIND_SUSPEND, kNow + kDay)}, kId));
    EXPECT_TRUE(decided.ok()) << decided.status();
  }

  v1::ForwardRequest Seal() { return world_.SealAppeal(kId, kMallory, kWords); }
  void Take(const v1::ForwardRequest& request) {
    auto taken = world_.Take({request});
    ASSERT_TRUE(taken.ok()) << taken.status();
    EXPECT_EQ(taken->acknowledged, request.number());
  }
  v1::CaseSummary Summary() {
    return world_.GetCase(kReviewer, case_, false)->case_summary();
  }
  std::vector<storage::WaitingAppeal> Waiting() {
    return storage::ListWaitingAppeals(*world_.engine, 10).value();
  }
  std::string Read() {
    storage::WaitingAppeal appeal = Waiting().at(0);
    auto text =
        ReadAppeal(*world_.engine, world_.process->vault, world_.process->judge,
                   appeal.decision, appeal.record)
            .value();
    return text ? ToString(text->bytes()) : "(none)";
  }
  std::vector<std::string> ActsOfCase() {
    std::vector<std::string> acts;
    v1::ListActsResponse shown = world_.Acts(kAuditor, case_).value();
    for (const auto& act : shown.act()) {
      acts.push_back(act.act());
    }
    return acts;
  }
  absl::Status Resolve(v1::AppealOutcome outcome) {
    return storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& transaction) -> absl::Status {
          ActLog acts(transaction, world_.clock.Now());
          AppealResolution resolution;
          resolution.decision = DecisionId::Parse("decision_id", kId).value();
          resolution.outcome = outcome;
          resolution.moderator = "sena";
          resolution.now = world_.clock.Now();
          resolution.notice_due_at = world_.clock.Now();
          absl::Status resolved = ResolveAppeal(transaction, resolution, acts);
          return resolved.ok() ? acts.Write() : resolved;
        });
  }

  const std::string kId = std::string(16, 'd');
  ModerationWorld world_;
  std::string case_;
};

TEST_F(ModerationAppealsTest, WaitsWithItsWordsForWhoeverDecides) {
  Take(Seal());
  ASSERT_THAT(Waiting(), SizeIs(1));
  const storage::v1::AppealRecord record = Waiting()[0].record;
  EXPECT_EQ(record.account_uri(), kMallory);
  EXPECT_EQ(record.case_id(), case_);
  EXPECT_EQ(record.received_at(), world_.clock.Now());
  EXPECT_EQ(Read(), kWords);
  EXPECT_THAT(ActsOfCase(), testing::Contains("appeal.received"));
}

TEST_F(ModerationAppealsTest, IsDueAfterATimeOfItsOwn) {
  // The decision was due long ago.
  world_.clock.Advance(20 * kDay);
  EXPECT_LT(Summary().deadline(), world_.clock.Now());
  EXPECT_EQ(Summary().appealed_at(), 0);
  Take(Seal());
  EXPECT_EQ(Summary().state(), v1::CASE_STATE_APPEALED);
  EXPECT_EQ(Summary().appealed_at(), world_.clock.Now());
  EXPECT_EQ(Summary().deadline(), world_.clock.Now() + 7 * kDay);
}

TEST_F(ModerationAppealsTest, IsNowhereInTheStoreInTheClear) {
  Take(Seal());
  std::vector<storage::KeyValue> all = world_.engine->Scan({"", ""}).value();
  for (const storage::KeyValue& entry : all) {
    EXPECT_FALSE(absl::StrContains(entry.value, "quotation"));
    EXPECT_FALSE(absl::StrContains(entry.key, "quotation"));
  }
}

TEST_F(ModerationAppealsTest, IsReadWhenTheReviewKeyHasBeenDestroyed) {
  Take(Seal());
  world_.Restart(false, /*with_review_key=*/false);
  EXPECT_EQ(Read(), kWords);
}

TEST_F(ModerationAppealsTest, IsKeptSealedUntilTheReviewKeyIsThere) {
  world_.Restart(false, /*with_review_key=*/false);
  Take(Seal());
  EXPECT_EQ(Read(), "(none)");
  world_.Restart();
  EXPECT_EQ(Read(), kWords);
}

TEST_F(ModerationAppealsTest, IsTakenWithoutWordsWhenTheCasesKeyIsDestroyed) {
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [&](storage::Transaction& transaction) {
                    transaction.Delete(storage::schema::WrappedCaseKey(
                        CaseId::Parse("id", case_).value()));
                    return absl::OkStatus();
                  })
                  .ok());
  Take(Seal());
  ASSERT_THAT(Waiting(), SizeIs(1));
  EXPECT_EQ(Read(), "(none)");
}

TEST_F(ModerationAppealsTest, IsTakenOnceHoweverOftenItComes) {
  v1::ForwardRequest request = Seal();
  Take(request);
  v1::ForwardRequest again = request;
  again.set_number(request.number() + 1);
  Take(again);
  EXPECT_THAT(Waiting(), SizeIs(1));
  std::vector<std::string> acts = ActsOfCase();
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "appeal.received"), 1);
  EXPECT_EQ(world_.process->intake.conflicts(), 0);
}

TEST_F(ModerationAppealsTest, AcknowledgesWhatItDoesNotTakeAndRaisesAnAlarm) {
  Take(world_.SealAppeal(kId, kAlice, kWords));
  Take(world_.SealAppeal(std::string(16, 'x'), kMallory, kWords));
  EXPECT_THAT(Waiting(), SizeIs(0));
  EXPECT_EQ(world_.process->intake.conflicts(), 2);
  Take(Seal());
  Take(Seal());
  EXPECT_THAT(Waiting(), SizeIs(1)) << "the first stands";
  EXPECT_EQ(world_.process->intake.conflicts(), 3);
}

TEST_F(ModerationAppealsTest, AreTakenWithReportsInOneBatch) {
  v1::ForwardRequest report =
      world_.Seal(world_.Content(kMallory, "harassment.hate", {}), kBob);
  v1::ForwardRequest appeal = Seal();
  v1::ForwardRequest other = Seal();
  auto taken = world_.Take({report, appeal, other});
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->acknowledged, other.number());
  EXPECT_THAT(taken->receipts, SizeIs(1)) << "appeals have none";
  EXPECT_THAT(Waiting(), SizeIs(1));
  EXPECT_EQ(world_.process->intake.conflicts(), 1);
}

TEST_F(ModerationAppealsTest, RefusesAppealsThatBreakALimit) {
  auto broken = [&](auto change) {
    v1::ForwardRequest request = Seal();
    change(*request.mutable_appeal());
    return FindFieldViolation(Intake::Check(request)).value().field;
  };
  using Appeal = v1::ForwardRequest::Appeal;
  EXPECT_EQ(broken([](Appeal& a) { a.set_decision_id("short"); }),
            "appeal.decision_id");
  EXPECT_EQ(broken([](Appeal& a) { a.set_account_uri(""); }),
            "appeal.account_uri");
  EXPECT_EQ(broken([](Appeal& a) { a.set_review_key_id("x"); }),
            "appeal.review_key_id");
  EXPECT_EQ(broken([](Appeal& a) { a.mutable_sealed_appeal()->pop_back(); }),
            "appeal.sealed_appeal");
}

TEST_F(ModerationAppealsTest, TellsTheAccountHowItEnded) {
  Take(Seal());
  ASSERT_TRUE(Resolve(v1::APPEAL_OUTCOME_GRANTED).ok());
  EXPECT_THAT(Waiting(), SizeIs(0));
  auto record =
      storage::FindAppeal(*world_.engine, DecisionId::Parse("id", kId).value())
          .value();
  EXPECT_EQ(record->resolved_by(), "sena");
  EXPECT_THAT(ActsOfCase(), testing::Contains("appeal.resolved"));

  FakePlatform platform;
  EffectSender sender({*world_.engine, platform, world_.clock, world_.random});
  while (sender.SendDue() == 0) {
  }
  ASSERT_THAT(platform.told, SizeIs(1));
  EXPECT_EQ(platform.told[0].account_uri(), kMallory);
  EXPECT_EQ(platform.told[0].decision_id(), kId);
  EXPECT_EQ(platform.told[0].outcome(), v1::APPEAL_OUTCOME_GRANTED);
  EXPECT_EQ(platform.told[0].decided_at(), world_.clock.Now());
}

TEST_F(ModerationAppealsTest, IsResolvedOnce) {
  EXPECT_TRUE(absl::IsNotFound(Resolve(v1::APPEAL_OUTCOME_GRANTED)));
  Take(Seal());
  ASSERT_TRUE(Resolve(v1::APPEAL_OUTCOME_REJECTED).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Resolve(v1::APPEAL_OUTCOME_GRANTED)));
  Take(Seal());
  EXPECT_THAT(Waiting(), SizeIs(0)) << "a second appeal is none";
}

}  // namespace
}  // namespace frank::moderation
