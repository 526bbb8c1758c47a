// The relay under load: what goes together in a transaction, which thread
// prepares it, and what one account can make it hold.
#include <atomic>
#include <set>
#include <thread>

#include "core/limits.h"
#include "services/platform/platform_jobs.h"
#include "services/platform/receive_hub.h"
#include "services/platform/relay.h"
#include "storage/enforcement_store.h"
#include "storage/mailbox_store.h"
#include "tests/services/hooked_engine.h"
#include "tests/services/platform_fixture.h"

namespace frank::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Notes who asks for the time: each preparation of a batch does, once.
class WatchedClock final : public Clock {
 public:
  UnixMillis Now() const override {
    absl::MutexLock lock(&mutex_);
    ++asked_;
    threads_.insert(std::this_thread::get_id());
    return kStartTime;
  }
  // Returns when somebody has asked since then.
  void AwaitAsked(size_t before) const {
    absl::MutexLock lock(&mutex_);
    auto asked = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return asked_ > before;
    };
    mutex_.Await(absl::Condition(&asked));
  }
  size_t asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  std::set<std::thread::id> threads() const {
    absl::MutexLock lock(&mutex_);
    return threads_;
  }

 private:
  mutable absl::Mutex mutex_;
  mutable size_t asked_ = 0;
  mutable std::set<std::thread::id> threads_;
};

class RelayTest : public PlatformFixture {
 protected:
  RelayTest() {
    watched_stamps_ = *StampClock::Open(*engine_, watched_clock_);
    relay_ = std::make_unique<Relay>(*engine_, *watched_stamps_, rings_);
    messages_ = std::make_unique<MessageHandler>(authenticator_, *relay_);
  }
  ~RelayTest() override {
    messages_.reset();
    relay_.reset();
  }

  v1::SendRequest FromAlice(absl::string_view text) {
    return Message(room_.room_uri(), alice_.device(), {&alice_, &bob_}, text);
  }
  // A message with so many wraps for devices that nobody has.
  v1::SendRequest WithStrangers(size_t count) {
    v1::SendRequest request = FromAlice(absl::StrCat("to ", count));
    request.mutable_envelope()->clear_wrap();
    TestDevice stranger = bob_.device();
    for (size_t i = 0; i < count; ++i) {
      stranger.id = DeviceId::Random(random_);
      AddWrap(stranger, *request.mutable_envelope());
    }
    return request;
  }
  // Sends all while the first is held up, so that the others wait together.
  std::vector<absl::StatusOr<v1::SendResponse>> SendTogether(
      const std::vector<v1::SendRequest>& requests) {
    std::vector<Answer<v1::SendResponse>> answers(requests.size());
    {
      absl::MutexLock hold(&hold_commits_);
      const size_t before = watched_clock_.asked();
      for (size_t i = 0; i < requests.size(); ++i) {
        messages_->Send(alice_.call(), requests[i], answers[i].Done());
        if (i == 0) watched_clock_.AwaitAsked(before);
      }
    }
    std::vector<absl::StatusOr<v1::SendResponse>> responses;
    for (auto& answer : answers) responses.push_back(answer.Wait());
    return responses;
  }
  void Put(const std::string& key, absl::string_view value) {
    auto transaction = engine_->Begin();
    transaction->Put(key, value);
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }
  size_t RowsWith(char table) {
    return engine_->Scan(storage::KeyRange::Prefix(std::string(1, table)))
        ->size();
  }

  WatchedClock watched_clock_;
  std::unique_ptr<StampClock> watched_stamps_;
  TestAccount alice_ = Register("alice");
  TestAccount bob_ = Register("bob");
  v1::Room room_ = CreateRoom(alice_, {bob_.uri});
};

TEST_F(RelayTest, PreparesNothingOnTheEnginesThread) {
  absl::Notification told;
  std::thread::id engines;
  auto transaction = engine_->Begin();
  transaction->Put("x", "");
  transaction->Commit([&](absl::Status) {
    engines = std::this_thread::get_id();
    told.Notify();
  });
  told.WaitForNotification();
  for (const auto& response :
       SendTogether({FromAlice("1"), FromAlice("2"), FromAlice("3")})) {
    ASSERT_TRUE(response.ok() && response->has_accepted());
  }
  EXPECT_GE(watched_clock_.asked(), 2u);
  EXPECT_EQ(watched_clock_.threads().count(engines), 0u);
}

