// Appeals, from the accused account's side.
#include "absl/strings/match.h"
#include "core/limits.h"
#include "crypto/appeal.h"
#include "crypto/hpke.h"
#include "frank/v1/frank.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/appeal_handler.h"
#include "services/platform/enforcement_handler.h"
#include "storage/forwarding_store.h"
#include "storage/notice_store.h"
#include "tests/services/platform_world.h"

namespace frank::platform {
namespace {

using ::testing::SizeIs;

constexpr char kModeration[] = "moderation.example";
constexpr char kAnn[] = "mimi://other.example/u/ann";
constexpr UnixMillis kAppealPeriod = 10 * kDay;

class AppealTest : public testing::Test {
 protected:
  AppealTest() {
    world_.AddDevice(kRita);
    world_.AddDevice(kSam);
    Suspend(kSam, 'd');
  }

  absl::Status Apply(const v1::ApplyRequest& request) {
    services::Call call;
    call.peer_names = {kModeration};
    return Answer<v1::ApplyResponse>([&](auto done) {
             enforcement_.Apply(call, request, std::move(done));
           })
        .status();
  }
  void Suspend(const std::string& account, char decision) {
    v1::ApplyRequest request;
    v1::EnforcementState& state = *request.add_state();
    state.set_account_uri(account);
    state.set_number(1);
    state.set_suspended(true);
    state.set_policy("harassment");
    state.set_notice(v1::NOTICE_KIND_SUSPENDED);
    state.set_decision_id(std::string(16, decision));
    ASSERT_TRUE(Apply(request).ok());
  }
  v1::ApplyRequest Outcome(v1::AppealOutcome outcome) {
    v1::ApplyRequest request;
    v1::AppealNotice& appeal = *request.add_appeal();
    appeal.set_account_uri(kSam);
    appeal.set_decision_id(std::string(16, 'd'));
    appeal.set_outcome(outcome);
    appeal.set_decided_at(kNow + 7);
    return request;
  }

  static v1::SubmitAppealRequest RequestOf(char decision, char content = 's') {
    v1::SubmitAppealRequest request;
    request.set_decision_id(std::string(16, decision));
    request.set_review_key_id("12345678");
    request.set_sealed_appeal(std::string(limits::kSealedAppealBytes, content));
    return request;
  }
  absl::StatusOr<v1::SubmitAppealResponse> Submit(
      const v1::SubmitAppealRequest& request,
      services::Call call = World::CallOf(kSam)) {
    return Answer<v1::SubmitAppealResponse>(
        [&](auto done) { handler_.Submit(call, request, std::move(done)); });
  }
  absl::StatusOr<v1::ListDecisionsResponse> List(
      v1::ListDecisionsRequest request = {},
      services::Call call = World::CallOf(kSam)) {
    return Answer<v1::ListDecisionsResponse>(
        [&](auto done) { handler_.List(call, request, std::move(done)); });
  }
  std::vector<storage::OutboxRow> Outbox() {
    return storage::ScanOutbox(*world_.engine, 0, 1000).value();
  }
  std::vector<storage::NumberedNotice> Notices() {
    return storage::ListNotices(*world_.engine, kSam, 0, 100).value();
  }

  World world_;
  OutboxQueue outbox_{*world_.engine, world_.clock};
  AppealHandler handler_{{*world_.engine, world_.authenticator, outbox_}};
  EnforcementHandler enforcement_{
      {*world_.engine, world_.clock, kModeration, kAppealPeriod}};
};

TEST_F(AppealTest, StoresAnAppealOfASuspendedAccountForForwarding) {
  auto response = Submit(RequestOf('d'));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->accepted_at(), kNow);
  ASSERT_THAT(Outbox(), SizeIs(1));
  storage::OutboxRow row = Outbox()[0];
  EXPECT_EQ(row.number, 1u);
  auto appeal = absl::get<storage::OutgoingAppeal>(row.item);
  EXPECT_EQ(appeal.decision_id.text(), std::string(16, 'd'));
  EXPECT_EQ(appeal.account_uri, kSam);
  EXPECT_EQ(appeal.review_key_id, "12345678");
  EXPECT_EQ(appeal.sealed, RequestOf('d').sealed_appeal());
  EXPECT_EQ(appeal.accepted_at, kNow);
}

TEST_F(AppealTest, AnswersTheSameAppealAsBeforeAndStoresItOnce) {
  ASSERT_TRUE(Submit(RequestOf('d')).ok());
  world_.clock.Advance(2 * kAppealPeriod);
  auto again = Submit(RequestOf('d'));
  ASSERT_TRUE(again.ok()) << "also when the time is over: " << again.status();
  EXPECT_EQ(again->accepted_at(), kNow);
  EXPECT_THAT(Outbox(), SizeIs(1));
}

TEST_F(AppealTest, RefusesASecondAppeal) {
  ASSERT_TRUE(Submit(RequestOf('d')).ok());
  absl::Status second = Submit(RequestOf('d', 't')).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonIn(second), "ID_CONFLICT");
  EXPECT_THAT(Outbox(), SizeIs(1));
}

