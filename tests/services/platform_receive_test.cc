// Receiving: order, redelivery, acknowledgements, notices, what is forgotten.
#include <set>
#include <thread>

#include "core/limits.h"
#include "services/platform/platform_jobs.h"
#include "services/platform/receive_hub.h"
#include "services/platform/receive_session.h"
#include "storage/notice_store.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The client's end of a stream. What is sent to it goes out at once, unless it
// is told to hold back.
class FakeClient {
 public:
  FakeClient(ReceiveHub& hub, Authenticator& authenticator,
             const TestDevice& device, bool hold_back = false)
      : hold_back_(hold_back) {
    auto principal = authenticator.AuthenticateDevice(device.call());
    EXPECT_TRUE(principal.ok()) << principal.status();
    session_ = ReceiveSession::Open(
        hub, *principal,
        {[this](v1::ReceiveResponse response) { Take(std::move(response)); },
         [this](absl::Status status) {
           absl::MutexLock lock(&mutex_);
           closed_ = std::move(status);
         },
         [] {}});
  }
  ~FakeClient() {
    session_->OnClosed();
    // The wire is dropped on the hub's thread.
    while (session_.use_count() > 1) std::this_thread::yield();
  }

  void Start(uint32_t window = 0, bool drain = false) {
    v1::ReceiveRequest request;
    request.mutable_start()->set_window(window);
    request.mutable_start()->set_drain(drain);
    session_->OnRequest(request);
  }
  void Ack(const std::string& room_uri, uint64_t sequence) {
    v1::ReceiveRequest request;
    request.mutable_ack()->set_room_uri(room_uri);
    request.mutable_ack()->set_sequence(sequence);
    session_->OnRequest(request);
  }
  void Request(const v1::ReceiveRequest& request) {
    session_->OnRequest(request);
  }
  void End() { session_->OnRequestsEnd(); }

  // Waits for the next response of each kind, in the order in which they came.
  v1::ReceiveResponse Next() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](FakeClient* self) {
          return !self->received_.empty() || self->closed_.has_value();
        },
        this));
    if (received_.empty()) return {};
    v1::ReceiveResponse response = std::move(received_.front());
    received_.pop_front();
    return response;
  }
  // Takes deliveries up to the next CaughtUp.
  std::vector<v1::ReceiveResponse::Delivery> UntilCaughtUp() {
    std::vector<v1::ReceiveResponse::Delivery> deliveries;
    for (;;) {
      v1::ReceiveResponse response = Next();
      if (!response.has_delivery()) {
        EXPECT_TRUE(response.has_caught_up()) << response.ShortDebugString();
        return deliveries;
      }
      deliveries.push_back(response.delivery());
    }
  }
  absl::Status WaitClosed() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](absl::optional<absl::Status>* closed) {
          return closed->has_value();
        },
        &closed_));
    return *closed_;
  }
  bool nothing_received() {
    absl::MutexLock lock(&mutex_);
    return received_.empty();
  }
  // What was held back goes out.
  void ReportSent(int count) {
    for (int i = 0; i < count; ++i) session_->OnSent();
  }

 private:
  void Take(v1::ReceiveResponse response) {
    {
      absl::MutexLock lock(&mutex_);
      received_.push_back(std::move(response));
    }
    if (!hold_back_) session_->OnSent();
  }

  const bool hold_back_;
  std::shared_ptr<ReceiveSession> session_;
  absl::Mutex mutex_;
  std::deque<v1::ReceiveResponse> received_;
  absl::optional<absl::Status> closed_;
};

