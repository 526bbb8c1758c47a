// Delivering what is written while a device is connected: without a scan, once,
// in order, whatever is committed meanwhile; and committing what it
// acknowledges with what others do.
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/limits.h"
#include "services/platform/acknowledgements.h"
#include "services/platform/message_cache.h"
#include "storage/schema.h"
#include "tests/services/receive_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeliveryTest : public ReceiveTest {
 protected:
  storage::MailboxId MailboxOf(const TestDevice& device) {
    return authenticator_.AuthenticateDevice(device.call())->mailbox;
  }
  bool IsMailboxScan(const storage::KeyRange& range) {
    return range.begin ==
           storage::schema::Mailbox(MailboxOf(bob_.device())).begin;
  }
  // The next so many deliveries.
  static std::vector<uint64_t> Take(FakeClient& client, size_t count) {
    std::vector<uint64_t> sequences;
    while (sequences.size() < count) {
      v1::ReceiveResponse response = client.Next();
      if (response.has_delivery()) {
        sequences.push_back(response.delivery().sequence());
      }
    }
    return sequences;
  }
  static std::vector<uint64_t> UpTo(uint64_t last) {
    std::vector<uint64_t> sequences;
    for (uint64_t i = 1; i <= last; ++i) sequences.push_back(i);
    return sequences;
  }

  RecordingEngine recording_{*engine_};
};

TEST_F(DeliveryTest, ScansNothingForWhatComesWhileItIsCaughtUp) {
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  const size_t before = recording_.scans();
  SendMany(3);
  EXPECT_EQ(Take(client, 3), UpTo(3));
  client.Ack(room_.room_uri(), 3);
  SendMany(1);
  EXPECT_THAT(Take(client, 1), ElementsAre(4));
  EXPECT_EQ(recording_.scans(), before);
}

TEST_F(DeliveryTest, DeliversOnceWhatIsWrittenBetweenTakingOverAndTheScan) {
  std::atomic<bool> sent{false};
  recording_.before_scan = [&](const storage::KeyRange& range) {
    if (IsMailboxScan(range) && !sent.exchange(true)) SendMany(2);
  };
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start();
  EXPECT_EQ(Take(client, 2), UpTo(2));
  SendMany(1);
  EXPECT_THAT(Take(client, 1), ElementsAre(3)) << "nothing came twice";
}

TEST_F(DeliveryTest, DeliversWhatIsWrittenWhileAScanEnds) {
  SendMany(1);
  std::atomic<bool> sent{false};
  recording_.after_scan = [&](const storage::KeyRange& range) {
    if (IsMailboxScan(range) && !sent.exchange(true)) SendMany(2);
  };
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start();
  EXPECT_EQ(Take(client, 3), UpTo(3));
  SendMany(1);
  EXPECT_THAT(Take(client, 1), ElementsAre(4)) << "nothing came twice";
}

TEST_F(DeliveryTest, DeliversMoreThanItNotesWhileItIsBusy) {
  constexpr int kMany = 3 * limits::kMaxUnsentDeliveries;
  std::atomic<bool> sent{false};
  recording_.after_scan = [&](const storage::KeyRange& range) {
    if (IsMailboxScan(range) && !sent.exchange(true)) SendMany(kMany);
  };
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start();
  EXPECT_EQ(Take(client, kMany), UpTo(kMany));
}

TEST_F(DeliveryTest, KeepsTheOrderWhenTheWindowOpensAsMoreIsWritten) {
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.device());
  client.Start(/*window=*/1);
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  SendMany(3);
  for (uint64_t sequence = 1; sequence <= 20; ++sequence) {
    EXPECT_THAT(Take(client, 1), ElementsAre(sequence));
    client.Ack(room_.room_uri(), sequence);
    if (sequence <= 17) SendMany(1);
  }
}

TEST_F(DeliveryTest, LeavesARoomOnHoldAloneWhenMoreIsWrittenThere) {
  v1::Room other = CreateRoom(alice_, {bob_.uri});
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  SendMany(1);
  EXPECT_EQ(client.Next().delivery().room_uri(), room_.room_uri());
  client.Hold(room_.room_uri());
  SendMany(1);
  SendText(other.room_uri(), "elsewhere");
  EXPECT_EQ(client.Next().delivery().room_uri(), other.room_uri());
}

TEST_F(DeliveryTest, LooksForItselfWhereItIsNotToldWhatWasWritten) {
  Link(bob_);
  recording_.keeps_changes_secret = true;
  ReceiveHub hub(recording_, clock_);
  FakeClient client(hub, authenticator_, bob_.devices[1]);
  client.Start();
  EXPECT_THAT(client.UntilCaughtUp(), IsEmpty());
  SendMany(2);
  EXPECT_EQ(Take(client, 2), UpTo(2));
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  EXPECT_THAT(client.WaitClosed(), FailsWith(absl::StatusCode::kUnauthenticated,
                                             "CREDENTIAL_INVALID"));
}

