// How long cases are kept: the class of a case, its time, what stands in the
// way, and the report of what is due.
#include <set>
#include <string>
#include <vector>

#include "core/limits.h"
#include "crypto/hpke.h"
#include "crypto/records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "services/moderation/audit_sequencer.h"
#include "services/moderation/retention_rules.h"
#include "services/moderation/review_keys.h"
#include "storage/case_store.h"
#include "storage/decision_store.h"
#include "storage/retention_store.h"
#include "tests/services/moderation_audit_world.h"
#include "tests/services/retention_world.h"
#include "tests/storage/temp_dir.h"

namespace frank::moderation {
namespace {

using storage::RetentionClass;
using storage::v1::CaseRecord;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RetentionClassTest, FollowsFromTheRecord) {
  CaseRecord record;
  EXPECT_EQ(storage::RetentionClassOf(record), RetentionClass::kUnproven);
  record.set_proven_count(1);
  EXPECT_EQ(storage::RetentionClassOf(record), RetentionClass::kProven);
  record.mutable_retention()->set_acted(true);
  EXPECT_EQ(storage::RetentionClassOf(record), RetentionClass::kDecided);
  record.mutable_retention()->set_deletion(true);
  EXPECT_EQ(storage::RetentionClassOf(record), RetentionClass::kDeletion);
}

TEST(RetentionClassTest, KeepsWhatWasReferredWhateverElseWasDecided) {
  CaseRecord record;
  record.mutable_retention()->set_referred(true);
  record.mutable_retention()->set_deletion(true);
  EXPECT_EQ(storage::RetentionClassOf(record), RetentionClass::kReferred);
}

TEST(RetentionClassTest, HasATimeOnlyWhileNothingElseKeepsTheCase) {
  for (uint32_t state : storage::kCaseStates) {
    CaseRecord record;
    record.set_state(state);
    EXPECT_FALSE(storage::TimeRuns(record)) << state;
    record.mutable_retention()->set_closed_at(kNow);
    EXPECT_EQ(storage::TimeRuns(record), state == storage::kCaseDecided ||
                                             state == storage::kCaseDuplicate)
        << state;
    record.mutable_retention()->add_legal_hold();
    EXPECT_FALSE(storage::TimeRuns(record)) << state;
  }
}

TEST(RetentionRulesTest, HasDefaultsAndRefusesWhatLawOverrides) {
  RetentionRules rules = RetentionRules::Create({}).value();
  EXPECT_EQ(rules.TimeOf(RetentionClass::kUnproven), 30 * kDay);
  EXPECT_EQ(rules.TimeOf(RetentionClass::kProven), 90 * kDay);
  EXPECT_EQ(rules.TimeOf(RetentionClass::kDecided), 180 * kDay);
  EXPECT_EQ(rules.TimeOf(RetentionClass::kReferred), 365 * kDay);
  EXPECT_EQ(rules.TimeOf(RetentionClass::kDeletion), 0u);
  EXPECT_EQ(rules.until_appeals_are_in(), 37 * kDay);

  config::v1::Retention config;
  config.set_unproven_ms(1);
  EXPECT_EQ(RetentionRules::Create(config)->TimeOf(RetentionClass::kUnproven),
            1u);
  config.set_referred_ms(365 * kDay - 1);
  EXPECT_EQ(RetentionRules::Create(config).status().message(),
            "retention.referred_ms: must be at least 365 days");
  config.set_referred_ms(0);
  config.set_appeal_period_ms(366 * kDay);
  EXPECT_FALSE(RetentionRules::Create(config).ok());
  config.set_appeal_period_ms(0);
  config.set_audit_ms(UINT64_MAX);
  EXPECT_FALSE(RetentionRules::Create(config).ok());
}

// A review key whose window ends at kNow, in a file.
std::string WriteReviewKey(const storage::TempDir& folder, bool tombstone) {
  crypto::Secret secret = crypto::Secret::Copy(Bytes(32, 9));
  crypto::ReviewKeyRecord record{
      kNow - 1, kNow, crypto::HpkePrivateKey::Create(secret)->public_key()};
  config::v1::ReviewKey file;
  file.set_record(ToHex(crypto::Serialize(record)));
  file.set_tombstone(tombstone);
  if (!tombstone) file.set_private_key(ToHex(secret.bytes()));
  std::string path = folder.Sub(tombstone ? "tombstone" : "key");
  EXPECT_TRUE(
      wire::WriteFile(path, wire::PrintTextProto(file), wire::FileMode::kSecret)
          .ok());
  return path;
}

TEST(ReviewKeysTest, AreNotUsedWhenTheyShouldHaveBeenDestroyed) {
  storage::TempDir folder;
  const std::string path = WriteReviewKey(folder, false);
  auto in_time = LoadReviewKeys({path}, kNow + 90 * kDay - 1);
  ASSERT_TRUE(in_time.ok()) << in_time.status();
  EXPECT_EQ(in_time->usable.size(), 1u);
  auto overdue = LoadReviewKeys({path}, kNow + 90 * kDay);
  ASSERT_TRUE(overdue.ok());
  EXPECT_EQ(overdue->usable.size(), 0u);
  ASSERT_EQ(overdue->known.size(), 1u);
  EXPECT_EQ(overdue->known[0].destroy_at, kNow + 90 * kDay);
  EXPECT_FALSE(overdue->known[0].destroyed);
}

TEST(ReviewKeysTest, AreForgottenByAServerThatRunsWhenTheirTimeIsOver) {
  storage::TempDir folder;
  auto keys = LoadReviewKeys({WriteReviewKey(folder, false)}, kNow);
  ASSERT_TRUE(keys.ok()) << keys.status();
  const ReviewKeyId id = keys->known[0].id;
  ReportJudge judge(std::move(keys->usable), crypto::KeyRings(),
                    std::make_shared<const ReasonTable>());
  judge.DropOverdueKeys(kNow + 90 * kDay - 1);
  EXPECT_TRUE(judge.FindReviewKey(id));
  judge.DropOverdueKeys(kNow + 90 * kDay);
  EXPECT_FALSE(judge.FindReviewKey(id));
  storage::v1::IntakeReportRecord record;
  record.set_review_key_id(ToString(id.bytes()));
  EXPECT_FALSE(judge.HasKeyFor(record));
  const storage::ReportRef report{kBob, ReportId()};
  EXPECT_TRUE(absl::IsFailedPrecondition(
      judge.OpenSealed(report, record, {}).status()));
  EXPECT_TRUE(judge.Judge(report, record, {})->awaits_review_key);
}

TEST(ReviewKeysTest, AreKnownByTheirTombstones) {
  storage::TempDir folder;
  auto keys = LoadReviewKeys({WriteReviewKey(folder, true)}, kNow);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->usable.size(), 0u);
  ASSERT_EQ(keys->known.size(), 1u);
  EXPECT_TRUE(keys->known[0].destroyed);
}

