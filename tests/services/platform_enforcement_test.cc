// What moderation decided, taken over by the platform.
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/enforcement_handler.h"
#include "storage/account_decision_store.h"
#include "storage/account_store.h"
#include "storage/enforcement_store.h"
#include "storage/notice_store.h"
#include "storage/report_store.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

using ::testing::SizeIs;

constexpr char kModeration[] = "moderation.example";
constexpr UnixMillis kAppealPeriod = 10 * kDay;

class EnforcementTest : public testing::Test {
 protected:
  static services::Call FromModeration() {
    services::Call call;
    call.peer_names = {kModeration};
    return call;
  }
  absl::Status Apply(const v1::ApplyRequest& request,
                     const services::Call& call = FromModeration()) {
    return Answer<v1::ApplyResponse>([&](auto done) {
             handler_.Apply(call, request, std::move(done));
           })
        .status();
  }
  static v1::EnforcementState Suspension(uint64_t number) {
    v1::EnforcementState state;
    state.set_account_uri(kSam);
    state.set_number(number);
    state.set_suspended(true);
    state.set_suspended_until(kNow + number);
    state.set_policy("harassment");
    state.set_notice(v1::NOTICE_KIND_SUSPENDED);
    state.set_decision_id(std::string(16, static_cast<char>(number)));
    return state;
  }
  static v1::ApplyRequest RequestOf(
      const std::vector<v1::EnforcementState>& states) {
    v1::ApplyRequest request;
    for (const auto& state : states) *request.add_state() = state;
    return request;
  }
  static v1::OutcomeNotice Outcome(v1::ReportOutcome outcome,
                                   UnixMillis decided_at) {
    v1::OutcomeNotice notice;
    notice.set_report_id(std::string(16, '\0'));
    notice.set_reporter_uri(kRita);
    notice.set_outcome(outcome);
    notice.set_decided_at(decided_at);
    notice.set_decision_id(std::string(16, 'd'));
    return notice;
  }
  storage::Enforcement Stored() {
    return storage::FindEnforcement(*world_.engine, kSam)
        .value()
        .value_or(storage::Enforcement());
  }
  std::vector<storage::NumberedNotice> Notices() {
    return storage::ListNotices(*world_.engine, kSam, 0, 100).value();
  }

  void AddReport() {
    world_.Write([](storage::Transaction& transaction) {
      storage::PutAccount(transaction, kRita, storage::v1::AccountRecord());
      storage::OutgoingReport report;
      report.id = ReportId();
      report.reporter_uri = kRita;
      report.accepted_at = kNow;
      storage::AddReport(transaction, 1, "fingerprint", report);
      return absl::OkStatus();
    });
  }
  std::vector<storage::NumberedNotice> NoticesOfRita() {
    return storage::ListNotices(*world_.engine, kRita, 0, 100).value();
  }
  absl::Status ApplyOutcome(const v1::OutcomeNotice& outcome) {
    v1::ApplyRequest request;
    *request.add_outcome() = outcome;
    return Apply(request);
  }

  World world_;
  EnforcementHandler handler_{
      {*world_.engine, world_.clock, kModeration, kAppealPeriod}};
};

TEST_F(EnforcementTest, StoresTheWholeStateAndTellsTheAccount) {
  ASSERT_TRUE(Apply(RequestOf({Suspension(1)})).ok());
  EXPECT_TRUE(Stored().SuspendedAt(kNow));
  EXPECT_FALSE(Stored().SuspendedAt(kNow + 1));
  ASSERT_THAT(Notices(), SizeIs(1));
  const storage::v1::NoticeRecord notice = Notices()[0].notice;
  EXPECT_EQ(notice.notice_id(), Suspension(1).decision_id());
  EXPECT_EQ(notice.kind(), static_cast<uint32_t>(v1::NOTICE_KIND_SUSPENDED));
  EXPECT_EQ(notice.policy(), "harassment");
  EXPECT_EQ(notice.until(), kNow + 1);
}

TEST_F(EnforcementTest, PassesOverRepeatsAndOlderStatesWithSuccess) {
  ASSERT_TRUE(Apply(RequestOf({Suspension(5)})).ok());
  ASSERT_TRUE(Apply(RequestOf({Suspension(5)})).ok());
  v1::EnforcementState older = Suspension(4);
  older.set_suspended(false);
  older.set_notice(v1::NOTICE_KIND_RESTORED);
  ASSERT_TRUE(Apply(RequestOf({older})).ok());
  EXPECT_EQ(Stored().number, 5u);
  EXPECT_TRUE(Stored().suspended);
  EXPECT_THAT(Notices(), SizeIs(1));
}