TEST_F(RelayTest, OneTransactionAndSignatureCarryWhatWaitsInSeveralRooms) {
  constexpr size_t kRooms = 20;
  // What one thread of the relay has under way, and the other, keep the rest
  // waiting.
  std::vector<v1::Room> rooms{room_};
  std::vector<v1::SendRequest> requests;
  for (size_t i = 1; i < kRooms; ++i) {
    rooms.push_back(CreateRoom(alice_, {bob_.uri}));
  }
  for (const v1::Room& room : rooms) {
    requests.push_back(Message(room.room_uri(), alice_.device(),
                               {&alice_, &bob_}, room.room_uri()));
  }
  std::vector<Answer<v1::SendResponse>> answers(kRooms);
  {
    absl::MutexLock hold(&hold_commits_);
    for (size_t i = 0; i < kRooms; ++i) {
      const size_t before = watched_clock_.asked();
      messages_->Send(alice_.call(), requests[i], answers[i].Done());
      if (i < 2) watched_clock_.AwaitAsked(before);
    }
  }
  std::set<std::string> signatures;
  for (size_t i = 0; i < kRooms; ++i) {
    auto response = answers[i].Wait();
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->accepted().sequence(), 1u);
    EXPECT_EQ(response->accepted().frank().room_uri(), rooms[i].room_uri());
    signatures.insert(response->accepted().frank().batch().signature());
  }
  EXPECT_THAT(signatures, SizeIs(3));
  // One row each for the three to be forgotten.
  EXPECT_EQ(RowsWith('\x26'), 3u);
}

// A conflict in one room does not stop the others, nor is anything accepted
// twice.
TEST_F(RelayTest, GoesOnRoomByRoomWhenSomethingHasChanged) {
  std::vector<v1::Room> rooms{room_};
  while (rooms.size() < 5) rooms.push_back(CreateRoom(alice_, {bob_.uri}));
  std::vector<v1::SendRequest> requests;
  for (const v1::Room& room : rooms) {
    requests.push_back(Message(room.room_uri(), alice_.device(),
                               {&alice_, &bob_}, room.room_uri()));
  }
  moderation::HookedEngine hooked(*engine_);
  std::atomic<int> begun{0};
  hooked.on_begin = [&] { ++begun; };
  // While the third transaction reads, that of the last three rooms, somebody
  // changes the last of them.
  hooked.after_get = [&] {
    if (begun != 3) return;
    const std::string key = storage::schema::RoomKey(rooms.back().room_uri());
    Put(key, **engine_->Get(key));
  };
  Relay relay(hooked, *watched_stamps_, rings_);
  MessageHandler messages(authenticator_, relay);
  std::vector<Answer<v1::SendResponse>> answers(rooms.size());
  {
    absl::MutexLock hold(&hold_commits_);
    for (size_t i = 0; i < rooms.size(); ++i) {
      const size_t before = watched_clock_.asked();
      messages.Send(alice_.call(), requests[i], answers[i].Done());
      if (i < 2) watched_clock_.AwaitAsked(before);
    }
  }
  for (auto& answer : answers) {
    auto response = answer.Wait();
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->accepted().sequence(), 1u);
  }
  EXPECT_EQ(begun, 6) << "two alone, three together, and each of these apart";
  EXPECT_EQ(RowsWith('\x20'), rooms.size());
}

TEST_F(RelayTest, CountsWrapsTowardsWhatGoesTogether) {
  std::vector<v1::SendRequest> requests{FromAlice("first")};
  for (int i = 0; i < 10; ++i) {
    requests.push_back(WithStrangers(limits::kMaxWraps));
  }
  for (const auto& response : SendTogether(requests)) {
    EXPECT_TRUE(response.ok()) << response.status();
  }
  // The first alone; then not more than five of 1.6 MB.
  EXPECT_EQ(watched_clock_.asked(), 3u);
}