TEST(RetentionTest, ShredsAClosedCaseWhenItsTimeIsOverAndNotBefore) {
  RetentionWorld world;
  std::string id = world.ClosedWithout(kMallory, 'a');
  world.clock.Advance(90 * kDay - 1);
  world.Shred();
  EXPECT_EQ(world.StateOf(id), v1::CASE_STATE_DECIDED);
  world.clock.Advance(1);
  world.Shred();
  EXPECT_EQ(world.StateOf(id), v1::CASE_STATE_SHREDDED);
  EXPECT_EQ(world.ActNames(id).back(), "case.shredded");
}

TEST(RetentionTest, KeepsACaseThatActsForLonger) {
  RetentionWorld world;
  std::string id =
      world.Closed(kMallory, 'a', {MakeAction(v1::ACTION_KIND_WARN)});
  world.clock.Advance(180 * kDay - 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  world.clock.Advance(1);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(RetentionTest, ShredsNothingThatIsNotClosed) {
  RetentionWorld world;
  v1::CaseSummary open = world.NewCase(kMallory);
  v1::CaseSummary proposed = world.NewCase(kCarol);
  ASSERT_TRUE(
      world.DecideOne(proposed, {MakeAction(v1::ACTION_KIND_SUSPEND)}, 'p')
          .ok());
  std::string appealed =
      world.Closed(kAlice, 'q', {MakeAction(v1::ACTION_KIND_WARN)});
  world.Take({world.SealAppeal(IdOf('q'), kAlice, "I never said that.")})
      .value();
  ASSERT_EQ(world.StateOf(appealed), v1::CASE_STATE_APPEALED);
  world.clock.Advance(3650 * kDay);
  world.Shred();
  EXPECT_EQ(world.StateOf(open.case_id()), v1::CASE_STATE_OPEN);
  EXPECT_EQ(world.StateOf(proposed.case_id()),
            v1::CASE_STATE_AWAITING_APPROVAL);
  EXPECT_EQ(world.StateOf(appealed), v1::CASE_STATE_APPEALED);
}

// Somebody else decides the appeal that a case holds.
absl::Status DecideAppeal(RetentionWorld& world, const std::string& id,
                          v1::AppealOutcome outcome) {
  v1::DecideAppealRequest request;
  v1::CaseSummary held = world.Claim(kSenior, id).value().claimed();
  request.mutable_held_case()->set_case_id(id);
  request.mutable_held_case()->set_epoch(held.lease().epoch());
  request.set_act_id(IdOf('v'));
  request.set_outcome(outcome);
  request.set_reason("It was none.");
  return world.Ask(&DecisionHandler::DecideAppeal, kSenior, request).status();
}

TEST(RetentionTest, BeginsAnewWhenAnAppealIsDecided) {
  RetentionWorld world;
  std::string id =
      world.Closed(kMallory, 'a', {MakeAction(v1::ACTION_KIND_WARN)});
  world.clock.Advance(20 * kDay);
  world.Take({world.SealAppeal(IdOf('a'), kMallory, "It was a quote.")})
      .value();
  ASSERT_TRUE(DecideAppeal(world, id, v1::APPEAL_OUTCOME_REJECTED).ok());
  world.Send();
  world.clock.Advance(170 * kDay);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  world.clock.Advance(10 * kDay);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

// Two cases that a decision 'a' with deletion closed, appealed against; the
// appeal stands in the first.
std::vector<std::string> AppealedTogether(RetentionWorld& world) {
  v1::CaseSummary first = world.NewCase(kMallory, "harassment.hate");
  v1::CaseSummary second =
      world.NewCase(kMallory, "violence.threat", kReviewer, kAlice);
  const std::vector<v1::Action> actions = {
      MakeAction(v1::ACTION_KIND_WARN),
      MakeAction(v1::ACTION_KIND_DELETE_EVIDENCE)};
  auto request = world.Decision(first, actions, IdOf('a'));
  *request.add_held_case() =
      world.Decision(second, actions, IdOf('a')).held_case(0);
  EXPECT_TRUE(world.Decide(kReviewer, request).ok());
  EXPECT_TRUE(world
                  .Approve(kSecondSenior, 'a', 'A',
                           {first.revision() + 10, second.revision() + 10})
                  .ok());
  world.Send();
  world.Take({world.SealAppeal(IdOf('a'), kMallory, "It was a quote.")})
      .value();
  EXPECT_EQ(world.StateOf(first.case_id()), v1::CASE_STATE_APPEALED);
  EXPECT_EQ(world.StateOf(second.case_id()), v1::CASE_STATE_DECIDED);
  return {first.case_id(), second.case_id()};
}

TEST(RetentionTest, KeepsAllCasesOfADecisionThatIsAppealedAgainst) {
  RetentionWorld world;
  std::vector<std::string> ids = AppealedTogether(world);
  world.clock.Advance(3650 * kDay);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(ids[1]));
  EXPECT_THAT(world.Obstacles(),
              ElementsAre(v1::RETENTION_OBSTACLE_APPEAL_PERIOD));
  ASSERT_TRUE(DecideAppeal(world, ids[0], v1::APPEAL_OUTCOME_REJECTED).ok());
  world.Send();
  world.Shred();
  EXPECT_TRUE(world.IsShredded(ids[0]));
  EXPECT_TRUE(world.IsShredded(ids[1]));
}

TEST(RetentionTest, KeepsAllCasesOfADecisionThatWasOverturned) {
  RetentionWorld world;
  std::vector<std::string> ids = AppealedTogether(world);
  world.clock.Advance(170 * kDay);
  ASSERT_TRUE(DecideAppeal(world, ids[0], v1::APPEAL_OUTCOME_GRANTED).ok());
  world.Send();
  world.clock.Advance(180 * kDay - 1);
  world.Shred();
  for (const std::string& id : ids) {
    EXPECT_FALSE(world.IsShredded(id));
    EXPECT_THAT(world.ActNames(id), Contains("decision.overturned"));
  }
  world.clock.Advance(1);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(ids[0]));
  EXPECT_TRUE(world.IsShredded(ids[1]));
}

TEST(RetentionTest, WaitsWhileThePlatformHasNotTakenTheEffects) {
  RetentionWorld world;
  world.receiver.away = absl::UnavailableError("away");
  std::string id =
      world.Closed(kMallory, 'a', {MakeAction(v1::ACTION_KIND_WARN)});
  world.clock.Advance(400 * kDay);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  EXPECT_THAT(world.Obstacles(), ElementsAre(v1::RETENTION_OBSTACLE_EFFECTS));
  // The account is told only now, and may appeal from now on.
  world.receiver.away = absl::OkStatus();
  world.Send();
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  EXPECT_THAT(world.Obstacles(),
              ElementsAre(v1::RETENTION_OBSTACLE_APPEAL_PERIOD));
  world.clock.Advance(37 * kDay - 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(id));
  world.clock.Advance(1);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(id));
}

