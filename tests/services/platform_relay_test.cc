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
    relay_ =
        std::make_unique<Relay>(*engine_, *watched_stamps_, rings_, refusals_);
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
  void Put(std::string key, std::string value) {
    auto transaction = engine_->Begin();
    transaction->Put(std::move(key), std::move(value));
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
  // What each thread of the relay has under way keeps the rest waiting.
  std::vector<v1::Room> rooms{room_};
  std::vector<v1::SendRequest> requests;
  for (size_t i = 1; i < kRooms; ++i) {
    rooms.push_back(CreateRoom(alice_, {bob_.uri}));
  }
  auto sender = [this](size_t i) -> TestAccount& {
    return i == 1 ? bob_ : alice_;
  };
  for (size_t i = 0; i < kRooms; ++i) {
    requests.push_back(Message(rooms[i].room_uri(), sender(i).device(),
                               {&alice_, &bob_}, absl::StrCat(i)));
  }
  std::vector<Answer<v1::SendResponse>> answers(kRooms);
  {
    absl::MutexLock hold(&hold_commits_);
    for (size_t i = 0; i < kRooms; ++i) {
      const size_t before = watched_clock_.asked();
      messages_->Send(sender(i).call(), requests[i], answers[i].Done());
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

// A relay over an engine with hooks.
class RelayHookTest : public RelayTest {
 protected:
  RelayHookTest() {
    hooked_.on_begin = [this] { ++begun_; };
    while (rooms_.size() < 5) {
      AddRoom();
    }
  }
  void AddRoom() {
    rooms_.push_back(
        CreateRoom(alice_, {bob_.uri, carol_.uri, dan_.uri, eve_.uri}));
  }
  v1::SendRequest To(size_t room, TestAccount& sender, absl::string_view text) {
    return Message(rooms_[room].room_uri(), sender.device(),
                   {&alice_, &bob_, &carol_, &dan_, &eve_}, text);
  }
  // Sends all; the first two are under way, each alone, before the others wait.
  std::vector<absl::StatusOr<v1::SendResponse>> SendAll(
      const std::vector<std::pair<TestAccount*, v1::SendRequest>>& all) {
    Relay relay(hooked_, *watched_stamps_, rings_, refusals_);
    MessageHandler messages(authenticator_, relay);
    std::vector<Answer<v1::SendResponse>> answers(all.size());
    {
      absl::MutexLock hold(&hold_commits_);
      for (size_t i = 0; i < all.size(); ++i) {
        const size_t before = watched_clock_.asked();
        messages.Send(all[i].first->call(), all[i].second, answers[i].Done());
        if (i < 2) watched_clock_.AwaitAsked(before);
      }
    }
    std::vector<absl::StatusOr<v1::SendResponse>> responses;
    for (auto& answer : answers) responses.push_back(answer.Wait());
    return responses;
  }
  // Whoever has read it since must repeat.
  void Rewrite(const std::string& key) { Put(key, **engine_->Get(key)); }
  void Limit(const TestAccount& account, uint32_t messages_an_hour) {
    storage::Enforcement limited;
    limited.number = 1;
    limited.messages_an_hour = messages_an_hour;
    auto transaction = engine_->Begin();
    storage::PutEnforcement(*transaction, account.uri, limited);
    ASSERT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
  }

  TestAccount carol_ = Register("carol");
  TestAccount dan_ = Register("dan");
  TestAccount eve_ = Register("eve");
  std::vector<v1::Room> rooms_;
  moderation::HookedEngine hooked_{*engine_};
  std::atomic<int> begun_{0};
};

// A conflict in one room does not stop the others, nor is anything accepted
// twice.
TEST_F(RelayHookTest, GoesOnRoomByRoomWhenSomethingHasChanged) {
  // The third transaction, that of the last three rooms, reads; meanwhile
  // somebody changes one of these.
  hooked_.after_get = [this] {
    if (begun_ == 3) Rewrite(storage::schema::RoomKey(rooms_[4].room_uri()));
  };
  auto responses = SendAll({{&alice_, To(0, alice_, "0")},
                            {&bob_, To(1, bob_, "1")},
                            {&carol_, To(2, carol_, "2")},
                            {&dan_, To(3, dan_, "3")},
                            {&eve_, To(4, eve_, "4")}});
  for (const auto& response : responses) {
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->accepted().sequence(), 1u);
  }
  EXPECT_EQ(begun_, 6) << "two alone, three together, and each of these apart";
  EXPECT_EQ(RowsWith('\x20'), 5u);
}

TEST_F(RelayHookTest, AnswersOthersWhileOneRoomConflictsAgainAndAgain) {
  const std::string restless = storage::schema::RoomKey(rooms_[4].room_uri());
  hooked_.after_get = [this, &restless] {
    if (begun_ >= 3) Rewrite(restless);
  };
  auto responses = SendAll({{&alice_, To(0, alice_, "0")},
                            {&bob_, To(1, bob_, "1")},
                            {&carol_, To(2, carol_, "2")},
                            {&dan_, To(4, dan_, "4")}});
  EXPECT_TRUE(responses[2].ok()) << responses[2].status();
  EXPECT_TRUE(absl::IsAborted(responses[3].status())) << "in the end";
  // Two alone, two together, the third apart, and the last as often as it may.
  EXPECT_EQ(begun_, 3 + 1 + static_cast<int>(limits::kMaxTransactionRetries));
}

TEST_F(RelayHookTest, OneIdInTwoRoomsConflictsWithNothing) {
  v1::SendRequest here = To(2, alice_, "here");
  v1::SendRequest there = To(3, alice_, "there");
  there.mutable_envelope()->set_message_id(here.envelope().message_id());
  auto responses = SendAll({{&alice_, To(0, alice_, "0")},
                            {&bob_, To(1, bob_, "1")},
                            {&alice_, here},
                            {&alice_, there}});
  EXPECT_TRUE(responses[2].ok() && responses[2]->has_accepted());
  EXPECT_THAT(responses[3].status(),
              FailsWith(absl::StatusCode::kAlreadyExists, "ID_CONFLICT"));
  EXPECT_EQ(begun_, 4) << "one after the other, none twice";
}

TEST_F(RelayHookTest, ALimitedAccountSpeaksInManyRoomsWithoutConflict) {
  Limit(alice_, 1000);
  hooked_.after_get = [this] {
    if (begun_ == 3) Rewrite(storage::schema::RoomKey(rooms_[4].room_uri()));
  };
  while (rooms_.size() < 20) {
    AddRoom();
  }
  std::vector<std::pair<TestAccount*, v1::SendRequest>> all{
      {&bob_, To(0, bob_, "0")}, {&carol_, To(1, carol_, "1")}};
  for (size_t room = 2; room < rooms_.size(); ++room) {
    all.emplace_back(&alice_, To(room, alice_, absl::StrCat(room)));
  }
  for (const auto& response : SendAll(all)) {
    EXPECT_TRUE(response.ok() && response->has_accepted()) << response.status();
  }
  EXPECT_EQ(begun_, 4) << "his rooms stay together when they go on apart";
}

TEST_F(RelayHookTest, CountsNothingOfWhatItRefuses) {
  Limit(alice_, 1);
  ASSERT_TRUE(Send(alice_.device(), To(0, alice_, "the one"))->has_accepted());
  std::atomic<int> written{0};
  auto watch = engine_->SetWatch(
      storage::KeyRange::Prefix(storage::schema::SendCountKey(alice_.uri)),
      [&written] { ++written; });
  auto responses = SendAll({{&bob_, To(1, bob_, "1")},
                            {&carol_, To(2, carol_, "2")},
                            {&alice_, To(3, alice_, "too many")},
                            {&bob_, To(4, bob_, "4")}});
  EXPECT_TRUE(responses[2]->has_refused());
  EXPECT_TRUE(responses[3]->has_accepted());
  EXPECT_EQ(written, 0);
}

TEST_F(RelayHookTest, LeavesToTheNextWhoseDevicesWouldBeTooMany) {
  std::vector<std::string> uris;
  for (size_t i = 0; i < limits::kMaxRoomMembers - 1; ++i) {
    uris.push_back(Register(absl::StrCat("person", i)).uri);
  }
  v1::Room group = CreateRoom(alice_, uris);
  std::vector<std::pair<TestAccount*, v1::SendRequest>> all{
      {&bob_, To(0, bob_, "0")}, {&carol_, To(1, carol_, "1")}};
  const size_t fit = limits::kMaxRelayBatchMembers / limits::kMaxRoomMembers;
  for (size_t i = 0; i < fit + 1; ++i) {
    // Without a wrap it is answered with the room's devices.
    v1::SendRequest request =
        Message(group.room_uri(), alice_.device(), {&alice_}, absl::StrCat(i));
    all.emplace_back(&alice_, std::move(request));
  }
  for (const auto& response : SendAll(all)) EXPECT_TRUE(response.ok());
  EXPECT_EQ(begun_, 4);
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
  // Refuses at once from now on.
  refusals_.LetGo();
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
    std::vector<uint64_t> have = {1, 2};
    if (&person == &people[7]) have.push_back(3);
    const storage::Acknowledgement all{device->mailbox, group.room_uri(), have};
    ASSERT_TRUE(storage::RunTransactionAndWait(
                    *engine_,
                    [&](storage::Transaction& transaction) {
                      return storage::Acknowledge(transaction, {&all});
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