class ReceiveTest : public PlatformFixture {
 protected:
  void SendText(const std::string& room_uri, absl::string_view text) {
    v1::SendRequest request =
        Message(room_uri, alice_.device(), {&alice_, &bob_}, text);
    auto response = Send(alice_.device(), request);
    ASSERT_TRUE(response.ok() && response->has_accepted()) << response.status();
  }
  void SendMany(int count) {
    for (int i = 0; i < count; ++i) {
      SendText(room_.room_uri(), absl::StrCat("message ", i));
    }
  }
  static std::vector<uint64_t> SequencesOf(
      const std::vector<v1::ReceiveResponse::Delivery>& deliveries) {
    std::vector<uint64_t> sequences;
    for (const auto& delivery : deliveries) {
      sequences.push_back(delivery.sequence());
    }
    return sequences;
  }
  // Receives and acknowledges everything, then lets the stream drain.
  void DrainAll(const TestDevice& device) {
    FakeClient client(hub_, authenticator_, device);
    client.Start(0, true);
    for (const auto& delivery : client.UntilCaughtUp()) {
      client.Ack(delivery.room_uri(), delivery.sequence());
    }
    EXPECT_TRUE(client.WaitClosed().ok());
  }
  size_t RowsWith(char prefix) {
    return engine_->Scan(storage::KeyRange::Prefix(std::string(1, prefix)))
        ->size();
  }
  size_t Bodies() { return RowsWith('\x21'); }

  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
  ReceiveHub hub_{*engine_, clock_};
};

TEST_F(ReceiveTest, DeliversTheEnvelopeWithTheDevicesOwnWrap) {
  Link(bob_);
  v1::SendRequest request =
      Message(room_.room_uri(), alice_.device(), {&alice_, &bob_}, "hello");
  request.mutable_envelope()->mutable_wrap(1)->set_wrap(std::string(64, 'z'));
  auto sent = Send(alice_.device(), request);
  ASSERT_TRUE(sent.ok());
  FakeClient client(hub_, authenticator_, bob_.devices[1]);
  client.Start();
  v1::ReceiveResponse::Delivery delivery = client.Next().delivery();
  EXPECT_EQ(delivery.room_uri(), room_.room_uri());
  EXPECT_EQ(delivery.sequence(), 1);
  EXPECT_EQ(delivery.frank().SerializeAsString(),
            sent->accepted().frank().SerializeAsString());
  v1::Envelope expected = request.envelope();
  expected.mutable_wrap()->DeleteSubrange(0, 1);
  EXPECT_EQ(delivery.envelope().SerializeAsString(),
            expected.SerializeAsString());
  EXPECT_EQ(client.Next().caught_up().server_time(), kStartTime);
}

TEST_F(ReceiveTest, DeliversInOrderWithinEachRoom) {
  v1::Room other = CreateRoom(alice_, {bob_.uri});
  for (int i = 0; i < 50; ++i) {
    SendText(room_.room_uri(), absl::StrCat("here ", i));
    SendText(other.room_uri(), absl::StrCat("there ", i));
  }
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  std::map<std::string, uint64_t> last;
  for (const auto& delivery : client.UntilCaughtUp()) {
    EXPECT_EQ(delivery.sequence(), ++last[delivery.room_uri()]);
  }
  EXPECT_EQ(last[room_.room_uri()], 50);
  EXPECT_EQ(last[other.room_uri()], 50);
}

TEST_F(ReceiveTest, DeliversWhatIsSentWhileItWaits) {
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  SendMany(1);
  EXPECT_THAT(SequencesOf(client.UntilCaughtUp()), ElementsAre(1));
  SendMany(1);
  EXPECT_THAT(SequencesOf(client.UntilCaughtUp()), ElementsAre(2));
}

TEST_F(ReceiveTest, DeliversAgainWhatWasNotAcknowledged) {
  SendMany(3);
  {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start();
    EXPECT_THAT(SequencesOf(client.UntilCaughtUp()), ElementsAre(1, 2, 3));
    client.Ack(room_.room_uri(), 2);
    client.End();
    EXPECT_TRUE(client.WaitClosed().ok());
  }
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(SequencesOf(client.UntilCaughtUp()), ElementsAre(3));
}

TEST_F(ReceiveTest, KeepsWithinTheWindow) {
  SendMany(5);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(2);
  EXPECT_EQ(client.Next().delivery().sequence(), 1);
  EXPECT_EQ(client.Next().delivery().sequence(), 2);
  EXPECT_TRUE(client.nothing_received());
  client.Ack(room_.room_uri(), 1);
  EXPECT_EQ(client.Next().delivery().sequence(), 3);
  client.Ack(room_.room_uri(), 3);
  EXPECT_THAT(SequencesOf(client.UntilCaughtUp()), ElementsAre(4, 5));
}