TEST_F(AppealTest, TellsUnknownDecisionsAndThoseAboutOthersNotApart) {
  absl::Status unknown = Submit(RequestOf('x')).status();
  absl::Status of_sam = Submit(RequestOf('d'), World::CallOf(kRita)).status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(unknown, of_sam);
  EXPECT_EQ(ReasonIn(unknown), "NOT_FOUND");
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST_F(AppealTest, RefusesAppealsWhenTheTimeIsOver) {
  world_.clock.Advance(kAppealPeriod);
  absl::Status late = Submit(RequestOf('d')).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonIn(late), "APPEAL_PERIOD_OVER");
  EXPECT_THAT(Outbox(), SizeIs(0));
}

TEST_F(AppealTest, TakesAppealsUntilTheTimeIsOver) {
  world_.clock.Advance(kAppealPeriod - 1);
  EXPECT_TRUE(Submit(RequestOf('d')).ok());
}

TEST_F(AppealTest, TakesAppealsOfOtherMessengersWithinTheirAuthorities) {
  Suspend(kAnn, 'a');
  v1::SubmitAppealRequest request = RequestOf('a');
  request.set_account_uri(kAnn);
  EXPECT_TRUE(Submit(request, World::StampCall()).ok());
  request = RequestOf('d');
  request.set_account_uri(kSam);
  EXPECT_EQ(ReasonIn(Submit(request, World::StampCall()).status()),
            "AUTHORITY_NOT_GRANTED");
  EXPECT_EQ(FieldIn(Submit(request).status()), "account_uri");
}

TEST_F(AppealTest, NamesTheFieldThatBreaksALimit) {
  v1::SubmitAppealRequest request = RequestOf('d');
  request.set_decision_id("short");
  EXPECT_EQ(FieldIn(Submit(request).status()), "decision_id");
  request = RequestOf('d');
  request.set_review_key_id("1");
  EXPECT_EQ(FieldIn(Submit(request).status()), "review_key_id");
  for (int change : {-1, 1}) {
    request = RequestOf('d');
    request.mutable_sealed_appeal()->resize(limits::kSealedAppealBytes +
                                            change);
    EXPECT_EQ(FieldIn(Submit(request).status()), "sealed_appeal");
  }
  v1::ListDecisionsRequest list;
  list.set_page_size(limits::kMaxPageSize + 1);
  EXPECT_EQ(FieldIn(List(list).status()), "page_size");
  list.set_page_size(1);
  list.set_page_token("x");
  EXPECT_EQ(FieldIn(List(list).status()), "page_token");
}