TEST(RetentionTest, KeepsWhatWaitsForAnAuthority) {
  RetentionWorld world;
  v1::CaseSummary held = world.NewCase(kMallory);
  ASSERT_TRUE(
      world.DecideOne(held, {MakeAction(v1::ACTION_KIND_REFER)}, 'r').ok());
  ASSERT_TRUE(world.Approve(kSenior, 'r').ok());
  world.Send();
  world.clock.Advance(365 * kDay);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(held.case_id()));
  EXPECT_THAT(world.Obstacles(), ElementsAre(v1::RETENTION_OBSTACLE_REFERRAL));
  // Reversed, it is withdrawn, and kept as what it proves from now on.
  ASSERT_TRUE(world.Reverse(kSenior, 'r').ok());
  world.clock.Advance(90 * kDay - 1);
  world.Shred();
  EXPECT_FALSE(world.IsShredded(held.case_id()));
  world.clock.Advance(1);
  world.Shred();
  EXPECT_TRUE(world.IsShredded(held.case_id()));
}

TEST(RetentionTest, ForgetsTheClassOfADecisionThatWasUndone) {
  RetentionWorld world;
  world.receiver.away = absl::UnavailableError("away");
  v1::CaseSummary held = world.NewCase(kMallory);
  ASSERT_TRUE(
      world.DecideOne(held, {MakeAction(v1::ACTION_KIND_WARN)}, 'a').ok());
  auto undone = world.Undo(kReviewer, 'a');
  ASSERT_TRUE(undone.ok()) << undone.status();
  v1::CaseSummary open =
      world.GetCase(kReviewer, held.case_id(), false)->case_summary();
  EXPECT_EQ(open.retention_class(), v1::RETENTION_CLASS_PROVEN);
  EXPECT_EQ(open.closed_at(), 0u);
  EXPECT_THAT(world.Due()->due_case(), IsEmpty());
}