TEST_F(ReceiveTest, HoldsLittleForAClientThatDoesNotRead) {
  SendMany(20);
  FakeClient client(hub_, authenticator_, bob_.device(), /*hold_back=*/true);
  client.Start();
  for (size_t i = 0; i < limits::kMaxUnsentDeliveries; ++i) {
    EXPECT_EQ(client.Next().delivery().sequence(), i + 1);
  }
  EXPECT_TRUE(client.nothing_received());
  client.ReportSent(1);
  EXPECT_EQ(client.Next().delivery().sequence(),
            limits::kMaxUnsentDeliveries + 1);
}

TEST_F(ReceiveTest, DrainsWhenAllIsAcknowledged) {
  SendMany(3);
  DrainAll(bob_.device());
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(0, true);
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  EXPECT_TRUE(client.WaitClosed().ok());
}

TEST_F(ReceiveTest, RefusesAnAckOfWhatItDidNotDeliver) {
  SendMany(1);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), SizeIs(1));
  client.Ack(room_.room_uri(), 2);
  EXPECT_THAT(client.WaitClosed(), IsFieldError("ack.sequence"));
  FakeClient other(hub_, authenticator_, bob_.device());
  other.Start();
  other.Ack("mimi://hub.example/r/none", 1);
  EXPECT_THAT(other.WaitClosed(), IsFieldError("ack.sequence"));
}

TEST_F(ReceiveTest, RefusesRequestsThatBreakTheRules) {
  struct Case {
    const char* field;
    void (*make)(v1::ReceiveRequest&);
  };
  for (const Case& bad : {
           Case{"kind", [](auto&) {}},
           Case{"kind",
                [](auto& r) {
                  r.mutable_ack()->set_room_uri("mimi://hub.example/r/a");
                  r.mutable_ack()->set_sequence(1);
                }},
           Case{"start.window",
                [](auto& r) { r.mutable_start()->set_window(257); }},
           Case{"ack.sequence",
                [](auto& r) { r.mutable_ack()->set_room_uri("mimi://x/r/a"); }},
           Case{"ack.room_uri",
                [](auto& r) { r.mutable_ack()->set_room_uri("a b"); }},
       }) {
    FakeClient client(hub_, authenticator_, bob_.device());
    v1::ReceiveRequest request;
    bad.make(request);
    client.Request(request);
    EXPECT_THAT(client.WaitClosed(), IsFieldError(bad.field));
  }
}

TEST_F(ReceiveTest, ANewerStreamEndsTheOlder) {
  FakeClient older(hub_, authenticator_, bob_.device());
  older.Start();
  EXPECT_THAT(older.UntilCaughtUp(), IsEmpty());
  FakeClient newer(hub_, authenticator_, bob_.device());
  newer.Start();
  absl::Status replaced = older.WaitClosed();
  EXPECT_TRUE(absl::IsAborted(replaced));
  // With a reason of its own: whoever tries again at once fights itself.
  EXPECT_EQ(FindReason(replaced), "STREAM_REPLACED");
  EXPECT_THAT(newer.UntilCaughtUp(), IsEmpty());
}

TEST_F(ReceiveTest, EndsTheStreamOfADeviceThatIsRemoved) {
  Link(bob_);
  FakeClient client(hub_, authenticator_, bob_.devices[1]);
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  EXPECT_THAT(client.WaitClosed(), FailsWith(absl::StatusCode::kUnauthenticated,
                                             "CREDENTIAL_INVALID"));
}

TEST_F(ReceiveTest, ForgetsAMessageOnlyWhenAllDevicesHaveIt) {
  Link(bob_);
  SendMany(2);
  DrainAll(bob_.devices[0]);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(Bodies(), 2);
  DrainAll(bob_.devices[1]);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(Bodies(), 0);
  EXPECT_EQ(RowsWith('\x20'), 0);
  EXPECT_EQ(RowsWith('\x22'), 0);
  EXPECT_EQ(RowsWith('\x23'), 0);
  EXPECT_EQ(RowsWith('\x25'), 0);
  EXPECT_EQ(RowsWith('\x26'), 0);
}