TEST_F(EnforcementTest, TellsTheAccountOfADecisionThatWasOvertaken) {
  ASSERT_TRUE(Apply(RequestOf({Suspension(5)})).ok());
  v1::EnforcementState older = Suspension(4);
  older.set_suspended_until(kNow + 99);
  ASSERT_TRUE(Apply(RequestOf({older})).ok());
  ASSERT_TRUE(Apply(RequestOf({older, older})).ok());
  EXPECT_EQ(Stored().suspended_until, kNow + 5) << "the newest state holds";
  ASSERT_THAT(Notices(), SizeIs(2));
  EXPECT_EQ(Notices()[1].notice.decision_id(), older.decision_id());
  EXPECT_EQ(Notices()[1].notice.appeal_until(), kNow + kAppealPeriod);
}

TEST_F(EnforcementTest, KeepsEachDecisionThatMayBeAppealed) {
  v1::EnforcementState restored = Suspension(2);
  restored.set_notice(v1::NOTICE_KIND_RESTORED);
  ASSERT_TRUE(Apply(RequestOf({Suspension(1), restored})).ok());
  auto decisions =
      storage::ListAccountDecisions(*world_.engine, kSam, absl::nullopt, 10)
          .value();
  ASSERT_THAT(decisions, SizeIs(1)) << "nobody appeals what restored them";
  EXPECT_EQ(decisions[0].id.text(), Suspension(1).decision_id());
  EXPECT_EQ(decisions[0].record.notice_kind(),
            uint32_t{v1::NOTICE_KIND_SUSPENDED});
  EXPECT_EQ(decisions[0].record.policy(), "harassment");
  EXPECT_EQ(decisions[0].record.until(), kNow + 1);
  EXPECT_EQ(decisions[0].record.told_at(), kNow);
  EXPECT_EQ(decisions[0].record.appeal_until(), kNow + kAppealPeriod);
  EXPECT_EQ(Notices()[1].notice.appeal_until(), 0u);
}

TEST_F(EnforcementTest, TakesTheNoticesOfDecisionsAndNoOthers) {
  uint64_t number = 0;
  for (int kind = 0; kind <= v1::NoticeKind_MAX; ++kind) {
    if (!v1::NoticeKind_IsValid(kind)) continue;
    v1::EnforcementState state = Suspension(++number);
    state.set_notice(static_cast<v1::NoticeKind>(kind));
    EXPECT_EQ(Apply(RequestOf({state})).ok(), kind <= v1::NOTICE_KIND_REVERSED)
        << kind;
  }
  EXPECT_THAT(Notices(), SizeIs(v1::NOTICE_KIND_REVERSED));
}

TEST_F(EnforcementTest, TakesSeveralStatesOfOneAccountInOneRequest) {
  v1::EnforcementState restored = Suspension(2);
  restored.set_suspended(false);
  restored.set_notice(v1::NOTICE_KIND_RESTORED);
  ASSERT_TRUE(Apply(RequestOf({Suspension(1), restored})).ok());
  EXPECT_EQ(Stored().number, 2u);
  EXPECT_FALSE(Stored().suspended);
  EXPECT_THAT(Notices(), SizeIs(2));
}

TEST_F(EnforcementTest, RecordsOutcomesAndIgnoresThoseOfUnknownReports) {
  v1::ApplyRequest request;
  *request.add_outcome() = Outcome(v1::REPORT_OUTCOME_ACTION_TAKEN, kNow);
  ASSERT_TRUE(Apply(request).ok()) << "no such report";
  storage::OutgoingReport report;
  report.reporter_uri = kRita;
  world_.Write([&](storage::Transaction& transaction) {
    storage::AddReport(transaction, 1, "fingerprint", report);
    return absl::OkStatus();
  });
  ASSERT_TRUE(Apply(request).ok());
  ASSERT_TRUE(Apply(request).ok());
  auto stored = storage::FindReport(*world_.engine, kRita, ReportId()).value();
  EXPECT_EQ(stored->outcome,
            static_cast<uint32_t>(v1::REPORT_OUTCOME_ACTION_TAKEN));
  EXPECT_EQ(stored->decided_at, kNow);
  EXPECT_EQ(stored->fingerprint, "fingerprint");

  v1::ApplyRequest late;
  *late.add_outcome() = Outcome(v1::REPORT_OUTCOME_NO_ACTION, kNow - 1);
  ASSERT_TRUE(Apply(late).ok());
  stored = storage::FindReport(*world_.engine, kRita, ReportId()).value();
  EXPECT_EQ(stored->outcome,
            static_cast<uint32_t>(v1::REPORT_OUTCOME_ACTION_TAKEN));
}