TEST(RetentionTest, ListsWhatIsDueByWhenItIs) {
  RetentionWorld world;
  std::string acted =
      world.Closed(kCarol, 'a', {MakeAction(v1::ACTION_KIND_WARN)});
  world.clock.Advance(100 * kDay);
  std::string first = world.ClosedWithout(kMallory, 'b');
  world.clock.Advance(1 * kDay);
  std::string last = world.ClosedWithout(kAlice, 'c');
  EXPECT_THAT(world.Due()->due_case(), IsEmpty());

  v1::ListDueRequest request;
  request.set_due_until(world.clock.Now() + 90 * kDay);
  request.set_page_size(1);
  std::vector<std::string> listed;
  do {
    v1::ListDueResponse due = world.Due(request).value();
    for (const auto& row : due.due_case()) {
      listed.push_back(row.case_id());
      EXPECT_EQ(row.due_at(),
                row.closed_at() + (row.case_id() == acted ? 180 : 90) * kDay);
    }
    request.set_page_token(due.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(listed, ElementsAre(acted, first, last));

  request.set_due_until(world.clock.Now() + 90 * kDay - 1);
  request.set_page_size(0);
  EXPECT_EQ(world.Due(request)->due_case_size(), 2);
}

TEST(RetentionTest, RefusesRequestsThatBreakARule) {
  RetentionWorld world;
  v1::ListDueRequest due;
  due.set_page_size(201);
  EXPECT_EQ(ReasonOf(world.Due(due).status()), "INVALID_ARGUMENT");
  due.set_page_size(1);
  due.set_page_token("?");
  EXPECT_EQ(ReasonOf(world.Due(due).status()), "INVALID_ARGUMENT");
  due.set_page_token("AAAA");
  EXPECT_EQ(ReasonOf(world.Due(due).status()), "INVALID_ARGUMENT");
  due.clear_page_token();
  due.set_due_until(UINT64_MAX);
  EXPECT_EQ(ReasonOf(world.Due(due).status()), "INVALID_ARGUMENT");
  v1::ListLegalHoldsRequest holds;
  holds.set_page_size(201);
  EXPECT_EQ(
      ReasonOf(
          world.AskRetention(&RetentionHandler::ListLegalHolds, kSenior, holds)
              .status()),
      "INVALID_ARGUMENT");
}

TEST(RetentionTest, TellsOfReviewKeysAndOfTheLog) {
  RetentionWorld world;
  ReviewKeyStatus key;
  key.id = ReviewKeyId::Random(world.random);
  key.not_after = kNow;
  key.destroy_at = kNow + 90 * kDay;
  world.review_keys = {key};
  world.StartAgain();
  v1::ListDueResponse due = world.Due().value();
  ASSERT_EQ(due.review_key_size(), 1);
  EXPECT_EQ(due.review_key(0).review_key_id(), key.id.text());
  EXPECT_EQ(due.review_key(0).destroy_at(), kNow + 90 * kDay);
  EXPECT_FALSE(due.review_key(0).destroyed());
  EXPECT_EQ(due.audit_due_before(), 0u);
}

TEST(RetentionTest, TellsWhatOfTheLogIsDueOnceItHasEntries) {
  RetentionWorld world;
  const AuditKeys keys(AuditSigner(), {});
  AuditSequencer sequencer({*world.engine, keys, world.clock, world.random});
  // Signed and empty, as of a service that just began.
  sequencer.SequenceSome();
  EXPECT_EQ(world.Due()->audit_due_before(), 0u);
  world.NewCase(kCarol);
  const UnixMillis first = world.clock.Now();
  sequencer.SequenceSome();
  world.clock.Advance(limits::kKeepAudit);
  EXPECT_EQ(world.Due()->audit_due_before(), 0u);
  world.clock.Advance(1);
  EXPECT_EQ(world.Due()->audit_due_before(), first + 1);
}

}  // namespace
}  // namespace frank::moderation