TEST_F(DeliveryTest, KeepsTheOrderOfManyRoomsUnderManySenders) {
  constexpr int kRooms = 4;
  constexpr uint64_t kEach = 60;
  std::vector<v1::Room> rooms;
  for (int i = 0; i < kRooms; ++i)
    rooms.push_back(CreateRoom(alice_, {bob_.uri}));
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(/*window=*/16);
  // Messages are made before: what makes them is not thread-safe.
  std::vector<std::vector<v1::SendRequest>> messages(kRooms);
  for (int i = 0; i < kRooms; ++i) {
    for (uint64_t j = 0; j < kEach; ++j) {
      messages[i].push_back(Message(rooms[i].room_uri(), alice_.device(),
                                    {&alice_, &bob_}, "hello"));
    }
  }
  std::vector<std::thread> senders;
  for (int i = 0; i < kRooms; ++i) {
    senders.emplace_back([&, i] {
      for (const v1::SendRequest& message : messages[i]) {
        EXPECT_TRUE(Send(alice_.device(), message)->has_accepted());
      }
    });
  }
  std::map<std::string, uint64_t> last;
  for (uint64_t taken = 0; taken < kRooms * kEach;) {
    v1::ReceiveResponse response = client.Next();
    if (!response.has_delivery()) continue;
    const auto& delivery = response.delivery();
    EXPECT_EQ(delivery.sequence(), ++last[delivery.room_uri()]);
    client.Ack(delivery.room_uri(), delivery.sequence());
    ++taken;
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_TRUE(client.nothing_received());
}

TEST_F(DeliveryTest, ReadsOnWhileAcknowledgementsWait) {
  SendMany(1);
  absl::Notification caught_up;
  std::atomic<int> read_next{0};
  auto session = ReceiveSession::Open(
      hub_, *authenticator_.AuthenticateDevice(bob_.call()),
      {[&](const v1::ReceiveResponse&) { caught_up.Notify(); },
       [](const DeliveryBytes&) {}, [](absl::Status) {}, [&] { ++read_next; }});
  v1::ReceiveRequest request;
  request.mutable_start();
  EXPECT_FALSE(session->OnRequest(request)) << "it is worked off first";
  caught_up.WaitForNotification();
  while (read_next == 0) std::this_thread::yield();
  request.mutable_ack()->set_room_uri(room_.room_uri());
  request.mutable_ack()->set_sequence(1);
  int noted = 0;
  while (session->OnRequest(request)) ASSERT_LT(++noted, 1000) << "unbounded";
  while (read_next == 1) std::this_thread::yield();
  // Sixteen MiB may come in a field that is unknown.
  v1::ReceiveRequest::GetReflection()
      ->MutableUnknownFields(&request)
      ->AddLengthDelimited(1000, std::string(2000, 'x'));
  EXPECT_FALSE(session->OnRequest(request)) << "large ones do not pile up";
  while (read_next == 2) std::this_thread::yield();
  session->OnClosed();
  while (session.use_count() > 1) std::this_thread::yield();
}

TEST_F(DeliveryTest, CommitsWhatWasAcknowledgedBeforeTheStreamBroke) {
  SendMany(1);
  {
    ReceiveHub hub(*engine_, clock_);
    FakeClient client(hub, authenticator_, bob_.device());
    client.Start();
    EXPECT_EQ(Take(client, 1), UpTo(1));
    client.Ack(room_.room_uri(), 1);
  }
  EXPECT_EQ(RowsWith('\x23'), 0u);
}

// As when a phone changes networks.
TEST_F(DeliveryTest, CommitsWhatWasAcknowledgedBeforeAnotherStreamTookOver) {
  {
    ReceiveHub hub(*engine_, clock_);
    FakeClient older(hub, authenticator_, bob_.device());
    older.Start();
    EXPECT_THAT(older.UntilCaughtUp(), IsEmpty());
    SendMany(1);
    EXPECT_EQ(Take(older, 1), UpTo(1));
    // It waits to be worked off.
    older.Ack(room_.room_uri(), 1);
    FakeClient newer(hub, authenticator_, bob_.device());
    newer.Start();
    EXPECT_THAT(older.WaitClosed(),
                FailsWith(absl::StatusCode::kAborted, "STREAM_REPLACED"));
  }
  EXPECT_EQ(RowsWith('\x23'), 0u);
}

TEST_F(DeliveryTest, ReadsNoMoreOfAStreamThatItEnds) {
  SendMany(1);
  absl::Notification caught_up;
  absl::Notification ended;
  std::atomic<int> read_next{0};
  auto session = ReceiveSession::Open(
      hub_, *authenticator_.AuthenticateDevice(bob_.call()),
      {[&](const v1::ReceiveResponse&) { caught_up.Notify(); },
       [](const DeliveryBytes&) {}, [&](absl::Status) { ended.Notify(); },
       [&] { ++read_next; }});
  v1::ReceiveRequest request;
  request.mutable_start();
  EXPECT_FALSE(session->OnRequest(request));
  caught_up.WaitForNotification();
  while (read_next == 0) std::this_thread::yield();
  session->OnReplaced();
  ended.WaitForNotification();
  request.mutable_ack()->set_room_uri(room_.room_uri());
  request.mutable_ack()->set_sequence(1);
  EXPECT_FALSE(session->OnRequest(request));
  while (RowsWith('\x23') > 0) std::this_thread::yield();
  EXPECT_EQ(read_next, 1);
  session->OnClosed();
  while (session.use_count() > 1) std::this_thread::yield();
}

TEST_F(DeliveryTest, ReadsAMessageOnceForAllDevices) {
  MessageCache cache(recording_, 1 << 20);
  SendMany(1);
  const std::string key = storage::schema::MessageKey(room_.room_uri(), 1);
  auto found = cache.Find(room_.room_uri(), 1);
  ASSERT_TRUE(found.ok() && *found != nullptr);
  EXPECT_EQ(*cache.Find(room_.room_uri(), 1), *found);
  EXPECT_EQ(recording_.GetsOf(key), 1u);
  EXPECT_EQ(*cache.Find(room_.room_uri(), 2), nullptr);
}

TEST_F(DeliveryTest, KeepsFewMessagesWhenTheyAreLarge) {
  SendMany(3);
  const std::string first = storage::schema::MessageKey(room_.room_uri(), 1);
  const std::string third = storage::schema::MessageKey(room_.room_uri(), 3);
  MessageCache cache(recording_, /*max_bytes=*/1);
  for (uint64_t sequence : {1, 2, 3, 3, 1}) {
    EXPECT_NE(*cache.Find(room_.room_uri(), sequence), nullptr);
  }
  EXPECT_EQ(recording_.GetsOf(third), 1u);
  EXPECT_EQ(recording_.GetsOf(first), 2u);
}

TEST_F(DeliveryTest, CommitsWhatIsAcknowledgedMeanwhileTogether) {
  constexpr uint64_t kMany = 100;
  std::atomic<uint64_t> told{0};
  {
    Acknowledgements acknowledgements(recording_);
    absl::MutexLock hold(&hold_commits_);
    for (uint64_t i = 1; i <= kMany; ++i) {
      acknowledgements.Add({{MailboxOf(bob_.device()), room_.room_uri(), {i}}},
                           /*at_once=*/true, [&](const absl::Status& status) {
                             EXPECT_TRUE(status.ok());
                             ++told;
                           });
      // The first is on its way; then others could be.
      while (recording_.begun() == 0) std::this_thread::yield();
      for (int turn = 0; turn < 20; ++turn) std::this_thread::yield();
    }
    EXPECT_EQ(recording_.begun(), 1u);
  }
  EXPECT_EQ(told, kMany);
  EXPECT_EQ(recording_.begun(), 2u);
}

TEST_F(DeliveryTest, LosesNoAcknowledgementWhenItEnds) {
  SendMany(5);
  std::atomic<bool> told{false};
  {
    Acknowledgements acknowledgements(*engine_);
    acknowledgements.Add(
        {{MailboxOf(bob_.device()), room_.room_uri(), UpTo(5)}},
        /*at_once=*/false, [&](const absl::Status&) { told = true; });
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(RowsWith('\x23'), 0u);
}

TEST_F(DeliveryTest, CommitsAfterAWhileThoughNoMoreComes) {
  SendMany(1);
  Acknowledgements acknowledgements(*engine_);
  absl::Notification told;
  acknowledgements.Add({{MailboxOf(bob_.device()), room_.room_uri(), {1}}},
                       /*at_once=*/false,
                       [&](const absl::Status&) { told.Notify(); });
  told.WaitForNotification();
  EXPECT_EQ(RowsWith('\x23'), 0u);
}

TEST_F(DeliveryTest, StaysThoughTheMarkThatIsThereIsDamaged) {
  SendMany(1);
  FakeClient client(hub_, authenticator_, bob_.device());
  client.Start(0, /*drain=*/true);
  EXPECT_EQ(Take(client, 1), UpTo(1));
  ASSERT_TRUE(storage::RunTransactionAndWait(*engine_, [&](storage::Transaction&
                                                               transaction) {
                transaction.Put(
                    storage::schema::AcknowledgedMessagesKey(
                        MailboxOf(bob_.device()), room_.room_uri(), 0),
                    "damaged");
                return absl::OkStatus();
              }).ok());
  client.Ack(room_.room_uri(), 1);
  EXPECT_TRUE(client.WaitClosed().ok());
  EXPECT_EQ(RowsWith('\x23'), 0u);
}

}  // namespace
}  // namespace frank::platform