TEST_F(RelayTest, HoldsABoundedAmountForAnAccount) {
  std::vector<v1::SendRequest> requests{FromAlice("first")};
  const size_t fit = limits::kMaxWaitingSendBytes /
                     (limits::kWrapCostBytes * limits::kMaxWraps);
  for (size_t i = 0; i < fit + 2; ++i) {
    requests.push_back(WithStrangers(limits::kMaxWraps));
  }
  auto responses = SendTogether(requests);
  EXPECT_TRUE(responses.front().ok());
  EXPECT_THAT(
      responses.back().status(),
      FailsWith(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED"));
  auto later = Send(alice_.device(), FromAlice("later"));
  EXPECT_TRUE(later.ok() && later->has_accepted()) << "what left is let go";
}

TEST_F(RelayTest, LooksUpTheAccountsOfAFewSuperfluousWraps) {
  Link(bob_);
  TestDevice removed = bob_.devices[1];
  bob_.devices.pop_back();
  ASSERT_TRUE(Publish(bob_)->has_updated());
  for (size_t strangers :
       {limits::kMaxSuperfluousLookups - 1, limits::kMaxSuperfluousLookups}) {
    v1::SendRequest request = WithStrangers(strangers);
    AddWrap(removed, *request.mutable_envelope());
    AddWrap(bob_.device(), *request.mutable_envelope());
    auto response = Send(alice_.device(), request);
    ASSERT_TRUE(response.ok() && response->has_stale_devices());
    bool looked_up = strangers < limits::kMaxSuperfluousLookups;
    EXPECT_EQ(response->stale_devices().changed_size(), looked_up ? 1 : 0);
    EXPECT_EQ(response->stale_devices().member_uri_size(), 2);
  }
}

TEST_F(RelayTest, LetsNobodyPastALimitThatItCannotRead) {
  Put(storage::schema::EnforcementKey(alice_.uri), "damaged");
  auto responses =
      SendTogether({FromAlice("0"), FromAlice("1"), FromAlice("2")});
  for (const auto& response : responses) {
    EXPECT_TRUE(absl::IsDataLoss(response.status())) << response.status();
  }
}

TEST_F(RelayTest, LetsNobodyPastACountThatItCannotRead) {
  storage::Enforcement limited;
  limited.number = 1;
  limited.messages_an_hour = 2;
  auto transaction = engine_->Begin();
  storage::PutEnforcement(*transaction, alice_.uri, limited);
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  Put(storage::schema::SendCountKey(alice_.uri), "damaged");
  auto responses =
      SendTogether({FromAlice("0"), FromAlice("1"), FromAlice("2")});
  for (const auto& response : responses) {
    EXPECT_TRUE(absl::IsDataLoss(response.status())) << response.status();
  }
}

TEST_F(RelayTest, AnswersASuspendedAccountsRepeatWithTheFirstFrank) {
  v1::SendRequest request = FromAlice("before");
  auto first = Send(alice_.device(), request);
  ASSERT_TRUE(first.ok() && first->has_accepted());
  storage::Enforcement suspended;
  suspended.number = 1;
  suspended.suspended = true;
  auto transaction = engine_->Begin();
  storage::PutEnforcement(*transaction, alice_.uri, suspended);
  ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  auto again = Send(alice_.device(), request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_TRUE(Send(alice_.device(), FromAlice("after"))->has_refused());
}

TEST_F(RelayTest, CarriesAMessageToAFullGroupAndForgetsIt) {
  std::vector<TestAccount> people;
  std::vector<std::string> uris;
  for (size_t i = 0; i < limits::kMaxRoomMembers - 1; ++i) {
    people.push_back(Register(absl::StrCat("person", i)));
    uris.push_back(people.back().uri);
  }
  v1::Room group = CreateRoom(alice_, uris);
  ASSERT_EQ(group.member_uri_size(), limits::kMaxRoomMembers);
  std::vector<const TestAccount*> members{&alice_};
  for (const TestAccount& person : people) members.push_back(&person);
  for (int i = 0; i < 3; ++i) {
    auto sent =
        Send(alice_.device(), Message(group.room_uri(), alice_.device(),
                                      members, absl::StrCat("to all ", i)));
    ASSERT_TRUE(sent.ok() && sent->has_accepted()) << sent.status();
  }
  ASSERT_EQ(RowsWith('\x23'), 3 * people.size());

  // All of them have the first two; only one the third.
  for (const TestAccount& person : people) {
    auto device = authenticator_.AuthenticateDevice(person.call());
    ASSERT_TRUE(device.ok());
    uint64_t have = &person == &people[7] ? 3 : 2;
    ASSERT_TRUE(storage::RunTransactionAndWait(
                    *engine_,
                    [&](storage::Transaction& transaction) {
                      return storage::Acknowledge(transaction, device->mailbox,
                                                  group.room_uri(), have);
                    })
                    .ok());
  }
  absl::StatusOr<bool> more = true;
  while (*more) {
    more = RunPlatformJobs(*engine_, clock_);
    ASSERT_TRUE(more.ok()) << more.status();
  }
  for (uint64_t sequence : {1, 2, 3}) {
    auto message = storage::FindMessage(*engine_, group.room_uri(), sequence);
    EXPECT_EQ(message->has_value(), sequence == 3);
  }
  EXPECT_EQ(RowsWith('\x23'), people.size() - 1);
  clock_.Advance(limits::kMailboxRetention);
  more = true;
  while (*more) {
    more = RunPlatformJobs(*engine_, clock_);
    ASSERT_TRUE(more.ok()) << more.status();
  }
  for (char table : {'\x20', '\x21', '\x22', '\x23', '\x25', '\x26'}) {
    EXPECT_EQ(RowsWith(table), 0u);
  }
}

}  // namespace
}  // namespace frank::platform
