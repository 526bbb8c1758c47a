// Receiving: order, redelivery, acknowledgements, what is forgotten.
#include <set>
#include <thread>

#include "core/limits.h"
#include "services/platform/platform_jobs.h"
#include "services/platform/receive_hub.h"
#include "tests/services/receive_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
  EXPECT_EQ(client.Next().delivery().sequence(), 1);
  SendMany(1);
  EXPECT_EQ(client.Next().delivery().sequence(), 2);
}

TEST_F(ReceiveTest, TellsThePlatformsTimeAgainAsMessagesCome) {
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_EQ(client.Next().caught_up().server_time(), kStartTime);
  SendMany(1);
  EXPECT_TRUE(client.Next().has_delivery());
  clock_.Advance(kMinute);
  SendMany(1);
  // The session may still be at the first when the minute is over.
  v1::ReceiveResponse one = client.Next();
  v1::ReceiveResponse other = client.Next();
  EXPECT_NE(one.has_delivery(), other.has_delivery());
  const v1::ReceiveResponse& told = one.has_caught_up() ? one : other;
  EXPECT_EQ(told.caught_up().server_time(), kStartTime + kMinute);
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

TEST_F(ReceiveTest, CountsDevicesAndNotTheirStreams) {
  {
    FakeClient older(hub_, authenticator_, bob_.device());
    older.Start();
    EXPECT_THAT(older.UntilCaughtUp(), IsEmpty());
    FakeClient newer(hub_, authenticator_, bob_.device());
    newer.Start();
    EXPECT_THAT(newer.UntilCaughtUp(), IsEmpty());
    FakeClient alices(hub_, authenticator_, alice_.device());
    alices.Start();
    EXPECT_THAT(alices.UntilCaughtUp(), IsEmpty());
    EXPECT_EQ(hub_.devices(), 2u);
  }
  EXPECT_EQ(hub_.devices(), 0u);
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

TEST_F(ReceiveTest, EndsTheStreamOfARemovedDeviceWhoseWindowIsFull) {
  Link(bob_);
  SendMany(2);
  FakeClient client(hub_, authenticator_, bob_.devices[1]);
  client.Start(1);
  EXPECT_EQ(client.Next().delivery().sequence(), 1);
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  EXPECT_THAT(client.WaitClosed(), FailsWith(absl::StatusCode::kUnauthenticated,
                                             "CREDENTIAL_INVALID"));
}

TEST_F(ReceiveTest, LeavesTheWindowOfARoomOnHoldToTheOthers) {
  v1::Room other = CreateRoom(alice_, {bob_.uri});
  for (int i = 0; i < 3; ++i) {
    SendText(room_.room_uri(), absl::StrCat("here ", i));
    SendText(other.room_uri(), absl::StrCat("there ", i));
  }
  std::string held;
  {
    FakeClient client(hub_, authenticator_, bob_.device());
    client.Start(2, true);
    held = client.Next().delivery().room_uri();
    EXPECT_EQ(client.Next().delivery().room_uri(), held);
    EXPECT_TRUE(client.nothing_received()) << "the window is full";
    client.Hold(held);
    for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
      v1::ReceiveResponse::Delivery delivery = client.Next().delivery();
      EXPECT_NE(delivery.room_uri(), held);
      EXPECT_EQ(delivery.sequence(), sequence);
      client.Ack(delivery.room_uri(), sequence);
    }
    EXPECT_TRUE(client.WaitClosed().ok()) << "it has drained";
  }
  FakeClient again(hub_, authenticator_, bob_.device());
  again.Start();
  std::vector<v1::ReceiveResponse::Delivery> rest = again.UntilCaughtUp();
  EXPECT_THAT(SequencesOf(rest), ElementsAre(1, 2, 3));
  EXPECT_EQ(rest.front().room_uri(), held);
}

TEST_F(ReceiveTest, RefusesToHoldARoomThatItDidNotDeliver) {
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  client.Hold(room_.room_uri());
  EXPECT_THAT(client.WaitClosed(), IsFieldError("hold.room_uri"));
}

TEST_F(ReceiveTest, BeginsItsScansBehindTheAcknowledgement) {
  v1::Room other = CreateRoom(alice_, {bob_.uri});
  SendMany(128);
  DrainAll(bob_.device());
  SendMany(1);
  SendText(other.room_uri(), "first there");
  storage::MailboxId mailbox =
      authenticator_.AuthenticateDevice(bob_.call())->mailbox;
  RecordingEngine recording(*engine_);
  ReceiveHub hub(recording, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), SizeIs(2));
  EXPECT_FALSE(recording.Scanned(
      storage::schema::MailboxKey(mailbox, room_.room_uri(), 128)));
  EXPECT_TRUE(recording.Scanned(
      storage::schema::MailboxKey(mailbox, room_.room_uri(), 129)));
}

// Lets other threads come as far as they can.
void LetOthersRun() {
  for (int i = 0; i < 50; ++i) std::this_thread::yield();
}

TEST_F(ReceiveTest, OutlivesACommitThatBeginsWhileItIsDestroyed) {
  SendMany(1);
  auto hub = std::make_unique<ReceiveHub>(*engine_, clock_);
  absl::Notification delivered;
  absl::Notification go_on;
  auto session = ReceiveSession::Open(
      *hub, *authenticator_.AuthenticateDevice(bob_.call()),
      {[](const v1::ReceiveResponse&) {},
       [&](const DeliveryBytes&) { delivered.Notify(); }, [](absl::Status) {},
       [&] {
         if (delivered.HasBeenNotified()) go_on.WaitForNotification();
       }});
  v1::ReceiveRequest request;
  // Full, so that the acknowledgement is worked off at once.
  request.mutable_start()->set_window(1);
  session->OnRequest(request);
  delivered.WaitForNotification();
  std::atomic<bool> destroyed = false;
  std::thread destroyer;
  {
    absl::MutexLock hold(&hold_commits_);
    // The pass is held up after it took the acknowledgement, before its commit.
    request.mutable_ack()->set_room_uri(room_.room_uri());
    request.mutable_ack()->set_sequence(1);
    session->OnRequest(request);
    session.reset();
    LetOthersRun();
    destroyer = std::thread([&] {
      hub.reset();
      destroyed = true;
    });
    LetOthersRun();
    go_on.Notify();
    LetOthersRun();
    EXPECT_FALSE(destroyed) << "the commit would come back to nothing";
  }
  destroyer.join();
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
  EXPECT_EQ(RowsWith('\x20'), 2) << "who sent it when";
  EXPECT_EQ(RowsWith('\x22'), 0);
  EXPECT_EQ(RowsWith('\x23'), 0);
  EXPECT_EQ(RowsWith('\x25'), 0);
  clock_.Advance(limits::kMailboxRetention);
  ASSERT_TRUE(RunPlatformJobs(*engine_, clock_).ok());
  EXPECT_EQ(RowsWith('\x20'), 0);
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