TEST_F(EnforcementTest, RefusesEverybodyButModeration) {
  services::Call stranger;
  stranger.peer_names = {"someone.example"};
  for (const services::Call& call : {services::Call(), stranger}) {
    absl::Status status = Apply(RequestOf({Suspension(1)}), call);
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  }
  EXPECT_EQ(Stored().number, 0u);
}

TEST_F(EnforcementTest, RefusesMoreItemsThanItsLimit) {
  v1::ApplyRequest request;
  for (size_t i = 0; i < limits::kMaxApplyItems - 1; ++i) {
    *request.add_state() = Suspension(i + 1);
  }
  *request.add_outcome() = Outcome(v1::REPORT_OUTCOME_NO_ACTION, kNow);
  EXPECT_TRUE(Apply(request).ok());
  *request.add_state() = Suspension(limits::kMaxApplyItems);
  EXPECT_EQ(FieldIn(Apply(request)), "state");
}

TEST_F(EnforcementTest, RefusesAWholeRequestForOneBadFieldAndNamesIt) {
  v1::EnforcementState bad = Suspension(2);
  bad.set_decision_id("short");
  EXPECT_EQ(FieldIn(Apply(RequestOf({Suspension(1), bad}))),
            "state[1].decision_id");
  EXPECT_EQ(Stored().number, 0u);
  v1::ApplyRequest outcome;
  *outcome.add_outcome() = Outcome(v1::REPORT_OUTCOME_UNSPECIFIED, kNow);
  EXPECT_EQ(FieldIn(Apply(outcome)), "outcome[0].outcome");
  EXPECT_EQ(FieldIn(Apply(RequestOf(
                std::vector<v1::EnforcementState>(257, Suspension(1))))),
            "state");
}

TEST_F(EnforcementTest, TellsTheReporterOnceHowAReportEnded) {
  AddReport();
  v1::OutcomeNotice outcome = Outcome(v1::REPORT_OUTCOME_ACTION_TAKEN, kNow);
  ASSERT_TRUE(ApplyOutcome(outcome).ok());
  ASSERT_TRUE(ApplyOutcome(outcome).ok());
  ASSERT_THAT(NoticesOfRita(), SizeIs(1));
  const storage::v1::NoticeRecord notice = NoticesOfRita()[0].notice;
  EXPECT_EQ(notice.kind(), uint32_t{v1::NOTICE_KIND_REPORT_DECIDED});
  EXPECT_EQ(notice.report_id(), outcome.report_id());
  EXPECT_EQ(notice.report_outcome(), uint32_t{v1::REPORT_OUTCOME_ACTION_TAKEN});
  EXPECT_EQ(notice.policy(), "");
}

TEST_F(EnforcementTest, TellsNobodyWhoWantsNoNotice) {
  AddReport();
  world_.Write([](storage::Transaction& transaction) {
    storage::v1::ReporterChoicesRecord choices;
    choices.set_notices_off(true);
    storage::PutReporterChoices(transaction, kRita, choices);
    return absl::OkStatus();
  });
  ASSERT_TRUE(ApplyOutcome(Outcome(v1::REPORT_OUTCOME_NO_ACTION, kNow)).ok());
  EXPECT_THAT(NoticesOfRita(), SizeIs(0));
  EXPECT_EQ(
      storage::FindReport(*world_.engine, kRita, ReportId()).value()->outcome,
      uint32_t{v1::REPORT_OUTCOME_NO_ACTION})
      << "it can be looked up all the same";
}

TEST_F(EnforcementTest, TellsNobodyWhoWantsNoNoticeOfThisReport) {
  AddReport();
  world_.Write([](storage::Transaction& transaction) -> absl::Status {
    auto status = storage::FindReport(transaction, kRita, ReportId()).value();
    status->notices_off = true;
    storage::PutReport(transaction, kRita, ReportId(), *status);
    return absl::OkStatus();
  });
  ASSERT_TRUE(ApplyOutcome(Outcome(v1::REPORT_OUTCOME_NO_ACTION, kNow)).ok());
  EXPECT_THAT(NoticesOfRita(), SizeIs(0));
}

TEST_F(EnforcementTest, RefusesAStateWithANoticeThatIsNoneOfAState) {
  v1::EnforcementState state = Suspension(1);
  state.set_notice(v1::NOTICE_KIND_REPORT_DECIDED);
  EXPECT_EQ(FieldIn(Apply(RequestOf({state}))), "state[0].notice");
}

}  // namespace
}  // namespace frank::platform
