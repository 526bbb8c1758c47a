// Who looks at a case: seen by others for a while, in nobody's way.
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/attendance_store.h"
#include "tests/services/queue_fixture.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ModerationAttendanceTest : public QueueFixture {
 protected:
  absl::StatusOr<v1::AttendCaseResponse> Attend(const std::string& token,
                                                bool leave = false) {
    v1::AttendCaseRequest request;
    request.set_case_id(id_);
    request.set_leave(leave);
    return Call(&QueueHandler::AttendCase, token, request);
  }
  // The moderators whom a call is answered with.
  std::vector<std::string> Others(const std::string& token,
                                  bool leave = false) {
    auto answer = Attend(token, leave);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> others;
    if (!answer.ok()) return others;
    for (const auto& attendant : answer->attendant()) {
      others.push_back(attendant.moderator());
    }
    return others;
  }
  size_t Rows() {
    CaseId id(ToArray<CaseId::kSize>(AsBytes(id_)));
    return storage::ListAttendance(*world_.engine, id)->size();
  }

  const std::string id_ = ReportAbout("mallory");
};

TEST_F(ModerationAttendanceTest, TellsWhoElseLooks) {
  EXPECT_THAT(Others(kReviewer), IsEmpty()) << "not oneself";
  const UnixMillis began = world_.clock.Now();
  world_.clock.Advance(15 * kSecond);
  EXPECT_THAT(Others(kReviewer), IsEmpty());
  world_.clock.Advance(1 * kSecond);
  auto seen = Attend(kSenior);
  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_THAT(seen->attendant(), SizeIs(1));
  EXPECT_EQ(seen->attendant(0).moderator(), "rita");
  EXPECT_EQ(seen->attendant(0).since(), began);
  EXPECT_EQ(seen->attendant(0).last_seen_at(), began + 15 * kSecond);
  EXPECT_THAT(Others(kSecondReviewer), ElementsAre("rita", "sena"));
  // Another instance knows it from the store.
  AttendanceDesk other(*world_.engine, world_.clock);
  Moderator lena;
  lena.id = "lena";
  v1::AttendCaseRequest request;
  request.set_case_id(id_);
  auto there = Await<v1::AttendCaseResponse>(
      [&](auto done) { other.Attend(lena, request, std::move(done)); });
  EXPECT_THAT(there->attendant(), SizeIs(3));
  EXPECT_THAT(Others(kReviewer), ElementsAre("lena", "sam", "sena"));
}

TEST_F(ModerationAttendanceTest, ForgetsWhoLeavesOrStaysAway) {
  Others(kReviewer);
  Others(kSenior);
  EXPECT_THAT(Others(kReviewer, /*leave=*/true), ElementsAre("sena"));
  EXPECT_THAT(Others(kSenior), IsEmpty());
  Others(kReviewer);
  const UnixMillis last = world_.clock.Now();
  world_.clock.Set(last + 45 * kSecond - 1);
  EXPECT_THAT(Others(kSenior), ElementsAre("rita"));
  world_.clock.Set(last + 45 * kSecond);
  EXPECT_THAT(Others(kSenior), IsEmpty());
  // Who comes back begins anew.
  Others(kReviewer);
  EXPECT_EQ(Attend(kSenior)->attendant(0).since(), last + 45 * kSecond);
}

TEST_F(ModerationAttendanceTest, TakesAccessToTheCaseAndNoLease) {
  ASSERT_EQ(Summary(id_).lease().holder(), "");
  EXPECT_EQ(FindReason(Attend(kAuditor).status()), "NOT_PERMITTED");
  Rewrite(id_, [](storage::v1::CaseRecord* record) {
    record->set_policy_area("child_safety");
  });
  EXPECT_EQ(FindReason(Attend(kReviewer).status()), "CHILD_SAFETY_NEEDED");
  v1::AttendCaseRequest unknown;
  unknown.set_case_id(std::string(16, 'x'));
  EXPECT_EQ(
      FindReason(Call(&QueueHandler::AttendCase, kReviewer, unknown).status()),
      "NOT_FOUND");
  EXPECT_EQ(Rows(), 0);
}

TEST_F(ModerationAttendanceTest, IsNotForWhoIsLinkedToTheAccount) {
  v1::LinkAccountRequest link;
  link.set_id("rita");
  link.set_account_uri(Account("mallory"));
  ASSERT_TRUE(
      world_.People(&ModeratorHandler::LinkAccount, kAdministrator, link).ok());
  EXPECT_EQ(FindReason(Attend(kReviewer).status()), "LINKED_ACCOUNT");
  EXPECT_EQ(Rows(), 0);
  EXPECT_TRUE(Attend(kSenior).ok());
}

TEST_F(ModerationAttendanceTest, IsNoActAndNoChange) {
  const uint64_t revision = Summary(id_).revision();
  const int acts = world_.Acts(kAuditor, id_)->act_size();
  // A claim that has read the case commits, whoever comes to look meanwhile.
  CaseId id(ToArray<CaseId::kSize>(AsBytes(id_)));
  auto transaction = world_.engine->Begin();
  auto record = storage::FindCase(*transaction, id);
  Others(kSenior);
  storage::v1::CaseRecord after = **record;
  after.mutable_lease()->set_holder("rita");
  ASSERT_TRUE(storage::PutCase(*transaction, id, &**record, &after).ok());
  EXPECT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  EXPECT_EQ(Summary(id_).revision(), revision + 1) << "the claim's";
  EXPECT_EQ(world_.Acts(kAuditor, id_)->act_size(), acts);
}

TEST_F(ModerationAttendanceTest, BoundsHowOftenOneCalls) {
  world_.clock.Set(world_.clock.Now() - world_.clock.Now() % kMinute);
  for (uint32_t i = 0; i < limits::kMaxAttendanceCalls; ++i) {
    ASSERT_TRUE(Attend(kReviewer).ok()) << i;
  }
  world_.clock.Advance(10 * kSecond);
  absl::Status over = Attend(kReviewer).status();
  EXPECT_EQ(FindReason(over), "QUOTA_EXCEEDED");
  EXPECT_EQ(FindRetryAfter(over), 50 * kSecond);
  EXPECT_TRUE(Attend(kSenior).ok()) << "others may";
  world_.clock.Advance(50 * kSecond);
  EXPECT_TRUE(Attend(kReviewer).ok());
}

TEST_F(ModerationAttendanceTest, SweepsWhatIsOld) {
  Others(kReviewer);
  world_.clock.Advance(9 * kMinute);
  Others(kSenior);
  Tend();
  EXPECT_EQ(Rows(), 2) << "clocks differ";
  world_.clock.Advance(2 * kMinute);
  Tend();
  EXPECT_EQ(Rows(), 1);
  world_.clock.Advance(10 * kMinute);
  Tend();
  EXPECT_EQ(Rows(), 0);
}

// Who comes back while the sweep is at work stays.
TEST_F(ModerationAttendanceTest, SweepsNobodyWhoHasComeBack) {
  Others(kReviewer);
  world_.clock.Advance(20 * kMinute);
  auto transaction = world_.engine->Begin();
  ASSERT_TRUE(
      storage::SweepAttendance(*transaction, world_.clock.Now(), "", 10).ok());
  Others(kReviewer);
  EXPECT_TRUE(absl::IsAborted(storage::CommitAndWait(std::move(transaction))));
  EXPECT_EQ(Rows(), 1);
}

}  // namespace
}  // namespace frank::moderation