TEST_F(ReceiveTest, ForgetsAMessageAfterThirtyDays) {
  SendMany(3);
  clock_.Advance(limits::kMailboxRetention - 1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(Bodies(), 3);
  clock_.Advance(1);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(Bodies(), 0);
  EXPECT_EQ(RowsWith('\x23'), 0);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
}

TEST_F(ReceiveTest, OneJobThatFailsKeepsNoOtherFromItsTurn) {
  SendMany(1);
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [](storage::Transaction&
                                                              transaction) {
                transaction.Put("\x25 no such mark", "damaged");
                return absl::OkStatus();
              }).ok());
  clock_.Advance(limits::kMailboxRetention);
  EXPECT_TRUE(absl::IsDataLoss(RunPlatformJobs(*engine_, clock_).status()));
  EXPECT_EQ(Bodies(), 0);
}

TEST_F(ReceiveTest, LeavesWhatIsTooMuchForOneRoundToTheNext) {
  auto transaction = engine_->Begin();
  for (int i = 0; i < 100; ++i) {
    transaction->Put(
        storage::schema::RemovedMailboxKey(storage::MailboxId::Random(random_)),
        "");
  }
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  auto more = RunPlatformJobs(*engine_, clock_);
  ASSERT_TRUE(more.ok());
  EXPECT_TRUE(*more) << "each mailbox is a piece";
  EXPECT_GT(RowsWith('\x14'), 0u);
  more = RunPlatformJobs(*engine_, clock_);
  ASSERT_TRUE(more.ok());
  EXPECT_FALSE(*more);
  EXPECT_EQ(RowsWith('\x14'), 0u);
}

TEST_F(ReceiveTest, EmptiesTheMailboxOfARemovedDevice) {
  Link(bob_);
  SendMany(100);
  DrainAll(bob_.devices[0]);
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(RowsWith('\x14'), 0);
  EXPECT_EQ(RowsWith('\x23'), 0);
  EXPECT_EQ(Bodies(), 0);
}

TEST_F(ReceiveTest, ADeviceLinkedAgainBeginsWithAnEmptyMailbox) {
  Link(bob_);
  SendMany(1);
  TestDevice device = bob_.devices[1];
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  bob_.devices.push_back(device);
  ASSERT_TRUE(Publish(bob_)->has_updated());
  FakeClient client(hub_, authenticator_, bob_.devices[1]);
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
}

TEST_F(ReceiveTest, StoresABodyOnceForAllDevices) {
  Link(bob_);
  Link(alice_);
  SendMany(1);
  EXPECT_EQ(Bodies(), 1);
  EXPECT_EQ(RowsWith('\x23'), 3);
}

TEST_F(ReceiveTest, TellsEachDeviceOfANoticeOnce) {
  storage::v1::NoticeRecord notice;
  notice.set_notice_id(std::string(16, 'n'));
  notice.set_kind(v1::NOTICE_KIND_WARNED);
  notice.set_policy("harassment");
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [&](storage::Transaction&
                                                               transaction) {
                return storage::AppendNotices(transaction, bob_.uri,
                                              clock_.Now(), {notice});
              }).ok());
  {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start(0, true);
    v1::ReceiveResponse::Notice told = client.Next().notice();
    EXPECT_EQ(told.notice_id(), notice.notice_id());
    EXPECT_EQ(told.notice_kind(), v1::NOTICE_KIND_WARNED);
    EXPECT_EQ(told.policy(), "harassment");
    EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
    EXPECT_TRUE(client.WaitClosed().ok());
  }
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  FakeClient again(hub_, authenticator_, bob_.device());
  again.Start();
  EXPECT_THAT(again.UntilCaughtUp(), IsEmpty());
}

TEST_F(ReceiveTest, LosesNothingUnderConcurrentSendsAndReconnects) {
  constexpr int kMessages = 300;
  std::thread sender([&] { SendMany(kMessages); });
  std::set<uint64_t> seen;
  while (seen.size() < kMessages) {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start(8);
    uint64_t last = 0;
    for (int i = 0; i < 20 && seen.size() < kMessages; ++i) {
      v1::ReceiveResponse response = client.Next();
      if (!response.has_delivery()) continue;
      EXPECT_GT(response.delivery().sequence(), last);
      last = response.delivery().sequence();
      seen.insert(last);
      if (last % 3 == 0) client.Ack(room_.room_uri(), last);
    }
  }
  sender.join();
  EXPECT_EQ(*seen.begin(), 1);
  EXPECT_EQ(*seen.rbegin(), kMessages);
}

}  // namespace
}  // namespace frank::platform
