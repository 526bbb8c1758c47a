// Words from the moderators on their way to each device of an account.
#include <string>
#include <thread>

#include "core/limits.h"
#include "services/platform/enforcement_handler.h"
#include "services/platform/receive_hub.h"
#include "tests/services/platform_fixture.h"
#include "tests/services/receive_client.h"

namespace frank::platform {
namespace {

using ::testing::IsEmpty;

constexpr char kModeration[] = "moderation.example";

class NoticeTest : public PlatformFixture {
 protected:
  v1::EnforcementState StateOf(uint64_t number, v1::NoticeKind kind) {
    v1::EnforcementState state;
    state.set_account_uri(bob_.uri);
    state.set_number(number);
    state.set_policy("harassment");
    state.set_notice(kind);
    state.set_decision_id(IdOf(number));
    return state;
  }
  static std::string IdOf(uint64_t number) {
    return std::string(16, static_cast<char>('a' + number));
  }
  void Apply(const v1::EnforcementState& state) {
    services::Call call;
    call.peer_names = {kModeration};
    v1::ApplyRequest request;
    *request.add_state() = state;
    ASSERT_TRUE(
        Ask(enforcement_, &EnforcementHandler::Apply, call, request).ok());
  }
  void Warn(uint64_t count) {
    for (uint64_t number = 1; number <= count; ++number) {
      Apply(StateOf(number, v1::NOTICE_KIND_WARNED));
    }
  }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
  EnforcementHandler enforcement_{
      {*engine_, clock_, kModeration, limits::kDefaultAppealPeriod}};
  ReceiveHub hub_{*engine_, clock_};
};

TEST_F(NoticeTest, CarriesAWarningToEveryDevice) {
  Link(bob_);
  Warn(1);
  for (const TestDevice& device : bob_.devices) {
    FakeClient client(hub_, authenticator_, device);
    client.Start(0, /*drain=*/true);
    v1::ReceiveResponse::Notice told = client.Next().notice();
    EXPECT_EQ(told.notice_id(), IdOf(1));
    EXPECT_EQ(told.notice_kind(), v1::NOTICE_KIND_WARNED);
    EXPECT_EQ(told.policy(), "harassment");
    EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
    client.AckNotice(IdOf(1));
    EXPECT_TRUE(client.WaitClosed().ok());
    FakeClient again(hub_, authenticator_, device);
    again.Start();
    EXPECT_THAT(again.UntilCaughtUp(), IsEmpty()) << "acknowledged";
  }
}

TEST_F(NoticeTest, TellsAgainWhatABrokenStreamDidNotAcknowledge) {
  Warn(2);
  {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start();
    EXPECT_EQ(client.Next().notice().notice_id(), IdOf(1));
    EXPECT_EQ(client.Next().notice().notice_id(), IdOf(2));
    client.AckNotice(IdOf(1));
    client.End();
    EXPECT_TRUE(client.WaitClosed().ok());
  }
  {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start();
    EXPECT_EQ(client.Next().notice().notice_id(), IdOf(2));
  }
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_EQ(client.Next().notice().notice_id(), IdOf(2));
}

TEST_F(NoticeTest, DoesNotDrainBeforeANoticeIsAcknowledged) {
  Warn(1);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(0, /*drain=*/true);
  EXPECT_TRUE(client.Next().has_notice());
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  client.AckNotice("of nobody 123456");
  // Whatever the stream would commit by itself is behind this commit; then it
  // is still open, and delivers what comes.
  Apply(StateOf(1, v1::NOTICE_KIND_WARNED));
  for (int i = 0; i < 50; ++i) std::this_thread::yield();
  Apply(StateOf(2, v1::NOTICE_KIND_WARNED));
  EXPECT_EQ(client.Next().notice().notice_id(), IdOf(2));
  client.AckNotice(IdOf(2));
  EXPECT_TRUE(client.WaitClosed().ok()) << "with those before it";
}

TEST_F(NoticeTest, CountsNoticesInTheWindow) {
  Warn(3);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(2);
  EXPECT_EQ(client.Next().notice().notice_id(), IdOf(1));
  EXPECT_EQ(client.Next().notice().notice_id(), IdOf(2));
  EXPECT_TRUE(client.nothing_received());
  client.AckNotice(IdOf(1));
  EXPECT_EQ(client.Next().notice().notice_id(), IdOf(3));
}

TEST_F(NoticeTest, HoldsLittleForAClientThatDoesNotRead) {
  Warn(20);
  FakeClient client(hub_, authenticator_, bob_.device(), /*hold_back=*/true);
  client.Start();
  for (uint64_t i = 1; i <= limits::kMaxUnsentDeliveries; ++i) {
    EXPECT_EQ(client.Next().notice().notice_id(), IdOf(i));
  }
  EXPECT_TRUE(client.nothing_received());
  client.ReportSent(1);
  EXPECT_EQ(client.Next().notice().notice_id(),
            IdOf(limits::kMaxUnsentDeliveries + 1));
}

TEST_F(NoticeTest, RefusesAnIdOfTheWrongLength) {
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  client.AckNotice("short");
  EXPECT_THAT(client.WaitClosed(), IsFieldError("notice_ack.notice_id"));
}

TEST_F(NoticeTest, ALimitReachesTheDeviceAndTheRelay) {
  v1::EnforcementState limit = StateOf(1, v1::NOTICE_KIND_LIMITED);
  limit.set_messages_an_hour(1);
  limit.set_limited_until(kStartTime + kDay);
  Apply(limit);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  v1::ReceiveResponse::Notice told = client.Next().notice();
  EXPECT_EQ(told.notice_kind(), v1::NOTICE_KIND_LIMITED);
  EXPECT_EQ(told.until(), kStartTime + kDay);
  for (bool accepted : {true, false}) {
    auto sent =
        Send(bob_.device(), Message(room_.room_uri(), bob_.device(),
                                    {&alice_, &bob_}, accepted ? "1" : "2"));
    ASSERT_TRUE(sent.ok()) << sent.status();
    EXPECT_EQ(sent->has_accepted(), accepted);
    if (accepted) continue;
    EXPECT_EQ(sent->refused().reason(), v1::REFUSAL_REASON_LIMITED);
    EXPECT_EQ(sent->refused().policy(), "harassment");
  }
}

}  // namespace
}  // namespace frank::platform