TEST_F(AppealTest, RefusesCallersWithoutAToken) {
  EXPECT_EQ(Submit(RequestOf('d'), {}).status().code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(List({}, {}).status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(AppealTest, ShowsDecisionsAndAppealsToTheirAccountAlone) {
  ASSERT_EQ(List()->decision_size(), 1);
  EXPECT_FALSE(List()->decision(0).has_appeal());
  EXPECT_EQ(List()->decision(0).policy(), "harassment");
  EXPECT_EQ(List()->decision(0).appeal_until(), kNow + kAppealPeriod);
  ASSERT_TRUE(Submit(RequestOf('d')).ok());
  EXPECT_EQ(List()->decision(0).appeal().state(), v1::APPEAL_STATE_ACCEPTED);
  world_.Write([](storage::Transaction& transaction) {
    storage::PutForwarding(transaction, {1, 1});
    return absl::OkStatus();
  });
  EXPECT_EQ(List()->decision(0).appeal().state(), v1::APPEAL_STATE_FORWARDED);
  EXPECT_EQ(List({}, World::CallOf(kRita))->decision_size(), 0);
}

TEST_F(AppealTest, ListsDecisionsInPages) {
  for (char id : {'a', 'b', 'c'}) Suspend(kSam, id);
  v1::ListDecisionsRequest request;
  request.set_page_size(3);
  auto first = List(request);
  ASSERT_EQ(first->decision_size(), 3);
  request.set_page_token(first->next_page_token());
  auto second = List(request);
  ASSERT_EQ(second->decision_size(), 1);
  EXPECT_EQ(second->decision(0).decision_id(), std::string(16, 'd'));
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(AppealTest, TellsTheAccountOnceHowItEnded) {
  ASSERT_TRUE(Apply(Outcome(v1::APPEAL_OUTCOME_GRANTED)).ok())
      << "there is no appeal yet";
  ASSERT_TRUE(Submit(RequestOf('d')).ok());
  ASSERT_TRUE(Apply(Outcome(v1::APPEAL_OUTCOME_REJECTED)).ok());
  ASSERT_TRUE(Apply(Outcome(v1::APPEAL_OUTCOME_REJECTED)).ok());
  v1::AppealStatus appeal = List()->decision(0).appeal();
  EXPECT_EQ(appeal.state(), v1::APPEAL_STATE_DECIDED);
  EXPECT_EQ(appeal.outcome(), v1::APPEAL_OUTCOME_REJECTED);
  EXPECT_EQ(appeal.decided_at(), kNow + 7);
  ASSERT_THAT(Notices(), SizeIs(2));
  const storage::v1::NoticeRecord notice = Notices()[1].notice;
  EXPECT_EQ(notice.kind(), uint32_t{v1::NOTICE_KIND_APPEAL_DECIDED});
  EXPECT_EQ(notice.decision_id(), std::string(16, 'd'));
  EXPECT_NE(notice.notice_id(), Notices()[0].notice.notice_id());
  EXPECT_EQ(notice.appeal_outcome(), uint32_t{v1::APPEAL_OUTCOME_REJECTED});
}

TEST_F(AppealTest, RefusesAnOutcomeThatBreaksALimit) {
  EXPECT_EQ(FieldIn(Apply(Outcome(v1::APPEAL_OUTCOME_UNSPECIFIED))),
            "appeal[0].outcome");
  v1::ApplyRequest request = Outcome(v1::APPEAL_OUTCOME_GRANTED);
  request.mutable_appeal(0)->set_decision_id("x");
  EXPECT_EQ(FieldIn(Apply(request)), "appeal[0].decision_id");
}

TEST_F(AppealTest, StoresNothingOfWhatTheAppealSays) {
  constexpr char kWords[] = "It was a quotation from a play.";
  v1::AppealContent content;
  content.set_text(kWords);
  auto key = crypto::HpkePrivateKey::Create(crypto::Secret::Copy(Bytes(32, 5)));
  v1::SubmitAppealRequest request = RequestOf('d');
  crypto::AppealBinding binding{
      *ReviewKeyId::Parse("id", request.review_key_id()),
      *DecisionId::Parse("id", request.decision_id()), kSam};

  class FixedRandom final : public RandomSource {
   public:
    void Fill(absl::Span<uint8_t> out) override {
      for (uint8_t& byte : out) byte = 7;
    }
  } random;
  request.set_sealed_appeal(ToString(
      *crypto::SealAppeal(key->public_key(), binding,
                          AsBytes(content.SerializeAsString()), random)));
  ASSERT_TRUE(Submit(request).ok());
  std::vector<storage::KeyValue> all = world_.engine->Scan({"", ""}).value();
  EXPECT_THAT(all, testing::Not(SizeIs(0)));
  for (const storage::KeyValue& entry : all) {
    EXPECT_FALSE(absl::StrContains(entry.value, "quotation"));
    EXPECT_FALSE(absl::StrContains(entry.key, "quotation"));
  }
}

}  // namespace
}  // namespace frank::platform
